/**
 * Writing and reading the fixed layouts of crypto/. Integers are big-endian and unsigned; ids are 16 bytes.
 * A reader refuses anything that runs past the end or has bytes left over: every format has exactly one encoding.
 */
import { CryptoError } from "./errors.ts";
import { bytesToId } from "./ids.ts";
import { checkSize, KEY_BYTES } from "./sodium.ts";
import type { Key32 } from "./types.ts";

/** Gives bytes from a store their name back. @throws bad-size unless exactly 32 bytes */
export function asKey<Name extends Key32>(bytes: Uint8Array): Name {
  checkSize(bytes, KEY_BYTES, "key");
  return bytes as Name;
}

/** One after the other, a copy. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** One byte. */
export function u8(value: number): Uint8Array {
  checkInteger(value, 0xff);
  return Uint8Array.of(value);
}

/** Two bytes, big-endian. */
export function u16(value: number): Uint8Array {
  checkInteger(value, 0xffff);
  return Uint8Array.of(value >>> 8, value);
}

/** Four bytes, big-endian. */
export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  putU32(bytes, 0, value);
  return bytes;
}

/** The same into `bytes` from `at` on. */
export function putU32(bytes: Uint8Array, at: number, value: number): void {
  checkInteger(value, 0xffff_ffff);
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Eight bytes, big-endian; epochs, counters and numbers, which JavaScript keeps exactly up to 2^53 − 1. */
export function u64(value: number): Uint8Array {
  checkInteger(value, Number.MAX_SAFE_INTEGER);
  const bytes = new Uint8Array(8);
  putU32(bytes, 0, Math.floor(value / 2 ** 32));
  putU32(bytes, 4, value % 2 ** 32);
  return bytes;
}

/** A length as u32, then the bytes: so that two neighbours can't trade bytes. */
export function prefixed(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(4 + bytes.length);
  putU32(whole, 0, bytes.length);
  whole.set(bytes, 4);
  return whole;
}

function checkInteger(value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new CryptoError("bad-size", `expected a whole number from 0 to ${most}`);
  }
}

/** Made once: every row's name and every row goes through them. Neither keeps anything from one call to the next. */
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Asking the platform costs 0.4 µs whatever the length: more than writing down a label, a table's name or an id. */
const MAX_WRITTEN_DOWN = 96;

export function utf8(text: string): Uint8Array {
  if (text.length > MAX_WRITTEN_DOWN) return encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return encoder.encode(text);
    bytes[at] = unit;
  }
  return bytes;
}

/** Refuses what is not UTF-8. @throws bad-format */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new CryptoError("bad-format", "text is not UTF-8");
  }
}

export class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A view, not a copy. @throws bad-format when fewer are left */
  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new CryptoError("bad-format", "ends too early");
    const part = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return part;
  }

  u8(): number {
    return this.#uint(1);
  }

  u16(): number {
    return this.#uint(2);
  }

  u32(): number {
    return this.#uint(4);
  }

  u64(): number {
    const value = this.#uint(8);
    if (value > Number.MAX_SAFE_INTEGER) throw new CryptoError("bad-format", "number over 2^53 - 1");
    return value;
  }

  id<Name extends string>(): Name {
    return bytesToId<Name>(this.take(16));
  }

  prefixed(): Uint8Array {
    return this.take(this.u32());
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#offset);
  }

  /** @throws bad-format when bytes are left over */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw new CryptoError("bad-format", "bytes left over");
  }

  /** Read where it stands: three of these come with every row and ten with every record. */
  #uint(length: number): number {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new CryptoError("bad-format", "ends too early");
    let value = 0;
    for (let at = this.#offset; at < end; at++) value = value * 256 + (this.#bytes[at] as number);
    this.#offset = end;
    return value;
  }
}

/** Reads the leading version byte. @throws unknown-version */
export function readVersion(reader: Reader, known: number): void {
  if (reader.u8() !== known) throw new CryptoError("unknown-version", `expected version ${known}`);
}
