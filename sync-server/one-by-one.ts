/**
 * Runs reads one after another, each in a turn of its own, and only while the client takes what it is sent. A page is a
 * quarter of a megabyte: a client that asks for thousands at once must not make us hold thousands.
 */
import type { Turns } from "./turns.ts";

export class OneByOne {
  readonly #isHeldBack: () => boolean;
  readonly #max: number;
  readonly #turns: Turns;
  #waiting: (() => Promise<void>)[] = [];
  #isRunning: boolean = false;

  /** `max`: reads that may wait at a time. */
  constructor(max: number, turns: Turns, isHeldBack: () => boolean) {
    this.#max = max;
    this.#turns = turns;
    this.#isHeldBack = isHeldBack;
  }

  /** False when too many wait already; `read` must not reject. */
  add(read: () => Promise<void>): boolean {
    if (this.#waiting.length >= this.#max) return false;
    this.#waiting.push(read);
    this.resume();
    return true;
  }

  /** After the client has taken some. */
  resume(): void {
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0 && !this.#isHeldBack()) {
      await this.#turns.next();
      if (this.#isHeldBack()) break;
      await this.#waiting.shift()?.();
    }
    this.#isRunning = false;
  }

  clear(): void {
    this.#waiting = [];
  }
}
