/**
 * Sealed chunks of photos and recordings on this device (blob-travel.ts takes them to the server and from there). A chunk
 * is sealed under its blob's key and, like every row, once more under V: so the disk shows no bytes that also lie on the
 * server. Spec: docs/protocol/store.md §6.
 *
 * What is large is written in parts, in several transactions: its row says `partial` until the last chunk is there, and
 * until then the blob is not here for anybody. A partial row is found by every removal, so nothing is left behind.
 */
import {
  BLOB_CHUNK_BYTES,
  blobChunks,
  createBlobSealer,
  openBlob,
  openBlobChunk,
  sealBlob,
} from "../../crypto/blobs.ts";
import type { BlobId, BlobKey, DocumentTag, SealedChunk, SpaceId } from "../../crypto/types.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import type { Group, SealedStore } from "./sealed-store.ts";

export interface BlobPlace {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly blob: BlobId;
}

export interface BlobRow extends BlobPlace {
  /** All of them; those that are here so far while it is partial. */
  readonly chunks: number;
  /** The server has all of it (or it came from there). */
  readonly committed: boolean;
  readonly partial?: true;
}

/** How a few chunks are kept. */
export interface KeptPart {
  /** The blob is whole with them. */
  readonly isLast: boolean;
  /** They came from the server, which has all of it. */
  readonly committed?: boolean;
  /** Asked in the turn in which they are written, before they are. */
  readonly check?: () => Promise<void>;
}

/** Chunks written in one transaction: some 1 MiB of memory, and one flush of the disk. */
export const CHUNKS_AT_ONCE = 8;

const blobGroup = (space: SpaceId): Group => ["blob", space];
const chunkGroup = (space: SpaceId, blob: BlobId): Group => ["chunk", space, blob];

export class BlobStore {
  readonly #store: SealedStore;

  constructor(store: SealedStore) {
    this.#store = store;
  }

  /** Seals `bytes` into chunks that become durable with the batch. */
  put(batch: Batch, place: BlobPlace, key: BlobKey, bytes: Uint8Array) {
    const chunks = sealBlob(key, place.blob, bytes);
    this.#putChunks(batch, place, 0, chunks);
    this.finish(batch, place, chunks.length);
  }

  /** The same for what is large, with a few chunks in memory and as many transactions, each after a `check` of its own;
   * partial until the last. @throws StoreError, what `check` throws; what was written by then is partial */
  async putInParts(
    place: BlobPlace,
    key: BlobKey,
    bytes: Uint8Array,
    check: NonNullable<KeptPart["check"]>,
  ): Promise<void> {
    const sealer = createBlobSealer(key, place.blob);
    const step = CHUNKS_AT_ONCE * BLOB_CHUNK_BYTES;
    let written = 0;
    for (let at = 0; at === 0 || at < bytes.length; at += step) {
      const isLast = at + step >= bytes.length;
      const chunks = [...sealer.push(bytes.subarray(at, at + step)), ...(isLast ? sealer.finish() : [])];
      await this.keepPart(place, written, chunks, { isLast, check });
      written += chunks.length;
    }
  }

  /** Notes chunks `from` … of a blob that is not whole yet. */
  putPart(batch: Batch, place: BlobPlace, from: number, chunks: readonly SealedChunk[], committed = false): void {
    this.#putChunks(batch, place, from, chunks);
    this.#putRow(batch, { ...place, chunks: from + chunks.length, committed, partial: true });
  }

