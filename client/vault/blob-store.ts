/**
 * Sealed chunks of photos on this device. A chunk is sealed under its blob's key and, like every row, once more under V:
 * so the disk shows no bytes that also lie on the server. Spec: docs/protocol/store.md §6.
 */
import { openBlob, sealBlob } from "../../crypto/blobs.ts";
import { sha256 } from "../../crypto/sodium.ts";
import type { BlobId, BlobKey, DocumentTag, SealedChunk, SpaceId } from "../../crypto/types.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import type { Http } from "./ports.ts";
import type { Group, SealedStore } from "./sealed-store.ts";

interface BlobRow {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly blob: BlobId;
  readonly chunks: number;
  /** The server has all of it (or it came from there). */
  readonly committed: boolean;
}

const blobGroup = (space: SpaceId): Group => ["blob", space];
const chunkGroup = (space: SpaceId, blob: BlobId): Group => ["chunk", space, blob];

export class BlobStore {
  readonly #store: SealedStore;

  constructor(store: SealedStore) {
    this.#store = store;
  }

  /** Seals `bytes` into chunks that become durable with the batch. */
  put(batch: Batch, place: { space: SpaceId; document: DocumentTag; blob: BlobId }, key: BlobKey, bytes: Uint8Array) {
    this.#putChunks(batch, { ...place, committed: false }, sealBlob(key, place.blob, bytes));
  }

  /** The opened bytes. @throws VaultFailure not-here, CryptoError does-not-open */
  async read(space: SpaceId, blob: BlobId, key: BlobKey): Promise<Uint8Array> {
    const row = await this.#row(space, blob);
    if (row === null) throw new VaultFailure("not-here");
    return openBlob(key, blob, await this.#chunks(row));
  }

  async has(space: SpaceId, blob: BlobId): Promise<boolean> {
    return (await this.#row(space, blob)) !== null;
  }

  /** Those of `blobs` that the server does not have all of. */
  async uncommitted(space: SpaceId, blobs: readonly BlobId[]): Promise<readonly BlobId[]> {
    const rows = await Promise.all(blobs.map((blob) => this.#row(space, blob)));
    return blobs.filter((_, at) => rows[at]?.committed === false);
  }

  /** Every blob of a space that is here. */
  async all(space: SpaceId): Promise<readonly BlobId[]> {
    return (await this.#store.list<BlobRow>("blobs", blobGroup(space))).map(({ value }) => value.blob);
  }

  /** Uploads what the server doesn't have of a blob and commits it, then notes that. @throws TransportError */
  async upload(http: Http, token: string, space: SpaceId, blob: BlobId): Promise<void> {
    const row = await this.#row(space, blob);
    if (row === null) return;
    const chunks = await this.#chunks(row);
    for (const index of await http.missingChunks(token, space, blob, chunks.length)) {
      const chunk = chunks[index];
      if (chunk !== undefined) await http.putChunk(token, space, row.document, blob, index, chunk);
    }
    await http.commitBlob(token, space, blob, chunks.map(sha256));
    await this.#store.exclusive(async () => {
      // It may have been removed while it was on its way.
      if ((await this.#row(space, blob)) === null) return;
      await this.#store.commit([this.#store.put("blobs", blobGroup(space), blob, { ...row, committed: true })]);
    });
  }

  /**
   * Fetches and keeps what is not here, unless its document is gone by the time it has come.
   * @throws TransportError offline, VaultFailure not-here
   */
  async fetch(
    http: Http,
    token: string,
    { space, document, blob }: { readonly space: SpaceId; readonly document: DocumentTag; readonly blob: BlobId },
    isGone: () => Promise<boolean>,
  ): Promise<void> {
    if (await this.has(space, blob)) return;
    const chunks: SealedChunk[] = [];
    for (;;) {
      const chunk = await http.getChunk(token, space, blob, chunks.length);
      if (chunk === null) break;
      chunks.push(chunk as SealedChunk);
    }
    if (chunks.length === 0) throw new VaultFailure("not-here");
    await this.#store.exclusive(async () => {
      if (await isGone()) throw new VaultFailure("not-here");
      const batch = new Batch();
      this.#putChunks(batch, { space, document, blob, committed: true }, chunks);
      await batch.commit(this.#store);
    });
  }

  async removeOf(batch: Batch, space: SpaceId, document: DocumentTag): Promise<void> {
    for (const { value } of await this.#store.list<BlobRow>("blobs", blobGroup(space))) {
      if (value.document === document) this.#remove(batch, value);
    }
  }

  async removeSpace(batch: Batch, space: SpaceId): Promise<void> {
    for (const { value } of await this.#store.list<BlobRow>("blobs", blobGroup(space))) this.#remove(batch, value);
  }

  #remove(batch: Batch, { space, blob }: BlobRow): void {
    batch.add(this.#store.removeGroup("blobs", chunkGroup(space, blob)));
    batch.add(this.#store.remove("blobs", blobGroup(space), blob));
  }

  #putChunks(batch: Batch, place: Omit<BlobRow, "chunks">, chunks: readonly SealedChunk[]): void {
    const { space, blob } = place;
    for (const [index, chunk] of chunks.entries()) {
      batch.add(this.#store.put("blobs", chunkGroup(space, blob), String(index), chunk));
    }
    batch.add(this.#store.put("blobs", blobGroup(space), blob, { ...place, chunks: chunks.length }));
  }

  #row(space: SpaceId, blob: BlobId): Promise<BlobRow | null> {
    return this.#store.read<BlobRow>("blobs", blobGroup(space), blob);
  }

  async #chunks(row: BlobRow): Promise<SealedChunk[]> {
    const group = chunkGroup(row.space, row.blob);
    const indexes = Array.from({ length: row.chunks }, (_, index) => String(index));
    const chunks = await Promise.all(indexes.map((index) => this.#store.read<SealedChunk>("blobs", group, index)));
    return chunks.map((chunk) => {
      if (chunk === null) throw new VaultFailure("not-here");
      return chunk;
    });
  }
}
