/**
 * The log of one space on this device: what was frozen here or arrived, opened and signed, plus what is pending. Writing
 * goes through a Batch; whoever reads and then writes does it inside `store.exclusive`.
 */
import { CryptoError } from "../../crypto/errors.ts";
import { type ChainHead, hashInner, parseInner } from "../../crypto/inner.ts";
import type {
  AuthorPublicKey,
  BlobId,
  DocumentTag,
  OpId,
  RecordKind,
  SignedInner,
  SpaceId,
} from "../../crypto/types.ts";
import { mergeUpdates } from "../documents/updates.ts";
import type { Batch } from "./batch.ts";
import { BlobStore } from "./blob-store.ts";
import { type BlobContent, type DocumentPayload, decodeDocumentPayload } from "./document-payload.ts";
import type { Keyring } from "./keyring.ts";
import type { Outbox } from "./outbox.ts";
import { hasPlace, type Place, type Run } from "./runs.ts";
import type { SealedStore } from "./sealed-store.ts";
import {
  type LogRow,
  logGroup,
  NEW_SPACE_STATE,
  pendingGroup,
  rotationGroup,
  type SpaceState,
  STATE_GROUP,
} from "./space-rows.ts";

/**
 * Where a pending row stops merging and the next begins: a frozen record must stay under 240 KiB, and a single edit
 * (a long paste) may come on top.
 */
const MERGE_LIMIT_BYTES = 96 * 1024;

/** An inner names at most this many Yjs clients (docs/protocol/records.md §2). */
const MAX_CLIENTS = 255;

export interface NewPayload {
  readonly document: DocumentTag;
  readonly kind: RecordKind;
  readonly payload: Uint8Array;
  /** What a snapshot stands for. */
  readonly covered?: readonly Run[];
  readonly blobs: readonly BlobId[];
  readonly clientIds: readonly number[];
}

export class SpaceLog {
  readonly space: SpaceId;
  readonly store: SealedStore;
  readonly keyring: Keyring;
  readonly outbox: Outbox;
  readonly #blobs: BlobStore;
  #state: SpaceState | null = null;
  /** `this`: since this opening everything was asked for once more (repair.ts). */
  asked: "never" | "this" = "never";

  constructor(space: SpaceId, store: SealedStore, keyring: Keyring, outbox: Outbox) {
    this.space = space;
    this.store = store;
    this.keyring = keyring;
    this.outbox = outbox;
    this.#blobs = new BlobStore(store);
  }