  /** The same in a transaction of its own, which also makes it whole when it `isLast`. @throws StoreError, what `check` throws */
  async keepPart(place: BlobPlace, from: number, chunks: readonly SealedChunk[], part: KeptPart): Promise<void> {
    const { isLast, committed, check } = part;
    await this.#store.exclusive(async () => {
      await check?.();
      const batch = new Batch();
      this.putPart(batch, place, from, chunks, committed);
      if (isLast) this.finish(batch, place, from + chunks.length, committed);
      await batch.commit(this.#store, { mayWait: true });
    });
  }

  /** The blob is whole with these `chunks` and no more. */
  finish(batch: Batch, place: BlobPlace, chunks: number, committed = false): void {
    this.#putRow(batch, { ...place, chunks, committed });
  }

  /** The opened bytes. @throws VaultFailure not-here, CryptoError does-not-open */
  async read(space: SpaceId, blob: BlobId, key: BlobKey): Promise<Uint8Array> {
    const row = await this.whole(space, blob);
    if (row === null) throw new VaultFailure("not-here");
    return openBlob(key, blob, await this.chunks(row));
  }

  /**
   * The content of one chunk of a blob whose content has `bytes` bytes.
   * @throws VaultFailure not-here, CryptoError does-not-open, also when `bytes` is not its length
   */
  async readChunk(space: SpaceId, blob: BlobId, key: BlobKey, index: number, bytes: number): Promise<Uint8Array> {
    const chunk = await this.#store.read<SealedChunk>("blobs", chunkGroup(space, blob), String(index));
    if (chunk === null) throw new VaultFailure("not-here");
    return openBlobChunk(key, blob, index, index === blobChunks(bytes) - 1, chunk);
  }

  /** The opened content, a chunk at a time. @throws VaultFailure not-here, CryptoError; then what came is no content */
  async *pieces(space: SpaceId, blob: BlobId, key: BlobKey): AsyncGenerator<Uint8Array> {
    const row = await this.whole(space, blob);
    if (row === null) throw new VaultFailure("not-here");
    for (let index = 0; index < row.chunks; index++) {
      const piece = openBlobChunk(key, blob, index, index === row.chunks - 1, await this.chunk(row, index));
      if (piece.length > 0) yield piece;
    }
  }

  /** Whether this key opens what is here; false where nothing is. */
  async isOpenedBy(space: SpaceId, blob: BlobId, key: BlobKey): Promise<boolean> {
    const row = await this.row(space, blob);
    if (row === null || row.chunks === 0) return false;
    return opens(key, blob, 0, row.chunks === 1 && row.partial !== true, await this.chunk(row, 0));
  }

  /** Seals a blob that is here (or in `from.store`) anew, under another key and as another blob, with memory for a few
   * chunks. @throws VaultFailure not-here, StoreError; what was written by then is partial */
  async copy(
    from: {
      readonly space: SpaceId;
      readonly blob: BlobId;
      readonly key: BlobKey;
      readonly bytes: number;
      readonly store?: BlobStore;
    },
    to: BlobPlace,
    key: BlobKey,
  ): Promise<void> {
    const source = from.store ?? this;
    if (!(await source.has(from.space, from.blob))) throw new VaultFailure("not-here");
    const sealer = createBlobSealer(key, to.blob);
    const last = blobChunks(from.bytes) - 1;
    let waiting: SealedChunk[] = [];
    let written = 0;
    const write = async (isLast: boolean): Promise<void> => {
      await this.keepPart(to, written, waiting, { isLast });
      written += waiting.length;
      waiting = [];
    };
    for (let index = 0; index <= last; index++) {
      waiting.push(...sealer.push(await source.readChunk(from.space, from.blob, from.key, index, from.bytes)));
      if (waiting.length >= CHUNKS_AT_ONCE) await write(false);
    }
    waiting.push(...sealer.finish());
    await write(true);
  }

  async has(space: SpaceId, blob: BlobId): Promise<boolean> {
    return (await this.whole(space, blob)) !== null;
  }

  /** Those of `blobs` that the server does not have all of. */
  async uncommitted(space: SpaceId, blobs: readonly BlobId[]): Promise<readonly BlobId[]> {
    const rows = await Promise.all(blobs.map((blob) => this.row(space, blob)));
    return blobs.filter((_, at) => rows[at]?.committed === false);
  }

  /** Every blob of a space that is here. */
  async all(space: SpaceId): Promise<readonly BlobId[]> {
    const rows = await this.#store.list<BlobRow>("blobs", blobGroup(space));
    return rows.flatMap(({ value }) => (value.partial ? [] : [value.blob]));
  }

  /** Also where it is partial. */
  row(space: SpaceId, blob: BlobId): Promise<BlobRow | null> {
    return this.#store.read<BlobRow>("blobs", blobGroup(space), blob);
  }

  /** Null where it isn't all here. */
  async whole(space: SpaceId, blob: BlobId): Promise<BlobRow | null> {
    const row = await this.row(space, blob);
    return row?.partial ? null : row;
  }

  /** @throws VaultFailure not-here */
  async chunk({ space, blob }: BlobRow, index: number): Promise<SealedChunk> {
    const chunk = await this.#store.read<SealedChunk>("blobs", chunkGroup(space, blob), String(index));
    if (chunk === null) throw new VaultFailure("not-here");
    return chunk;
  }

  chunks(row: BlobRow): Promise<SealedChunk[]> {
    return Promise.all(Array.from({ length: row.chunks }, (_, index) => this.chunk(row, index)));
  }

  /** The server has all of it; nothing happens where it was removed meanwhile. */
  async noteCommitted(row: BlobRow): Promise<void> {
    const { space, blob } = row;
    await this.#store.exclusive(async () => {
      // It may have been removed while it was on its way.
      if ((await this.row(space, blob)) === null) return;
      await this.#store.commit([this.#store.put("blobs", blobGroup(space), blob, { ...row, committed: true })]);
    });
  }

  async removeOf(batch: Batch, space: SpaceId, document: DocumentTag): Promise<void> {
    for (const { value } of await this.#store.list<BlobRow>("blobs", blobGroup(space))) {
      if (value.document === document) this.remove(batch, value);
    }
  }

  async removeSpace(batch: Batch, space: SpaceId): Promise<void> {
    for (const { value } of await this.#store.list<BlobRow>("blobs", blobGroup(space))) this.remove(batch, value);
  }

  remove(batch: Batch, { space, blob }: Pick<BlobPlace, "space" | "blob">): void {
    batch.add(this.#store.removeGroup("blobs", chunkGroup(space, blob)));
    batch.add(this.#store.remove("blobs", blobGroup(space), blob));
  }

  #putChunks(batch: Batch, { space, blob }: BlobPlace, from: number, chunks: readonly SealedChunk[]): void {
    for (const [index, chunk] of chunks.entries()) {
      batch.add(this.#store.put("blobs", chunkGroup(space, blob), String(from + index), chunk));
    }
  }

  #putRow(batch: Batch, row: BlobRow): void {
    const { space, document, blob, chunks, committed, partial } = row;
    const value = { space, document, blob, chunks, committed, ...(partial && { partial }) };
    batch.add(this.#store.put("blobs", blobGroup(space), blob, value));
  }
}

/** Whether `chunk` is what was sealed with this key for this place. */
export function opens(key: BlobKey, blob: BlobId, index: number, last: boolean, chunk: SealedChunk): boolean {
  try {
    openBlobChunk(key, blob, index, last, chunk);
    return true;
  } catch {
    return false;
  }
}
