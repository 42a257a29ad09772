/**
 * Reads one direction of a captured WebSocket connection (RFC 6455): unmasks, reassembles fragments, and keeps control
 * frames apart. Fed with whatever pieces TCP delivers.
 *
 * What can't be read is never dropped in silence: reserved bits (compression), a stray continuation or an unknown
 * opcode is a fault with a name, because a scan of a stream nobody understood would prove nothing.
 */
export interface Message {
  readonly kind: "text" | "binary" | "close" | "ping" | "pong";
  /** Payload after unmasking, all fragments together. */
  readonly bytes: Uint8Array;
  /** How many frames it travelled in. */
  readonly frames: number;
}

const KINDS: Readonly<Record<number, Message["kind"]>> = { 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong" };
const CONTINUATION = 0;

export class FrameReader {
  #pending: Uint8Array = new Uint8Array(0);
  #open: { readonly kind: Message["kind"]; readonly parts: Uint8Array[] } | null = null;
  #fault: string | null = null;

  /** Takes the next bytes of the stream and returns the messages that are now complete. */
  push(bytes: Uint8Array): readonly Message[] {
    this.#pending = join([this.#pending, bytes]);
    const messages: Message[] = [];
    for (let message = this.#next(); message !== "wait"; message = this.#next()) {
      if (message) messages.push(message);
    }
    return messages;
  }

  /** Why the stream could not be read on, or null. Nothing after a fault is decoded. */
  fault(): string | null {
    return this.#fault;
  }

  /** Bytes that arrived but don't make a whole message (yet), unmasked only where a frame was complete. */
  rest(): Uint8Array {
    return join([...(this.#open?.parts ?? []), this.#pending]);
  }

  #next(): Message | null | "wait" {
    if (this.#fault) return "wait";
    const frame = readFrame(this.#pending);
    if (!frame) return "wait";
    if (frame.reserved !== 0) return this.#stop("reserved bits are set: compressed or unknown extension");
    this.#pending = this.#pending.subarray(frame.length);
    if (frame.opcode === CONTINUATION) {
      if (!this.#open) return this.#stop("a continuation without a beginning");
      this.#open.parts.push(frame.payload);
      return frame.last ? this.#close() : null;
    }
    const kind = KINDS[frame.opcode];
    if (!kind) return this.#stop(`unknown opcode ${frame.opcode}`);
    // Control frames may stand between the fragments of a message and are never fragmented themselves.
    if (frame.opcode >= 8) return { kind, bytes: frame.payload, frames: 1 };
    if (this.#open) return this.#stop("a new message inside an unfinished one");
    this.#open = { kind, parts: [frame.payload] };
    return frame.last ? this.#close() : null;
  }

  #close(): Message | "wait" {
    const open = this.#open;
    this.#open = null;
    return open ? { kind: open.kind, bytes: join(open.parts), frames: open.parts.length } : "wait";
  }

  #stop(fault: string): "wait" {
    this.#fault = fault;
    return "wait";
  }
}

interface Frame {
  readonly last: boolean;
  readonly reserved: number;
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** Bytes of the whole frame, header included. */
  readonly length: number;
}

/** The first frame in `bytes`, or null when it isn't whole yet. */
function readFrame(bytes: Uint8Array): Frame | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  let size = second & 0x7f;
  if (size === 126) {
    if (bytes.length < 4) return null;
    size = view.getUint16(2);
    at = 4;
  } else if (size === 127) {
    if (bytes.length < 10) return null;
    size = Number(view.getBigUint64(2));
    at = 10;
  }
  const masked = (second & 0x80) !== 0;
  const keyAt = at;
  if (masked) at += 4;
  if (bytes.length < at + size) return null;
  const payload = bytes.slice(at, at + size);
  if (masked) for (let i = 0; i < size; i += 1) payload[i] = (payload[i] ?? 0) ^ (bytes[keyAt + (i & 3)] ?? 0);
  return { last: (first & 0x80) !== 0, reserved: first & 0x70, opcode: first & 0x0f, payload, length: at + size };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
