/**
 * The few primitives all frames are made of, over lib0, read strictly: one way to write each value, every size checked
 * before anything is copied, and any deviation is the one error `bad-frame`.
 *
 * u      variable-length unsigned integer as lib0 writes it: 7 bits a byte, lowest first, at most 2^53 − 1, no padding
 * b      one byte
 * id     16 raw bytes ↔ 32 lower-case hex digits
 * raw n  n bytes
 * bytes  u length, then that many bytes
 *
 * Each `write…` throws bad-frame for a value that its layout can't carry, each `read…` for bytes it doesn't allow, and both
 * where `max` (of the value, the bytes or the items) is passed.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { ProtocolError } from "./errors.ts";
import type { RecordKind, Right } from "./frames.ts";

export type Writer = encoding.Encoder;
export type Reader = decoding.Decoder;

const ID_BYTES = 16;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function bad(what: string): ProtocolError {
  return new ProtocolError("bad-frame", what);
}

/** Lower-case hex of any bytes. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += HEX[byte];
  return hex;
}

/** Character codes of one id, filled anew each time: an id is read and written several times per record. */
const idCodes: number[] = Array.from({ length: 2 * ID_BYTES }, () => 0);
const HEX_CODES = Array.from({ length: 16 }, (_, value) => value.toString(16).charCodeAt(0));

/** Value of a lower-case hex digit by its character code, 255 for every other. */
const DIGITS = new Uint8Array(128).fill(255);
for (let value = 0; value < 16; value++) DIGITS[value.toString(16).charCodeAt(0)] = value;

/** Opposite of `bytesToHex`. @throws bad-frame unless exactly `size` bytes of lower-case hex. */
export function hexToBytes(hex: string, size: number): Uint8Array {
  if (hex.length !== size * 2) throw bad("id");
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const high = DIGITS[hex.charCodeAt(2 * i)] ?? 255;
    const low = DIGITS[hex.charCodeAt(2 * i + 1)] ?? 255;
    if ((high | low) > 15) throw bad("id");
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

/**
 * Where small things are written before they are copied out at their size; larger ones get a buffer of their own. The
 * writer is kept too: a new one costs an allocation, which for an acknowledgement is more than all of its bytes.
 */
const SCRATCH_BYTES = 4096;
const scratch = new Uint8Array(SCRATCH_BYTES);
let idleWriter: Writer | null = encoding.createEncoder();

/** Bytes written by `write`. `expectedBytes`: about how many there will be, so that the buffer needn't grow. */
export function encodeWith(write: (writer: Writer) => void, expectedBytes = 100): Uint8Array {
  const lent = expectedBytes <= SCRATCH_BYTES ? idleWriter : null;
  if (lent === null) {
    const writer = encoding.createEncoder();
    if (expectedBytes > writer.cbuf.length) writer.cbuf = new Uint8Array(expectedBytes);
    write(writer);
    return writer.bufs.length > 0 ? encoding.toUint8Array(writer) : writer.cbuf.subarray(0, writer.cpos);
  }
  idleWriter = null; // Whoever encodes while encoding gets one of its own.
  lent.cbuf = scratch;
  lent.cpos = 0;
  try {
    write(lent);
    return lent.bufs.length > 0 ? encoding.toUint8Array(lent) : scratch.slice(0, lent.cpos);
  } finally {
    lent.bufs = [];
    idleWriter = lent;
  }
}

/** What `read` makes of all of `bytes`. @throws bad-frame when something is left over or anything is off. */
export function decodeWith<T>(bytes: Uint8Array, maxBytes: number, read: (reader: Reader) => T): T {
  const [value, ...more] = decodeAllWith(bytes, maxBytes, 1, read);
  if (value === undefined || more.length > 0) throw bad("end");
  return value;
}

/** As many as stand one after another in `bytes`, at least one. @throws bad-frame, also for more than `maxCount` */
export function decodeAllWith<T>(
  bytes: Uint8Array,
  maxBytes: number,
  maxCount: number,
  read: (reader: Reader) => T,
): T[] {
  if (bytes.length > maxBytes) throw bad("size");
  const reader = decoding.createDecoder(bytes);
  const values: T[] = [];
  try {
    do values.push(read(reader));
    while (reader.pos < bytes.length && values.length < maxCount);
  } catch (error) {
    throw error instanceof ProtocolError ? error : bad("end"); // lib0 throws its own on a short or oversized read
  }
  if (reader.pos !== bytes.length) throw bad("left over");
  return values;
}

export function writeU(writer: Writer, value: number, max = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) throw bad("integer");
  encoding.writeVarUint(writer, value);
}

export function readU(reader: Reader, max = Number.MAX_SAFE_INTEGER): number {
  const start = reader.pos;
  const value = decoding.readVarUint(reader);
  const padded = reader.pos - start > 1 && reader.arr[reader.pos - 1] === 0;
  if (padded || value > max) throw bad("integer");
  return value;
}

