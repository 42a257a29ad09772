/**
 * Blobs: photos, voice and video in sealed chunks, each bound to its blob, its position and whether it is the last.
 *
 * A sealed chunk:
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 24 | nonce, made here (aead.ts) |
 * | 25 | 32 | commitment |
 * | 57 | 4 + s | ciphertext of u32 content length ‖ content ‖ zeros, s = the chunk's space |
 * | 61 + s | 16 | tag |
 *
 * Content is cut into pieces of BLOB_CHUNK_BYTES; all together it is padded to t = Padmé(content length), at least
 * 1024, and cut into ceil(t / BLOB_CHUNK_BYTES) chunks. Every chunk but the last has s = BLOB_CHUNK_BYTES, the last
 * what remains of t. So sizes and number of chunks follow from t alone. A chunk after the content's end carries 0 bytes.
 * Key: the blob's own random key, label "lomme/1/blob-key/chunk". Bound: version u8, blob 16, index u32, last u8 (0, 1).
 * Random access: byte o of the content stands in chunk floor(o / BLOB_CHUNK_BYTES); who asks must know which is last
 * (the record that carries the key says how long the content is).
 * Truncated, reordered, doubled, spliced, extended: the chunk does not open and nothing of it is given out.
 * Chunk size by measurement: docs/protocol/blobs.md §5. Failures: does-not-open, unknown-version, too-long.
 */
import { openWith, SEAL_OVERHEAD_BYTES, seal } from "./aead.ts";
import { concat, u8, u32 } from "./bytes.ts";
import { CryptoError, doesNotOpen } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { LENGTH_BYTES, paddedBytes, padTo, unpad } from "./padding.ts";
import { KEY_BYTES, memzero, randomBytes } from "./sodium.ts";
import type { BlobId, BlobKey, SealedChunk } from "./types.ts";

const VERSION = 1;
const MIN_PADDED_BLOB_BYTES = 1024;
/** Content bytes of a full chunk. */
export const BLOB_CHUNK_BYTES = 128 * 1024;
export const BLOB_CHUNK_OVERHEAD_BYTES = 1 + SEAL_OVERHEAD_BYTES + LENGTH_BYTES;
/** The largest sealed chunk there is. */
export const MAX_SEALED_CHUNK_BYTES = BLOB_CHUNK_BYTES + BLOB_CHUNK_OVERHEAD_BYTES;

/** 32 random bytes. */
export const createBlobKey = (): BlobKey => randomBytes(KEY_BYTES) as BlobKey;

/** How many chunks a content of `length` bytes has. */
export const blobChunks = (length: number): number => Math.ceil(paddedBlobBytes(length) / BLOB_CHUNK_BYTES);

/** Bytes that a content of `length` bytes takes when sealed, all chunks together. */
export const sealedBlobBytes = (length: number): number =>
  paddedBlobBytes(length) + blobChunks(length) * BLOB_CHUNK_OVERHEAD_BYTES;

/** Seals one piece into a chunk with room for `space` content bytes (the rest is zeros). Nonce made inside.
 * Callers that don't stream use `sealBlob`. @throws too-long, bad-size, bad-format */
export function sealBlobChunk(
  key: BlobKey,
  blob: BlobId,
  index: number,
  isFinal: boolean,
  content: Uint8Array,
  space = BLOB_CHUNK_BYTES,
): SealedChunk {
  if (content.length > space || space > BLOB_CHUNK_BYTES) throw new CryptoError("too-long", "piece over its chunk");
  const padded = padTo(content, LENGTH_BYTES + space);
  return seal(key, LABELS.blobChunk, boundPlace(blob, index, isFinal), padded, u8(VERSION)) as SealedChunk;
}

/** The content of one chunk. @throws does-not-open, unknown-version, bad-format, bad-size */
export const openBlobChunk = (
  key: BlobKey,
  blob: BlobId,
  index: number,
  isFinal: boolean,
  sealed: SealedChunk,
): Uint8Array => openChunkWith(key, blob, index, isFinal, sealed, copied);

const copied = (content: Uint8Array): Uint8Array => content.slice();

/** Gives the content to `take`, as a view that is wiped when it returns. */
function openChunkWith<Taken>(
  key: BlobKey,
  blob: BlobId,
  index: number,
  isFinal: boolean,
  sealed: SealedChunk,
  take: (content: Uint8Array) => Taken,
): Taken {
  if (sealed[0] !== VERSION) throw new CryptoError("unknown-version", `expected version ${VERSION}`);
  if (sealed.length > MAX_SEALED_CHUNK_BYTES) throw doesNotOpen();
  const bound = boundPlace(blob, index, isFinal);
  return openWith(key, LABELS.blobChunk, bound, sealed.subarray(1), (padded) => take(unpad(padded)));
}

