/**
 * Sealed chunks of photos and recordings on this device. A chunk is sealed under its blob's key and, like every row, once
 * more under V: so the disk shows no bytes that also lie on the server. Spec: docs/protocol/store.md §6.
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
import { equalBytes, sha256 } from "../../crypto/sodium.ts";
import type { BlobId, BlobKey, DocumentTag, SealedChunk, SpaceId } from "../../crypto/types.ts";
import { MAX_CHUNKS_PER_BLOB } from "../../protocol/limits.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import type { Http } from "./ports.ts";
import type { Group, SealedStore } from "./sealed-store.ts";

export interface BlobPlace {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly blob: BlobId;
}

interface BlobRow extends BlobPlace {
  /** All of them; those that are here so far while it is partial. */
  readonly chunks: number;
  /** The server has all of it (or it came from there). */
  readonly committed: boolean;
  readonly partial?: true;
}

/** @throws VaultFailure not-here for anything but the chunk of this place */
function requireChunk(key: BlobKey, blob: BlobId, index: number, isFinal: boolean, chunk: SealedChunk): void {
  try {
    openBlobChunk(key, blob, index, isFinal, chunk);
  } catch (cause) {
    throw new VaultFailure("not-here", undefined, cause);
  }
}

/** Chunks written in one transaction: some 1 MiB of memory, and one flush of the disk. */
const CHUNKS_AT_ONCE = 8;

const blobGroup = (space: SpaceId): Group => ["blob", space];
const chunkGroup = (space: SpaceId, blob: BlobId): Group => ["chunk", space, blob];

