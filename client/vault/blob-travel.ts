/** Photos and recordings between this device and the server, chunk by chunk, sealed as they lie. Spec: docs/protocol/blobs.md. */
import { openBlobChunk } from "../../crypto/blobs.ts";
import { equalBytes, sha256 } from "../../crypto/sodium.ts";
import type { BlobId, BlobKey, SealedChunk, SpaceId } from "../../crypto/types.ts";
import { MAX_CHUNKS_PER_BLOB } from "../../protocol/limits.ts";
import { type BlobPlace, type BlobStore, CHUNKS_AT_ONCE, opens } from "./blob-store.ts";
import { VaultFailure } from "./failure.ts";
import type { Http } from "./ports.ts";

/** One, or those among which its own is; which, its first chunk shows. */
export type BlobKeys = BlobKey | readonly BlobKey[];
const isOne = (keys: BlobKeys): keys is BlobKey => keys instanceof Uint8Array;

/** Uploads what the server doesn't have of a blob and commits it, then notes that. @throws TransportError */
export async function uploadBlob(
  blobs: BlobStore,
  http: Http,
  token: string,
  space: SpaceId,
  blob: BlobId,
): Promise<void> {
  const row = await blobs.whole(space, blob);
  if (row === null) return;
  const missing = new Set(await http.missingChunks(token, space, blob, row.chunks));
  const hashes: Uint8Array[] = [];
  for (let index = 0; index < row.chunks; index++) {
    const chunk = await blobs.chunk(row, index);
    if (missing.has(index)) await http.putChunk(token, space, row.document, blob, index, chunk);
    hashes.push(sha256(chunk));
  }
  await http.commitBlob(token, space, blob, hashes);
  await blobs.noteCommitted(row);
}

/**
 * Fetches and keeps what is not here, unless its document is gone by the time it has come. A chunk is kept only when it
 * opens in its place, so what is here is what was sealed, and another try may bring what this one didn't. Broken off, it
 * goes on where it was.
 * @throws TransportError offline, VaultFailure not-here, also when the server gives something else
 */
export async function fetchBlob(
  blobs: BlobStore,
  http: Http,
  token: string,
  place: BlobPlace,
  keys: BlobKeys,
  isGone: () => Promise<boolean>,
): Promise<void> {
  const { space, blob } = place;
  const row = await blobs.row(space, blob);
  if (row !== null && !row.partial) return;
  // The last one is asked for again: that it comes says that the blob is still there to go on with.
  let kept = row?.committed ? Math.max(0, row.chunks - 1) : 0;
  let opened: SealedChunk[] = [];
  const candidates = isOne(keys) ? [keys] : keys;
  let known = candidates.length === 1 ? candidates[0] : undefined;
  const check = async (): Promise<void> => {
    if (await isGone()) throw new VaultFailure("not-here");
  };
  const keep = async (isLast: boolean): Promise<void> => {
    await blobs.keepPart(place, kept, opened, { isLast, committed: true, check });
    kept += opened.length;
    opened = [];
  };
  /** Which chunk is the last shows only when none follows. */
  let held = await http.getChunk(token, space, blob, kept);
  if (held === null) throw new VaultFailure("not-here");
  while (held !== null) {
    const index = kept + opened.length;
    const next: Uint8Array | null =
      index + 1 < MAX_CHUNKS_PER_BLOB ? await http.getChunk(token, space, blob, index + 1) : null;
    const chunk = held as SealedChunk;
    const key: BlobKey | undefined = known ?? candidates.find((one) => opens(one, blob, index, next === null, chunk));
    if (key === undefined) throw new VaultFailure("not-here");
    requireChunk(key, blob, index, next === null, chunk);
    known = key;
    opened.push(held as SealedChunk);
    if (opened.length >= CHUNKS_AT_ONCE && next !== null) await keep(false);
    held = next;
  }
  await keep(true);
}

/** Whether the server gives back exactly what is here. @throws TransportError */
export async function isBlobStored(
  blobs: BlobStore,
  http: Http,
  token: string,
  space: SpaceId,
  blob: BlobId,
): Promise<boolean> {
  const row = await blobs.row(space, blob);
  if (row === null) return false;
  for (const [index, chunk] of (await blobs.chunks(row)).entries()) {
    const stored = await http.getChunk(token, space, blob, index);
    if (stored === null || !equalBytes(stored, chunk)) return false;
  }
  return true;
}

/** @throws VaultFailure not-here for anything but the chunk of this place */
function requireChunk(key: BlobKey, blob: BlobId, index: number, isFinal: boolean, chunk: SealedChunk): void {
  try {
    openBlobChunk(key, blob, index, isFinal, chunk);
  } catch (cause) {
    throw new VaultFailure("not-here", undefined, cause);
  }
}
