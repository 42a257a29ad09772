/** Records: checkpoint and rotation with compare-and-set, pages, deletion, pruning. */
import type { DocumentTag, OpId, OuterRecord, Seq, StoredRecord } from "../../../protocol/frames.ts";
import {
  MAX_PAGE_BYTES,
  MAX_PAGE_RECORDS,
  RECORD_OVERHEAD_BYTES,
  ROTATION_RESERVE_BYTES,
} from "../../../protocol/limits.ts";
import { storedRecordBytes } from "../../../protocol/shapes.ts";
import { kindToWire } from "../../../protocol/wire.ts";
import { fromId, fromRecordRow, sameBytes, toId } from "../columns.ts";
import { type Appended, type Grant, type OrphanedBlob, type Page, type Rotation, StorageError } from "../port.ts";
import { removeChunks } from "./blobs.ts";
import { type Database, Part, type Transaction } from "./database.ts";
import { charge, checkDocument, checkGrant, lockGranted, lockSpace, requireRoom, type SpaceRow } from "./spaces.ts";
import { checkWraps, putWraps, removeWraps } from "./wraps.ts";

export async function checkpoint(
  tx: Transaction,
  grant: Grant,
  expected: OpId | null,
  record: OuterRecord,
): Promise<Appended> {
  const found = await look(tx, grant, record);
  if ("seq" in found) return found;
  if (found.checkpoint !== expected) throw new StorageError("stale-checkpoint");
  await checkRecord(tx, found, record, found.epoch);
  const appended = await insertRecord(tx, found, record);
  await setCheckpoint(tx, found.id, record.opId);
  return appended;
}

export async function rotate(tx: Transaction, grant: Grant, rotation: Rotation): Promise<Appended> {
  const { record, epoch, wraps, removedTags } = rotation;
  const found = await look(tx, grant, record);
  if ("seq" in found) return found;
  if (found.checkpoint !== rotation.expected) throw new StorageError("stale-checkpoint");
  if (epoch !== found.epoch + 1) throw new StorageError("stale-epoch");
  if (rotation.seen !== null && rotation.seen !== found.head) throw new StorageError("head-moved");
  await checkRecord(tx, found, record, epoch);
  await checkWraps(tx, found.id, wraps, removedTags);
  const appended = await insertRecord(tx, found, record);
  await setCheckpoint(tx, found.id, record.opId);
  await setEpoch(tx, found.id, rotation);
  await removeWraps(tx, found.id, removedTags);
  await putWraps(tx, found.id, wraps);
  return appended;
}

export async function setEpoch(
  tx: Transaction,
  id: Uint8Array,
  { epoch, keys: { own, write, read } }: Pick<Rotation, "epoch" | "keys">,
): Promise<void> {
  await tx`UPDATE spaces SET epoch = ${epoch}, own_key = ${own}, write_key = ${write}, read_key = ${read}
    WHERE space = ${id}`;
}

export async function reopen(tx: Transaction, grant: Grant, checkpoint: OpId | null): Promise<void> {
  const { id, checkpoint: present } = await lockGranted(tx, grant);
  if (checkpoint !== null) {
    const seq = await controlSeq(tx, id, checkpoint);
    if (seq === 0) throw new StorageError("stale-checkpoint");
    const before = present === null ? 0 : await controlSeq(tx, id, present);
    if (seq > before) await setCheckpoint(tx, id, checkpoint);
  }
  await tx`UPDATE spaces SET closed = 0 WHERE space = ${id}`;
}

/** 0 when there is no such control record. */
async function controlSeq(tx: Transaction, id: Uint8Array, op: OpId): Promise<number> {
  const [row] = await tx`SELECT seq FROM records WHERE space = ${id} AND kind = ${kindToWire("control")}
    AND seq = (SELECT seq FROM ops WHERE space = ${id} AND op = ${toId(op)})`;
  return Number(row?.seq ?? 0);
}

export async function setCheckpoint(tx: Transaction, id: Uint8Array, op: OpId): Promise<void> {
  await tx`UPDATE spaces SET checkpoint = ${toId(op)} WHERE space = ${id}`;
}

/**
 * The space, or the first answer to a known op id, which counts before the epoch.
 *
 * @throws no-such-space, stale-epoch, op-conflict
 */
async function look(tx: Transaction, grant: Grant, record: OuterRecord): Promise<SpaceRow | Appended> {
  const space = await lockSpace(tx, toId(grant.space));
  if (space === null) throw new StorageError("no-such-space");
  const [known] = await tx`SELECT o.seq, r.document, r.kind FROM ops o LEFT JOIN records r USING (space, seq)
    WHERE o.space = ${space.id} AND o.op = ${toId(record.opId)}`;
  if (known !== undefined) return firstAnswer(known as unknown as KnownOp, record);
  return checkGrant(space, grant);
}

export interface KnownOp {
  readonly seq: Seq;
  /** null when the record is gone. */
  readonly document: Uint8Array | null;
  readonly kind: number | null;
}

/** The record may be gone; one of another document or kind is a conflict. */
export function firstAnswer({ seq, document, kind }: KnownOp, record: OuterRecord): Appended {
  const same = document === null || (sameBytes(document, toId(record.document)) && kind === kindToWire(record.kind));
  if (!same) throw new StorageError("op-conflict");
  return { seq, fresh: false };
}

