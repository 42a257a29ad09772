/**
 * Where sealed chunks lie. A promise of `write` settles when the bytes survive a power cut. What is not there is null;
 * an I/O error is `StorageError` `storage-failed`.
 */
import type { BlobId, SpaceId } from "../../protocol/frames.ts";

export interface BlobStore {
  /** Replaces what is there in one step. `today`: Unix day number, the only time that is kept. */
  write(space: SpaceId, blob: BlobId, index: number, bytes: Uint8Array, today: number): Promise<void>;
  read(space: SpaceId, blob: BlobId, index: number): Promise<Uint8Array | null>;
  /** SHA-256 of what lies there now, read back. */
  hash(space: SpaceId, blob: BlobId, index: number): Promise<Uint8Array | null>;
  /** Removing what isn't there is fine. */
  remove(space: SpaceId, blob: BlobId): Promise<void>;
  /** Blobs last written before the day, for finding those that no row knows. */
  listBefore(day: number): AsyncIterable<{ readonly space: SpaceId; readonly blob: BlobId }>;
}
