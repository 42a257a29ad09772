/**
 * A recording that is not finished, on the disk: its row, the sealed chunks that became full, and behind them what came
 * since, in small parts. Each part is strictly committed as it comes, so a crash costs what the recorder hadn't handed
 * over. Spec: docs/protocol/store.md §6.
 */
import { BLOB_CHUNK_BYTES, type BlobSealer, createBlobSealer } from "../../crypto/blobs.ts";
import type { BlobId, BlobKey, DocumentTag } from "../../crypto/types.ts";
import type { MediaType, RecordingRef } from "../documents/kinds.ts";
import { Batch } from "./batch.ts";
import type { BlobPlace, BlobStore } from "./blob-store.ts";
import { VaultFailure } from "./failure.ts";
import type { Write } from "./ports.ts";
import type { Group, SealedStore } from "./sealed-store.ts";

/** What is known of a recording besides its bytes; the last that was said counts. */
export type Shape = Pick<RecordingRef, "durationMs" | "peaks">;

export interface RecordingRow extends BlobPlace {
  readonly type: MediaType;
  /** Full chunks that are sealed. */
  readonly chunks: number;
  /** Finished and whole; what is left is that its document names it. */
  readonly ended: RecordingRef | null;
}

interface PartRow {
  readonly order: number;
  readonly bytes: Uint8Array;
  readonly shape: Shape;
}

/** A recording that is being made now. */
export interface LiveRecording {
  row: RecordingRow;
  readonly sealer: BlobSealer;
  parts: number;
  bytes: number;
}

const ROWS: Group = ["recording"];
const partGroup = (blob: BlobId): Group => ["part", blob];

export class RecordingRows {
  readonly #store: SealedStore;
  readonly #blobs: BlobStore;

  constructor(store: SealedStore, blobs: BlobStore) {
    this.#store = store;
    this.#blobs = blobs;
  }

  async all(): Promise<readonly RecordingRow[]> {
    return (await this.#store.list<RecordingRow>("blobs", ROWS)).map(({ value }) => value);
  }

  read(blob: BlobId): Promise<RecordingRow | null> {
    return this.#store.read<RecordingRow>("blobs", ROWS, blob);
  }

  begin(place: BlobPlace, type: MediaType, key: BlobKey): Promise<LiveRecording> {
    return this.#store.exclusive(async () => {
      const row: RecordingRow = { ...place, type, chunks: 0, ended: null };
      const batch = new Batch();
      this.#blobs.putPart(batch, place, 0, []);
      this.#put(batch, row);
      await batch.commit(this.#store);
      return { row, sealer: createBlobSealer(key, place.blob), parts: 0, bytes: 0 };
    });
  }

  /** Durable when it resolves. @throws StoreError, VaultFailure not-here; then only what the disk has may be gone on with */
  append(live: LiveRecording, bytes: Uint8Array, shape: Shape): Promise<void> {
    return this.#store.exclusive(async () => {
      const { row } = live;
      if ((await this.read(row.blob)) === null) throw new VaultFailure("not-here");
      const batch = new Batch();
      const sealed = live.sealer.push(bytes);
      live.bytes += bytes.length;
      const chunks = row.chunks + sealed.length;
      if (sealed.length > 0) {
        this.#blobs.putPart(batch, row, row.chunks, sealed);
        live.row = { ...row, chunks };
        this.#put(batch, live.row);
        batch.add(this.#store.removeGroup("blobs", partGroup(row.blob)));
      }
      // After a full chunk what is left over stands at the end of these bytes.
      const rest = sealed.length === 0 ? bytes : bytes.slice(bytes.length - (live.bytes - chunks * BLOB_CHUNK_BYTES));
      const part: PartRow = { order: live.parts++, bytes: rest, shape };
      batch.add(this.#store.put("blobs", partGroup(row.blob), String(part.order), part));
      await batch.commit(this.#store, { mayWait: true });
    });
  }

  /** Makes the blob whole out of what the disk has. Null when nothing was recorded: then no trace of it is left. */
  finish(blob: BlobId, key: BlobKey): Promise<RecordingRow | null> {
    return this.#store.exclusive(async () => {
      const row = await this.read(blob);
      if (row === null || row.ended !== null) return row;
      const parts = (await this.#store.list<PartRow>("blobs", partGroup(blob))).map(({ value }) => value);
      parts.sort((a, b) => a.order - b.order);
      const last = parts.at(-1);
      const batch = new Batch();
      if (last === undefined) {
        this.#remove(batch, row);
        await batch.commit(this.#store);
        return null;
      }
      const sealer = createBlobSealer(key, blob, row.chunks);
      const rest = [...parts.flatMap(({ bytes }) => sealer.push(bytes)), ...sealer.finish()];
      const bytes = row.chunks * BLOB_CHUNK_BYTES + parts.reduce((sum, part) => sum + part.bytes.length, 0);
      this.#blobs.putPart(batch, row, row.chunks, rest);
      this.#blobs.finish(batch, row, row.chunks + rest.length);
      batch.add(this.#store.removeGroup("blobs", partGroup(blob)));
      const { space, type } = row;
      const ended: RecordingRow = { ...row, ended: { media: { space, blob }, type, bytes, ...last.shape } };
      this.#put(batch, ended);
      await batch.commit(this.#store);
      return ended;
    });
  }

  /** Where its document names it the row has done its work: goes into the same transaction. */
  forgetting(blob: BlobId): Write {
    return this.#store.remove("blobs", ROWS, blob);
  }

  /** Something of this document is being recorded, or was and isn't named by it yet. */
  async hasOf(document: DocumentTag): Promise<boolean> {
    return (await this.all()).some((row) => row.document === document);
  }

  /** Throws away a recording that is not finished, with every byte of it. */
  async drop(blob: BlobId): Promise<void> {
    await this.#store.exclusive(async () => {
      const row = await this.read(blob);
      if (row === null || row.ended !== null) return;
      const batch = new Batch();
      this.#remove(batch, row);
      await batch.commit(this.#store);
    });
  }

  async removeOf(batch: Batch, document: DocumentTag): Promise<void> {
    for (const row of await this.all()) if (row.document === document) this.#remove(batch, row);
  }

  #put(batch: Batch, row: RecordingRow): void {
    const { space, document, blob, type, chunks, ended } = row;
    batch.add(this.#store.put("blobs", ROWS, blob, { space, document, blob, type, chunks, ended }));
  }

  #remove(batch: Batch, row: RecordingRow): void {
    this.#blobs.remove(batch, row);
    batch.add(this.#store.removeGroup("blobs", partGroup(row.blob)));
    batch.add(this.#store.remove("blobs", ROWS, row.blob));
  }
}