/** All chunks of a content that is in memory. @throws bad-size, bad-format */
export function sealBlob(key: BlobKey, blob: BlobId, content: Uint8Array): SealedChunk[] {
  const last = blobChunks(content.length) - 1;
  return Array.from({ length: last + 1 }, (_, index) => {
    const start = index * BLOB_CHUNK_BYTES;
    const piece = content.subarray(start, start + BLOB_CHUNK_BYTES);
    return sealBlobChunk(
      key,
      blob,
      index,
      index === last,
      piece,
      index === last ? lastSpace(content.length) : undefined,
    );
  });
}

/** The content of a whole blob; nothing is given back unless every chunk opens in its place.
 * @throws does-not-open, unknown-version, bad-format, bad-size */
export function openBlob(key: BlobKey, blob: BlobId, chunks: readonly SealedChunk[]): Uint8Array {
  const room = chunks.reduce((sum, chunk) => sum + Math.max(0, chunk.length - BLOB_CHUNK_OVERHEAD_BYTES), 0);
  const whole = new Uint8Array(room);
  let filled = 0;
  const opener = createOpener(key, blob, (content) => {
    whole.set(content, filled);
    filled += content.length;
  });
  for (const [index, chunk] of chunks.entries()) opener.push(chunk, index === chunks.length - 1);
  opener.finish();
  return whole.subarray(0, filled);
}

export type BlobSealer = {
  /** Takes any number of bytes and gives back the chunks that became full. */
  push(bytes: Uint8Array): SealedChunk[];
  /** The remaining chunks, padding included. Call once. */
  finish(): SealedChunk[];
};

/** Seals a stream with memory for one chunk. A chunk leaves only when more bytes follow, as the last one differs. `sealed`:
 * how many full chunks there are already, of a stream that was broken off; it goes on with the bytes after them. */
export function createBlobSealer(key: BlobKey, blob: BlobId, sealed = 0): BlobSealer {
  // One buffer for all chunks.
  const content = new Uint8Array(BLOB_CHUNK_BYTES);
  let filled = 0;
  let index = sealed;
  let total = sealed * BLOB_CHUNK_BYTES;
  const sealFilled = (isFinal: boolean, space: number): SealedChunk => {
    const piece = content.subarray(0, filled);
    filled = 0;
    return sealBlobChunk(key, blob, index++, isFinal, piece, space);
  };
  return {
    push(bytes) {
      const chunks: SealedChunk[] = [];
      let offset = 0;
      while (offset < bytes.length) {
        if (filled === BLOB_CHUNK_BYTES) chunks.push(sealFilled(false, BLOB_CHUNK_BYTES));
        const piece = bytes.subarray(offset, offset + BLOB_CHUNK_BYTES - filled);
        content.set(piece, filled);
        filled += piece.length;
        offset += piece.length;
      }
      total += bytes.length;
      return chunks;
    },
    finish() {
      const last = blobChunks(total) - 1;
      const chunks: SealedChunk[] = [];
      while (index < last) chunks.push(sealFilled(false, BLOB_CHUNK_BYTES));
      chunks.push(sealFilled(true, lastSpace(total)));
      memzero(content);
      return chunks;
    },
  };
}

export type BlobOpener = {
  /** The content of the next chunk. @throws does-not-open, unknown-version, bad-format */
  push(sealed: SealedChunk, isFinal: boolean): Uint8Array;
  /** @throws does-not-open when the last chunk has not been seen: the blob was cut */
  finish(): void;
};

/** Opens a stream chunk by chunk, in order. What it gave out before a failure must be thrown away by the caller. */
export const createBlobOpener = (key: BlobKey, blob: BlobId): BlobOpener => createOpener(key, blob, copied);

function createOpener<Taken>(key: BlobKey, blob: BlobId, take: (content: Uint8Array) => Taken) {
  let index = 0;
  let done = false;
  let contentEnded = false;
  return {
    push(sealed: SealedChunk, isFinal: boolean): Taken {
      if (done) throw doesNotOpen();
      return openChunkWith(key, blob, index++, isFinal, sealed, (content) => {
        // Content is contiguous: after a piece that isn't full only padding may follow.
        if (contentEnded && content.length > 0) throw doesNotOpen();
        contentEnded = content.length < BLOB_CHUNK_BYTES;
        done = isFinal;
        return take(content);
      });
    },
    finish(): void {
      if (!done) throw doesNotOpen();
    },
  };
}

const paddedBlobBytes = (length: number): number => paddedBytes(length, MIN_PADDED_BLOB_BYTES);

/** Room of the last chunk. */
const lastSpace = (length: number): number => paddedBlobBytes(length) - (blobChunks(length) - 1) * BLOB_CHUNK_BYTES;

const boundPlace = (blob: BlobId, index: number, isFinal: boolean): Uint8Array =>
  concat(u8(VERSION), idToBytes(blob), u32(index), u8(isFinal ? 1 : 0));
