/**
 * Frames gathered into messages. What a turn of the event loop has to say to one client goes out as one WebSocket
 * message of many frames (docs/protocol/frames.md §1): after a group commit that is every acknowledgement and every
 * record at once, for the price of one.
 */
import { MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE } from "../protocol/limits.ts";

export class Messages {
  readonly #sendMessage: (message: Uint8Array) => void;
  #frames: Uint8Array[] = [];
  #bytes: number = 0;
  readonly #flush = (): void => this.flush();

  constructor(sendMessage: (message: Uint8Array) => void) {
    this.#sendMessage = sendMessage;
  }

  /** Bytes that wait for the end of the turn. */
  get bytes(): number {
    return this.#bytes;
  }

  add(frame: Uint8Array): void {
    if (this.#bytes + frame.length > MAX_FRAME_BYTES || this.#frames.length === MAX_FRAMES_PER_MESSAGE) this.flush();
    if (this.#frames.length === 0) process.nextTick(this.#flush);
    this.#frames.push(frame);
    this.#bytes += frame.length;
  }

  flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    const message = frames.length === 1 ? (frames[0] as Uint8Array) : Buffer.concat(frames, this.#bytes);
    this.#frames = [];
    this.#bytes = 0;
    this.#sendMessage(message);
  }
}
