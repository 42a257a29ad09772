/**
 * Bytes of the HTTP bodies that are not plain ciphertext. Spec: docs/protocol/http.md. Read as strictly as frames.
 *
 * create space   version b (1) · space id · kind b (1 pocket, 2 space) · keys · wraps
 * offer token    the creation token as the organisation gave it: 1 … 64 letters of base64url
 * room           version b (1) · bytes used u · quota u · most u · b 1 where an offered token lies unspent still, else 0
 * commit blob    list of SHA-256, one raw 32 per chunk, in order
 * poll, up       list of bytes, each one client frame
 * poll, down     close code u (0: goes on) · list of bytes, each one server frame
 * missing        list of chunk indexes u, ascending
 *
 * Each `encode…` throws bad-frame for what its layout can't carry.
 */
import { ProtocolError } from "./errors.ts";
import type { CreateSpace, Raised } from "./http.ts";
import { MAX_CHUNKS_PER_BLOB, MAX_FRAME_BYTES, MAX_POLL_BYTES, MAX_POLL_FRAMES } from "./limits.ts";
import { readKeys, readWraps, writeKeys, writeWraps } from "./shapes.ts";
import {
  decodeWith,
  encodeWith,
  readB,
  readBytes,
  readId,
  readList,
  readRaw,
  readU,
  writeB,
  writeBytes,
  writeId,
  writeList,
  writeRaw,
  writeU,
} from "./wire.ts";

const VERSION = 1;
const KINDS = ["pocket", "space"] as const;
const HASH_BYTES = 32;

export function encodeCreateSpace(create: CreateSpace): Uint8Array {
  return encodeWith((writer) => {
    writeB(writer, VERSION);
    writeId(writer, create.space);
    writeB(writer, KINDS.indexOf(create.kind) + 1);
    writeKeys(writer, create.keys);
    writeWraps(writer, create.wraps);
  });
}

/** @throws bad-frame */
export function decodeCreateSpace(bytes: Uint8Array): CreateSpace {
  return decodeWith(bytes, MAX_FRAME_BYTES, (reader) => {
    if (readB(reader) !== VERSION) throw new ProtocolError("bad-frame", "version");
    const space: CreateSpace["space"] = readId(reader);
    const kind = KINDS[readB(reader) - 1];
    if (kind === undefined) throw new ProtocolError("bad-frame", "kind");
    return { space, kind, keys: readKeys(reader), wraps: readWraps(reader) };
  });
}

const TOKEN = /^[\w-]{1,64}$/;

/** Longest a creation token may be, in bytes. */
export const MAX_TOKEN_BYTES = 64;

/** Whether it looks like one; only the server knows whether it is. */
export const isCreationToken = (text: string): boolean => TOKEN.test(text);

export const encodeTokenOffer = (token: string): Uint8Array => new TextEncoder().encode(token);

/** @throws bad-frame for what can be no token */
export function decodeTokenOffer(bytes: Uint8Array): string {
  const token = bytes.length > MAX_TOKEN_BYTES ? "" : new TextDecoder().decode(bytes);
  if (!isCreationToken(token)) throw new ProtocolError("bad-frame", "token");
  return token;
}

export function encodeRoom({ bytes, quota, most, unspent }: Raised): Uint8Array {
  return encodeWith((writer) => {
    writeB(writer, VERSION);
    writeU(writer, bytes);
    writeU(writer, quota);
    writeU(writer, most);
    writeB(writer, unspent ? 1 : 0);
  });
}

const MAX_ROOM_BYTES = 64;

/** @throws bad-frame */
export function decodeRoom(body: Uint8Array): Raised {
  return decodeWith(body, MAX_ROOM_BYTES, (reader) => {
    if (readB(reader) !== VERSION) throw new ProtocolError("bad-frame", "version");
    const [bytes, quota, most] = [readU(reader), readU(reader), readU(reader)];
    const unspent = readB(reader);
    if (unspent > 1) throw new ProtocolError("bad-frame", "token");
    return { bytes, quota, most, unspent: unspent === 1 };
  });
}

/** `hashes`: SHA-256 (32 bytes) of each sealed chunk, in order; their number is the number of chunks. */
export function encodeBlobCommit(hashes: readonly Uint8Array[]): Uint8Array {
  return encodeWith((writer) =>
    writeList(writer, hashes, MAX_CHUNKS_PER_BLOB, (hash) => writeRaw(writer, hash, HASH_BYTES)),
  );
}

/** @throws bad-frame, also for a blob without chunks */
export function decodeBlobCommit(bytes: Uint8Array): Uint8Array[] {
  return decodeWith(bytes, MAX_CHUNKS_PER_BLOB * HASH_BYTES + 8, (reader) => {
    const hashes = readList(reader, MAX_CHUNKS_PER_BLOB, () => readRaw(reader, HASH_BYTES));
    if (hashes.length === 0) throw new ProtocolError("bad-frame", "no chunks");
    return hashes;
  });
}

/**
 * What goes up in one poll. With frames, `number` counts such requests of the connection, from 1; without, it is how many
 * answers with frames have come down. So the same request may come twice.
 */
export interface PollUp {
  readonly number: number;
  readonly frames: readonly Uint8Array[];
}

export function encodePollUp({ number, frames }: PollUp): Uint8Array {
  return encodeWith((writer) => {
    writeU(writer, number);
    writeList(writer, frames, MAX_POLL_FRAMES, (frame) => writeBytes(writer, frame, MAX_FRAME_BYTES));
  });
}

/** @throws bad-frame; the frames themselves are decoded by whoever gets them */
export function decodePollUp(bytes: Uint8Array): PollUp {
  return decodeWith(bytes, MAX_POLL_BYTES, (reader) => ({
    number: readU(reader),
    frames: readList(reader, MAX_POLL_FRAMES, () => readBytes(reader, MAX_FRAME_BYTES)),
  }));
}

/** Frames that come down; `close` other than 0 is the close code of the connection, which is over then. */
export interface PollDown {
  readonly close: number;
  readonly frames: readonly Uint8Array[];
}

export function encodePollDown({ close, frames }: PollDown): Uint8Array {
  return encodeWith((writer) => {
    writeU(writer, close);
    writeList(writer, frames, MAX_POLL_FRAMES, (frame) => writeBytes(writer, frame, MAX_FRAME_BYTES));
  });
}

/** @throws bad-frame */
export function decodePollDown(bytes: Uint8Array): PollDown {
  return decodeWith(bytes, MAX_POLL_BYTES, (reader) => ({
    close: readU(reader, 4999),
    frames: readList(reader, MAX_POLL_FRAMES, () => readBytes(reader, MAX_FRAME_BYTES)),
  }));
}

export function encodeMissing(indexes: readonly number[]): Uint8Array {
  return encodeWith((writer) => writeList(writer, indexes, MAX_CHUNKS_PER_BLOB, (index) => writeU(writer, index)));
}

/** @throws bad-frame */
export function decodeMissing(bytes: Uint8Array): number[] {
  return decodeWith(bytes, MAX_FRAME_BYTES, (reader) =>
    readList(reader, MAX_CHUNKS_PER_BLOB, () => readU(reader, MAX_CHUNKS_PER_BLOB - 1)),
  );
}
