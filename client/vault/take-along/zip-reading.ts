/**
 * Files of a zip, one after the other as they stand in it, out of a stream: so that one sealed with words is read as it is
 * opened, and nothing opened ever lies on a disk. What is given out is counted against what the list said and against the
 * CRC-32; a file that doesn't hold it fails when its end is reached, and until then no one has used it.
 */
import { Inflate } from "fflate";
import { ArchiveError } from "./archive-errors.ts";
import { HEAD_BYTES, type ZipEntry } from "./zip-directory.ts";

const HEAD_SIGNATURE = 0x04034b50;

export interface ZipFile {
  readonly entry: ZipEntry;
  /** To be read before the next file; left out, it is passed over. @throws ArchiveError archive-damaged */
  content(): AsyncGenerator<Uint8Array>;
}

/** @param entries in the order in which they stand (readZipDirectory). `from`: the place of the stream's first byte. */
export async function* filesOf(
  stream: ReadableStream<Uint8Array>,
  entries: readonly ZipEntry[],
  from = 0,
): AsyncGenerator<ZipFile> {
  const cutter = new Cutter(stream, from);
  try {
    for (const entry of entries) {
      await cutter.skipTo(entry.at);
      const head = await cutter.exactly(HEAD_BYTES);
      const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
      if (view.getUint32(0, true) !== HEAD_SIGNATURE) throw new ArchiveError("archive-damaged");
      await cutter.skipTo(cutter.at + view.getUint16(26, true) + view.getUint16(28, true));
      const end = cutter.at + entry.packed;
      yield { entry, content: () => contentOf(cutter.until(end), entry) };
      await cutter.skipTo(end);
    }
  } finally {
    await cutter.cancel();
  }
}

async function* contentOf(packed: AsyncGenerator<Uint8Array>, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let crc = 0;
  let bytes = 0;
  for await (const piece of entry.deflated ? inflated(packed) : packed) {
    bytes += piece.length;
    if (bytes > entry.bytes) throw new ArchiveError("archive-damaged");
    crc = crc32(piece, crc);
    yield piece;
  }
  if (bytes !== entry.bytes || crc !== entry.crc) throw new ArchiveError("archive-damaged");
}

/** Packed bytes given to the unpacker at once: of a bomb come at most a thousand times as many before they are counted. */
const PACKED_AT_ONCE = 2 * 1024;

async function* inflated(packed: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const inflate = new Inflate((bytes) => ready.push(bytes));
  const push = (bytes: Uint8Array, isLast: boolean): Uint8Array[] => {
    try {
      inflate.push(bytes, isLast);
    } catch {
      throw new ArchiveError("archive-damaged");
    }
    const given = ready;
    ready = [];
    return given;
  };
  for await (const piece of packed) {
    for (let at = 0; at < piece.length; at += PACKED_AT_ONCE)
      yield* push(piece.subarray(at, at + PACKED_AT_ONCE), false);
  }
  yield* push(new Uint8Array(), true);
}

/** A stream by places. @throws ArchiveError archive-damaged where it ends before */
class Cutter {
  at: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #held: Uint8Array = new Uint8Array();

  constructor(stream: ReadableStream<Uint8Array>, from: number) {
    this.#reader = stream.getReader();
    this.at = from;
  }

  async *until(end: number): AsyncGenerator<Uint8Array> {
    while (this.at < end) {
      if (this.#held.length === 0) await this.#more();
      const piece = this.#held.subarray(0, end - this.at);
      this.#held = this.#held.subarray(piece.length);
      this.at += piece.length;
      yield piece;
    }
  }

  async skipTo(place: number): Promise<void> {
    if (place < this.at) throw new ArchiveError("archive-damaged");
    for await (const _ of this.until(place));
  }

  async exactly(length: number): Promise<Uint8Array> {
    const whole = new Uint8Array(length);
    let filled = 0;
    for await (const piece of this.until(this.at + length)) {
      whole.set(piece, filled);
      filled += piece.length;
    }
    return whole;
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) throw new ArchiveError("archive-damaged");
    this.#held = value;
  }
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** CRC-32 (ISO 3309) going on from `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  for (const byte of bytes) sum = (CRC_TABLE[(sum ^ byte) & 255] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}