  async state(): Promise<SpaceState> {
    if (this.#state !== null) return this.#state;
    const kept = await this.store.read<SpaceState>("spaces", STATE_GROUP, this.space);
    // What was put there while it was read is newer.
    this.#state ??= kept ?? NEW_SPACE_STATE;
    return this.#state;
  }

  putState(batch: Batch, state: SpaceState): void {
    batch.add(this.store.put("spaces", STATE_GROUP, this.space, state), () => {
      this.#state = state;
    });
  }

  async isPurged(document: DocumentTag): Promise<boolean> {
    return (await this.state()).purged.some((gone) => gone.document === document);
  }

  /**
   * Every readable update of a document, snapshots first, what is pending last. An older snapshot is left out only when
   * the newest was seen to hold all of it.
   */
  async updates(document: DocumentTag): Promise<readonly Uint8Array[]> {
    return this.updatesAmong(document, await this.records(document));
  }

  /** The same, of records that were just read. */
  async updatesAmong(document: DocumentTag, kept: readonly DocumentRecord[]): Promise<readonly Uint8Array[]> {
    const newest = newestSnapshot(kept);
    const snapshots = kept.filter(({ row }) => row.kind === "snapshot" && !isHeld(newest, row));
    const loose = kept.filter(({ row }) => row.kind === "update");
    const pending = await this.outbox.pendingOf(this.space, document);
    const updates: Uint8Array[] = [];
    for (const { payload } of [...snapshots, ...loose]) {
      const update = await this.content(payload.content);
      if (update !== null) updates.push(update);
    }
    for (const { payload } of pending) {
      const update = await this.content(payload);
      if (update !== null) updates.push(update);
    }
    return updates;
  }

  /** The usable records of a document, decoded, in order. */
  async records(document: DocumentTag): Promise<readonly DocumentRecord[]> {
    return (await this.rows(document)).flatMap((row): DocumentRecord[] => {
      if (row.inner === null || row.problem !== null) return [];
      try {
        const parsed = parseInner(row.inner);
        const payload = decodeDocumentPayload(row.kind, parsed.payload);
        return [{ row, place: parsed, payload, bytes: parsed.payload.length }];
      } catch {
        return []; // Not a payload after all: it was kept and marked when it came.
      }
    });
  }

  /** Every row of a document's updates and snapshots, in order, the unusable ones too. */
  async rows(document: DocumentTag): Promise<readonly LogRow[]> {
    return inOrder(await this.#rows(logGroup(this.space, "update", document)));
  }

  /** False when a row of it doesn't open, or a record of it is not what it should be: it is kept and not shown. */
  async isWhole(document: DocumentTag): Promise<boolean> {
    const kept = await this.store.readGroup<LogRow>("log", logGroup(this.space, "update", document));
    const waiting = await this.store.readGroup<unknown>("outbox", pendingGroup(this.space, document));
    return (
      !kept.damaged &&
      !waiting.damaged &&
      kept.rows.every(({ value: { problem } }) => problem === null || problem === "retired")
    );
  }

  /** A row of it doesn't open. */
  async isDamaged(document: DocumentTag): Promise<boolean> {
    return (await this.store.readGroup<LogRow>("log", logGroup(this.space, "update", document))).damaged;
  }

  /** A Yjs update, read from its blob where it lies in one. Null while that isn't here, or isn't what it should be. */
  async content(content: Uint8Array | BlobContent): Promise<Uint8Array | null> {
    if (content instanceof Uint8Array) return content;
    try {
      return await this.#blobs.read(this.space, content.blob, content.key);
    } catch {
      return null;
    }
  }

  /** Said, control and void records that are kept, in order. */
  async said(): Promise<readonly LogRow[]> {
    return inOrder(await this.#rows(["said", this.space]));
  }

  /** Null also where it doesn't open: one damaged row stops nothing else. */
  async row(kind: RecordKind, document: DocumentTag, opId: OpId): Promise<LogRow | null> {
    const row = await this.#readRow(kind, document, opId);
    return row === "damaged" ? null : row;
  }

  /** Something lies under this name that doesn't open: what comes under it takes its place. */
  async isRowDamaged(kind: RecordKind, document: DocumentTag, opId: OpId): Promise<boolean> {
    return (await this.#readRow(kind, document, opId)) === "damaged";
  }

  async #readRow(kind: RecordKind, document: DocumentTag, opId: OpId): Promise<LogRow | "damaged" | null> {
    try {
      return await this.store.read<LogRow>("log", logGroup(this.space, kind, document), opId);
    } catch (error) {
      if (error instanceof CryptoError) return "damaged";
      throw error;
    }
  }

  putRow(batch: Batch, row: LogRow): void {
    batch.add(this.store.put("log", logGroup(this.space, row.kind, row.document), row.opId, row));
  }

  removeRow(batch: Batch, row: Pick<LogRow, "kind" | "document" | "opId">): void {
    batch.add(this.store.remove("log", logGroup(this.space, row.kind, row.document), row.opId));
  }

  /** Adds a payload to the outbox: an update joins the document's last pending one, anything else stands alone. */
  async addPending(batch: Batch, added: NewPayload, now: number): Promise<void> {
    const last = (await this.outbox.pendingOf(this.space, added.document)).at(-1);
    if (
      last === undefined ||
      added.kind !== "update" ||
      last.kind !== "update" ||
      !(last.payload instanceof Uint8Array) ||
      last.payload.length + added.payload.length > MERGE_LIMIT_BYTES ||
      new Set([...last.clientIds, ...added.clientIds]).size > MAX_CLIENTS
    ) {
      this.outbox.putPending(batch, {
        ...added,
        space: this.space,
        order: this.outbox.nextOrder(Math.max(now, (last?.order ?? 0) + 1)),
      });
      return;
    }
    this.outbox.putPending(batch, {
      ...last,
      payload: mergeUpdates([last.payload, added.payload]),
      blobs: [...new Set([...last.blobs, ...added.blobs])],
      clientIds: [...new Set([...last.clientIds, ...added.clientIds])].toSorted((a, b) => a - b),
    });
  }

  /** Places of a document's records that were frozen by now, also of one that was removed. */
  async placesOf(document: DocumentTag): Promise<readonly ChainHead[]> {
    const { purged } = await this.state();
    const before = purged.find((gone) => gone.document === document);
    return before?.places ?? placesIn(await this.#frozenRows(document));
  }

  async #frozenRows(document: DocumentTag): Promise<readonly LogRow[]> {
    const rows = [...(await this.#rows(logGroup(this.space, "update", document))), ...(await this.said())];
    return rows.filter((row) => row.document === document);
  }

  /**
   * Every trace of a document but what is frozen, which leaves when it is acknowledged. Gives the places of its records
   * that had been frozen by then; asked again, the same.
   */
  async removeDocument(batch: Batch, document: DocumentTag): Promise<readonly ChainHead[]> {
    const state = await this.state();
    const before = state.purged.find((gone) => gone.document === document);
    const frozen = new Set((await this.outbox.frozen(this.space)).map(({ opId }) => opId));
    const rows = await this.#frozenRows(document);
    const places = placesIn(rows);
    for (const row of rows) if (!frozen.has(row.opId)) this.removeRow(batch, row);
    for (const row of await this.outbox.pendingOf(this.space, document)) this.outbox.removePending(batch, row);
    if (before !== undefined) return before.places;
    this.putState(batch, { ...state, purged: [...state.purged, { document, places }] });
    return places;
  }

  /** Every kept row of the space, of all its documents. Reads the whole table: for repairs only. */
  async allRows(): Promise<readonly LogRow[]> {
    const rows = await this.store.listTable<LogRow>("log");
    const ours = new Set<string>([this.store.groupName(["said", this.space])]);
    for (const { value } of rows) ours.add(this.store.groupName(logGroup(this.space, "update", value.document)));
    return rows.flatMap(({ key, value }) => (ours.has(key.slice(0, GROUP_NAME_CHARACTERS)) ? [value] : []));
  }

  /** Every row of the space: its log (with the updates of `joint` documents), outbox and state. */
  async removeAll(batch: Batch, joint: readonly DocumentTag[]): Promise<void> {
    const documents = new Set(joint);
    for (const row of await this.outbox.pending(this.space)) {
      documents.add(row.document);
      this.outbox.removePending(batch, row);
    }
    for (const row of await this.outbox.frozen(this.space)) {
      documents.add(row.document);
      this.outbox.removeFrozen(batch, this.space, row.opId);
    }
    for (const document of documents) {
      batch.add(this.store.removeGroup("log", logGroup(this.space, "update", document)));
    }
    batch.add(this.store.removeGroup("log", logGroup(this.space, "said", "" as DocumentTag)));
    batch.add(this.store.removeGroup("spaces", rotationGroup(this.space)));
    batch.add(this.store.remove("spaces", STATE_GROUP, this.space));
  }

  /**
   * Whether a snapshot that is here stands for this place, so that its record may be gone. Two devices may each make one; and
   * one that was signed with a key that ended waits to be signed anew (retired.ts).
   */
  async isCompacted(document: DocumentTag, place: Place): Promise<boolean> {
    if ((await this.records(document)).some(({ payload }) => hasPlace(payload.covered, place))) return true;
    const waiting = await this.outbox.pendingOf(this.space, document);
    return waiting.some(({ covered }) => covered !== undefined && hasPlace(covered, place));
  }

  /** Who wrote the first kept update of a document; null when it is only pending (then it is ours) or unknown. */
  async firstAuthor(document: DocumentTag): Promise<AuthorPublicKey | null> {
    return inOrder(await this.#rows(logGroup(this.space, "update", document)))[0]?.author ?? null;
  }

  async #rows(group: readonly [string, ...string[]]): Promise<readonly LogRow[]> {
    return (await this.store.list<LogRow>("log", group)).map(({ value }) => value);
  }
}

/** A usable update or snapshot, decoded. */
export interface DocumentRecord {
  readonly row: LogRow;
  readonly place: Place;
  readonly payload: DocumentPayload;
  /** Of its payload in the record. */
  readonly bytes: number;
}

/** The newest in the server's order; one that the server doesn't have yet counts only when there is no other. */
export function newestSnapshot(records: readonly DocumentRecord[]): DocumentRecord | null {
  const snapshots = records.filter(({ row }) => row.kind === "snapshot");
  return snapshots.findLast(({ row }) => row.seq !== null) ?? snapshots.at(-1) ?? null;
}

/** Whether the newest snapshot was seen to hold what this one holds. */
export const isHeld = (newest: DocumentRecord | null, { heldBy }: LogRow): boolean =>
  newest !== null && heldBy === newest.row.opId;

export const isCovered = (snapshot: DocumentRecord | null, { place }: DocumentRecord): boolean =>
  snapshot !== null && hasPlace(snapshot.payload.covered, place);

/** Hex digits of a group's name, with which the keys of its rows begin. */
const GROUP_NAME_CHARACTERS = 32;

/** Where an inner stands in its chain. @throws CryptoError bad-format */
export function placeOf(inner: SignedInner): ChainHead {
  const { chain, counter } = parseInner(inner);
  return { chain, counter, hash: hashInner(inner) };
}

const placesIn = (rows: readonly LogRow[]): ChainHead[] =>
  rows.flatMap(({ inner }) => (inner === null ? [] : [placeOf(inner)]));

/** The server's order first, then what it has not yet, in the order it was frozen. */
export const inOrder = (rows: readonly LogRow[]): readonly LogRow[] =>
  rows.toSorted((a, b) => (a.seq ?? Number.MAX_SAFE_INTEGER) - (b.seq ?? Number.MAX_SAFE_INTEGER) || a.order - b.order);