export function writeB(writer: Writer, value: number): void {
  encoding.writeUint8(writer, value);
}

export function readB(reader: Reader): number {
  const byte = reader.arr[reader.pos];
  if (byte === undefined) throw bad("end");
  reader.pos++;
  return byte;
}

export function readBoolean(reader: Reader): boolean {
  const value = readB(reader);
  if (value > 1) throw bad("boolean");
  return value === 1;
}

/** A view of what was read since `start`. */
export const readAgain = ({ arr, pos }: Reader, start: number): Uint8Array =>
  new Uint8Array(arr.buffer, arr.byteOffset + start, pos - start); // `subarray` of a Buffer makes a Buffer, which costs more

/** A view into the frame: for what is turned into something else at once, or used up before the frame goes. */
export function readRawView(reader: Reader, size: number): Uint8Array {
  if (reader.arr.length - reader.pos < size) throw bad("end");
  return decoding.readUint8Array(reader, size);
}

/** `size` bytes of their own, not a view into the frame, so that they may be kept and transferred. */
export function readRaw(reader: Reader, size: number): Uint8Array {
  return readRawView(reader, size).slice();
}

export function writeRaw(writer: Writer, bytes: Uint8Array, size: number): void {
  if (bytes.length !== size) throw bad("size");
  encoding.writeUint8Array(writer, bytes);
}

export function writeBytes(writer: Writer, bytes: Uint8Array, max: number): void {
  if (bytes.length > max) throw bad("size");
  encoding.writeVarUint8Array(writer, bytes);
}

export function readBytes(reader: Reader, max: number): Uint8Array {
  return readRaw(reader, readU(reader, max));
}

export function writeId(writer: Writer, id: string): void {
  if (id.length !== 2 * ID_BYTES) throw bad("id");
  encoding.verifyLen(writer, ID_BYTES);
  const { cbuf, cpos } = writer;
  for (let i = 0; i < ID_BYTES; i++) {
    const high = DIGITS[id.charCodeAt(2 * i)] ?? 255;
    const low = DIGITS[id.charCodeAt(2 * i + 1)] ?? 255;
    if ((high | low) > 15) throw bad("id");
    cbuf[cpos + i] = high * 16 + low;
  }
  writer.cpos = cpos + ID_BYTES;
}

/** The brand is given by the field it is read for. */
export function readId<Id extends string>(reader: Reader): Id {
  const { arr, pos } = reader;
  if (arr.length - pos < ID_BYTES) throw bad("end");
  for (let i = 0; i < ID_BYTES; i++) {
    const byte = arr[pos + i] as number;
    idCodes[2 * i] = HEX_CODES[byte >> 4] as number;
    idCodes[2 * i + 1] = HEX_CODES[byte & 15] as number;
  }
  reader.pos = pos + ID_BYTES;
  return String.fromCharCode.apply(null, idCodes) as Id;
}

export function writeOptionalId(writer: Writer, id: string | null): void {
  writeB(writer, id === null ? 0 : 1);
  if (id !== null) writeId(writer, id);
}

export function readOptionalId<Id extends string>(reader: Reader): Id | null {
  return readBoolean(reader) ? readId<Id>(reader) : null;
}

export function writeOptionalU(writer: Writer, value: number | null): void {
  writeB(writer, value === null ? 0 : 1);
  if (value !== null) writeU(writer, value);
}

export function readOptionalU(reader: Reader): number | null {
  return readBoolean(reader) ? readU(reader) : null;
}

export function writeList<T>(writer: Writer, items: readonly T[], max: number, write: (item: T) => void): void {
  if (items.length > max) throw bad("list");
  writeU(writer, items.length);
  for (const item of items) write(item);
}

export function readList<T>(reader: Reader, max: number, read: () => T): T[] {
  const count = readU(reader, max);
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}

const KINDS: readonly RecordKind[] = ["update", "snapshot", "said", "control", "void"];
const RIGHTS: readonly Right[] = ["read", "write", "own"];

/** Wire 1..5. */
export function kindToWire(kind: RecordKind): number {
  return KINDS.indexOf(kind) + 1;
}

/** @throws bad-frame for a number that is no kind. */
export function wireToKind(wire: number): RecordKind {
  const kind = KINDS[wire - 1];
  if (kind === undefined) throw bad("kind");
  return kind;
}

/** Wire 1..3, higher may do more. */
export function rightToWire(right: Right): number {
  return RIGHTS.indexOf(right) + 1;
}

/** @throws bad-frame for a number that is no right. */
export function wireToRight(wire: number): Right {
  const right = RIGHTS[wire - 1];
  if (right === undefined) throw bad("right");
  return right;
}
