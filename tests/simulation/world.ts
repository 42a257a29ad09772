/** Time and chance of a simulation: one seed, one order of events, always the same. */
import { setImmediate } from "node:timers";
import type { Clock } from "../../client/vault/ports.ts";

/** mulberry32: small, even enough, and the same everywhere. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/** Whoever only gives others a turn gets one: no real millisecond passes, and the order stays the seed's. */
const realTimeout = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (call: () => void, ms?: number, ...rest: unknown[]) =>
    ms === 0 ? (setImmediate(call) as unknown as NodeJS.Timeout) : realTimeout(call, ms, ...rest),
  realTimeout,
) as typeof setTimeout;

const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class World {
  readonly random: () => number;
  readonly clock: Clock;
  /** Frames go through the real codec. */
  readonly coded: boolean;
  #now = 1_700_000_000_000;
  #timers: Timer[] = [];
  #order = 0;
  /** Works for which time stands still. */
  #still = 0;

  constructor(seed: number) {
    this.coded = seed % 10 === 0;
    this.random = createRandom(seed);
    this.clock = { now: () => this.#now, after: (ms, call) => this.after(ms, call) };
  }

  get now(): number {
    return this.#now;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  /** 16 bytes as hex. */
  id<Id extends string>(): Id {
    return Array.from({ length: 32 }, () => Math.floor(this.random() * 16).toString(16)).join("") as Id;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, order: this.#order++, call };
    this.#timers.push(timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at !== -1) this.#timers.splice(at, 1);
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets time pass until `work` is done, at most a minute of it. */
  async until<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const end = (): void => {
      over = true;
    };
    work.then(end, end);
    for (let passed = 0; passed < 60_000; passed += 5) {
      await this.run(5);
      if (over) return work;
    }
    throw new Error("something never ends");
  }

  /** No time passes until `work` is done: for what waits for something outside of this world, such as a database. */
  async standStill<T>(work: () => Promise<T>): Promise<T> {
    this.#still++;
    try {
      return await work();
    } finally {
      this.#still--;
    }
  }

  /** Lets `ms` pass, event by event. */
  async run(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      do await microtasks();
      while (this.#still > 0);
      let next: Timer | null = null;
      for (const timer of this.#timers) {
        if (timer.at > end) continue;
        if (next === null || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
      }
      if (next === null) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.at);
      next.call();
    }
    this.#now = end;
  }
}