/** One, or those among which its own is; which, its first chunk shows. */
export type BlobKeys = BlobKey | readonly BlobKey[];
const isOne = (keys: BlobKeys): keys is BlobKey => keys instanceof Uint8Array;

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

  /** The same for what is large, with a few chunks in memory and as many transactions; partial until the last.
   * @throws StoreError; what was written by then is partial */
  async putInParts(place: BlobPlace, key: BlobKey, bytes: Uint8Array): Promise<void> {
    const sealer = createBlobSealer(key, place.blob);
    const step = CHUNKS_AT_ONCE * BLOB_CHUNK_BYTES;
    let written = 0;
    for (let at = 0; at === 0 || at < bytes.length; at += step) {
      const isLast = at + step >= bytes.length;
      const chunks = [...sealer.push(bytes.subarray(at, at + step)), ...(isLast ? sealer.finish() : [])];
      await this.#store.exclusive(async () => {
        const batch = new Batch();
        this.putPart(batch, place, written, chunks);
        written += chunks.length;
        if (isLast) this.finish(batch, place, written);
        await batch.commit(this.#store, { mayWait: true });
      });
    }
  }

  /** Notes chunks `from` … of a blob that is not whole yet. */
  putPart(batch: Batch, place: BlobPlace, from: number, chunks: readonly SealedChunk[], committed = false): void {
    this.#putChunks(batch, place, from, chunks);
    this.#putRow(batch, { ...place, chunks: from + chunks.length, committed, partial: true });
  }

  /** The blob is whole with these `chunks` and no more. */
  finish(batch: Batch, place: BlobPlace, chunks: number, committed = false): void {
    this.#putRow(batch, { ...place, chunks, committed });
  }

  /** The opened bytes. @throws VaultFailure not-here, CryptoError does-not-open */
  async read(space: SpaceId, blob: BlobId, key: BlobKey): Promise<Uint8Array> {
    const row = await this.#whole(space, blob);
    if (row === null) throw new VaultFailure("not-here");
    return openBlob(key, blob, await this.#chunks(row));
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
    const row = await this.#whole(space, blob);
    if (row === null) throw new VaultFailure("not-here");
    for (let index = 0; index < row.chunks; index++) {
      const piece = openBlobChunk(key, blob, index, index === row.chunks - 1, await this.#chunk(row, index));
      if (piece.length > 0) yield piece;
    }
  }

  /** Whether this key opens what is here; false where nothing is. */
  async isOpenedBy(space: SpaceId, blob: BlobId, key: BlobKey): Promise<boolean> {
    const row = await this.#row(space, blob);
    if (row === null || row.chunks === 0) return false;
    return opens(key, blob, 0, row.chunks === 1 && row.partial !== true, await this.#chunk(row, 0));
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
    const write = (whole: boolean): Promise<void> =>
      this.#store.exclusive(async () => {
        const batch = new Batch();
        this.putPart(batch, to, written, waiting);
        written += waiting.length;
        waiting = [];
        if (whole) this.finish(batch, to, written);
        await batch.commit(this.#store, { mayWait: true });
      });
    for (let index = 0; index <= last; index++) {
      waiting.push(...sealer.push(await source.readChunk(from.space, from.blob, from.key, index, from.bytes)));
      if (waiting.length >= CHUNKS_AT_ONCE) await write(false);
    }
    waiting.push(...sealer.finish());
    await write(true);
  }

  async has(space: SpaceId, blob: BlobId): Promise<boolean> {
    return (await this.#whole(space, blob)) !== null;
  }

  /** Those of `blobs` that the server does not have all of. */
  async uncommitted(space: SpaceId, blobs: readonly BlobId[]): Promise<readonly BlobId[]> {
    const rows = await Promise.all(blobs.map((blob) => this.#row(space, blob)));
    return blobs.filter((_, at) => rows[at]?.committed === false);
  }

  /** Every blob of a space that is here. */
  async all(space: SpaceId): Promise<readonly BlobId[]> {
    const rows = await this.#store.list<BlobRow>("blobs", blobGroup(space));
    return rows.flatMap(({ value }) => (value.partial ? [] : [value.blob]));
  }

  /** Uploads what the server doesn't have of a blob and commits it, then notes that. @throws TransportError */
  async upload(http: Http, token: string, space: SpaceId, blob: BlobId): Promise<void> {
    const row = await this.#whole(space, blob);
    if (row === null) return;
    const missing = new Set(await http.missingChunks(token, space, blob, row.chunks));
    const hashes: Uint8Array[] = [];
    for (let index = 0; index < row.chunks; index++) {
      const chunk = await this.#chunk(row, index);
      if (missing.has(index)) await http.putChunk(token, space, row.document, blob, index, chunk);
      hashes.push(sha256(chunk));
    }
    await http.commitBlob(token, space, blob, hashes);
    await this.#store.exclusive(async () => {
      // It may have been removed while it was on its way.
      if ((await this.#row(space, blob)) === null) return;
      await this.#store.commit([this.#store.put("blobs", blobGroup(space), blob, { ...row, committed: true })]);
    });
  }

  /**
   * Fetches and keeps what is not here, unless its document is gone by the time it has come. A chunk is kept only when it
   * opens in its place, so what is here is what was sealed, and another try may bring what this one didn't. Broken off, it
   * goes on where it was.
   * @throws TransportError offline, VaultFailure not-here, also when the server gives something else
   */
  async fetch(
    http: Http,
    token: string,
    place: BlobPlace,
    keys: BlobKeys,
    isGone: () => Promise<boolean>,
  ): Promise<void> {
    const { space, blob } = place;
    const row = await this.#row(space, blob);
    if (row !== null && !row.partial) return;
    // The last one is asked for again: that it comes says that the blob is still there to go on with.
    let kept = row?.committed ? Math.max(0, row.chunks - 1) : 0;
    let opened: SealedChunk[] = [];
    const candidates = isOne(keys) ? [keys] : keys;
    let known = candidates.length === 1 ? candidates[0] : undefined;
    const keep = async (whole: boolean): Promise<void> => {
      await this.#store.exclusive(async () => {
        if (await isGone()) throw new VaultFailure("not-here");
        const batch = new Batch();
        this.putPart(batch, place, kept, opened, true);
        if (whole) this.finish(batch, place, kept + opened.length, true);
        await batch.commit(this.#store, { mayWait: true });
      });
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
  async isStored(http: Http, token: string, space: SpaceId, blob: BlobId): Promise<boolean> {
    const row = await this.#row(space, blob);
    if (row === null) return false;
    for (const [index, chunk] of (await this.#chunks(row)).entries()) {
      const stored = await http.getChunk(token, space, blob, index);
      if (stored === null || !equalBytes(stored, chunk)) return false;
    }
    return true;
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

  #row(space: SpaceId, blob: BlobId): Promise<BlobRow | null> {
    return this.#store.read<BlobRow>("blobs", blobGroup(space), blob);
  }

  async #whole(space: SpaceId, blob: BlobId): Promise<BlobRow | null> {
    const row = await this.#row(space, blob);
    return row?.partial ? null : row;
  }

  async #chunk({ space, blob }: BlobRow, index: number): Promise<SealedChunk> {
    const chunk = await this.#store.read<SealedChunk>("blobs", chunkGroup(space, blob), String(index));
    if (chunk === null) throw new VaultFailure("not-here");
    return chunk;
  }

  #chunks(row: BlobRow): Promise<SealedChunk[]> {
    return Promise.all(Array.from({ length: row.chunks }, (_, index) => this.#chunk(row, index)));
  }
}

function opens(key: BlobKey, blob: BlobId, index: number, last: boolean, chunk: SealedChunk): boolean {
  try {
    openBlobChunk(key, blob, index, last, chunk);
    return true;
  } catch {
    return false;
  }
}