/** A checkpoint or a rotation. */
async function checkRecord(tx: Transaction, space: SpaceRow, record: OuterRecord, epoch: number): Promise<void> {
  if (record.epoch !== epoch) throw new StorageError("stale-epoch");
  await checkDocument(tx, space.id, record.document);
  requireRoom(space, record.sealed.length + RECORD_OVERHEAD_BYTES, ROTATION_RESERVE_BYTES);
}

export async function insertRecord(tx: Transaction, space: SpaceRow, record: OuterRecord): Promise<Appended> {
  const seq = space.head + 1;
  const op = toId(record.opId);
  const cost = record.sealed.length + RECORD_OVERHEAD_BYTES;
  await tx`INSERT INTO records VALUES
    (${space.id}, ${seq}, ${toId(record.document)}, ${kindToWire(record.kind)}, ${record.epoch}, ${op}, ${record.sealed})`;
  await tx`INSERT INTO ops VALUES (${space.id}, ${op}, ${seq})`;
  await tx`UPDATE spaces SET head = ${seq}, bytes = bytes + ${cost} WHERE space = ${space.id}`;
  return { seq, fresh: true };
}

/** Head of a record in a page; a page is cut where its records and their heads don't fit. */
const HEAD_BYTES = storedRecordBytes(0);

/** One statement, so that what is read belongs to the epoch that was checked. The first row that doesn't fit says so. */
export async function readPage(db: Database, grant: Grant, after: Seq): Promise<Page> {
  const rows = await db`
    SELECT s.epoch AS now, s.head, r.seq, r.document, r.kind, r.epoch, r.op,
      CASE WHEN r.total <= ${MAX_PAGE_BYTES} AND r.place <= ${MAX_PAGE_RECORDS} THEN r.sealed END AS sealed
    FROM spaces s LEFT JOIN LATERAL (
      SELECT * FROM (
        SELECT *, row_number() OVER w AS place, octet_length(sealed) + ${HEAD_BYTES}::bigint AS size,
          (sum(octet_length(sealed) + ${HEAD_BYTES}::bigint) OVER w)::bigint AS total
        FROM (
          SELECT * FROM records WHERE space = s.space AND seq > ${after} ORDER BY seq LIMIT ${MAX_PAGE_RECORDS + 1}
        ) next WINDOW w AS (ORDER BY seq)
      ) sized WHERE total - size <= ${MAX_PAGE_BYTES}
    ) r ON true
    WHERE s.space = ${toId(grant.space)} AND s.deleted = 0 ORDER BY r.seq`;
  const first = rows[0];
  checkGrant(first === undefined ? null : { epoch: first.now as number }, grant);
  const records: StoredRecord[] = [];
  for (const row of rows) {
    if (row.seq === null) break;
    if (row.sealed === null) return { records, head: row.head as number, more: true };
    records.push(fromRecordRow(row));
  }
  return { records, head: first?.head as number, more: false };
}

export async function deleteDocument(
  tx: Transaction,
  space: SpaceRow,
  document: DocumentTag,
): Promise<readonly Uint8Array[]> {
  const { id } = space;
  const tag = toId(document);
  const [records] = await tx`WITH gone AS (
      DELETE FROM records WHERE space = ${id} AND document = ${tag} RETURNING octet_length(sealed) AS size
    ) SELECT coalesce(sum(size), 0)::bigint AS bytes FROM gone`;
  const rows = await tx`DELETE FROM blobs WHERE space = ${id} AND document = ${tag} RETURNING blob`;
  const blobs = rows.map((row) => row.blob as Uint8Array);
  const freed = (records?.bytes as number) + (await removeChunks(tx, id, blobs));
  await tx`INSERT INTO deleted_documents VALUES (${id}, ${tag}) ON CONFLICT DO NOTHING`;
  await charge(tx, id, -freed);
  return blobs;
}

export const toOrphans = (space: Grant["space"], blobs: readonly Uint8Array[]): OrphanedBlob[] =>
  blobs.map((blob) => ({ space, blob: fromId(blob) }));

export async function prune(tx: Transaction, grant: Grant, document: DocumentTag, before: Seq): Promise<void> {
  const { id } = await lockGranted(tx, grant);
  const tag = toId(document);
  // In the text, so that the index of snapshots serves, however many updates there are.
  const [update, snapshot] = [new Part(`${kindToWire("update")}`), new Part(`${kindToWire("snapshot")}`)];
  const [newest] = await tx`SELECT seq FROM records
    WHERE space = ${id} AND document = ${tag} AND kind = ${snapshot} ORDER BY seq DESC LIMIT 1`;
  if (newest === undefined || (newest.seq as number) < before) throw new StorageError("no-right");
  const kept = await tx`SELECT seq FROM records
    WHERE space = ${id} AND document = ${tag} AND kind = ${snapshot} AND seq <= ${before} ORDER BY seq DESC LIMIT 2`;
  const keepSnapshotsFrom = (kept.at(-1)?.seq as number | undefined) ?? 0;
  const [freed] = await tx`WITH gone AS (
      DELETE FROM records WHERE space = ${id} AND document = ${tag}
        AND ((kind = ${update} AND seq < ${before}) OR (kind = ${snapshot} AND seq < ${keepSnapshotsFrom}))
      RETURNING octet_length(sealed) AS size
    ) SELECT coalesce(sum(size), 0)::bigint AS bytes FROM gone`;
  await charge(tx, id, -(freed?.bytes as number));
}
