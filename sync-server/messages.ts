/**
 * Frames gathered into messages. What a turn of the event loop has to say to one client goes out as one WebSocket
 * message of many frames (docs/protocol/frames.md §1): after a group commit that is every acknowledgement and every
 * record at once, for the price of one. A large message waits for a turn of its own (turns.ts).
 */
import { MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE } from "../protocol/limits.ts";
import type { Turns } from "./turns.ts";

/** Sent at once: some 30 µs of work, so that two hundred of them in a row are still less than one fsync may take. */
const SMALL_BYTES = 16 * 1024;

export class Messages {
  readonly #sendMessage: (message: Uint8Array) => void;
  readonly #turns: Turns;
  #frames: Uint8Array[] = [];
  #bytes: number = 0;

  constructor(sendMessage: (message: Uint8Array) => void, turns: Turns) {
    this.#sendMessage = sendMessage;
    this.#turns = turns;
  }

  /** Bytes that wait to be sent. */
  get bytes(): number {
    return this.#bytes;
  }

  add(frame: Uint8Array): void {
    if (this.#frames.length === 0) process.nextTick(Messages.#endTurn, this);
    this.#frames.push(frame);
    this.#bytes += frame.length;
  }

  /** Everything, now. */
  flush(): void {
    while (this.#frames.length > 0) this.#sendOne();
  }

  /** Static, so that an idle connection holds no function of its own. */
  static #endTurn(messages: Messages): void {
    if (messages.#bytes <= SMALL_BYTES) messages.flush();
    else messages.#sendInTurn();
  }

  #sendInTurn(): void {
    this.#turns.add(() => {
      this.#sendOne();
      if (this.#frames.length > 0) this.#sendInTurn();
    });
  }

  #sendOne(): void {
    let bytes = 0;
    let count = 0;
    while (count < Math.min(this.#frames.length, MAX_FRAMES_PER_MESSAGE)) {
      const size = (this.#frames[count] as Uint8Array).length;
      if (count > 0 && bytes + size > MAX_FRAME_BYTES) break;
      bytes += size;
      count++;
    }
    if (count === 0) return;
    const frames = count === this.#frames.length ? this.#frames : this.#frames.splice(0, count);
    if (frames === this.#frames) this.#frames = [];
    this.#bytes -= bytes;
    this.#sendMessage(count === 1 ? (frames[0] as Uint8Array) : Buffer.concat(frames, bytes));
  }
}
