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
import type { Database } from "./database.ts";
import { charge, requireRoom, requireSpace, type SpaceRow, toSpaceRow } from "./spaces.ts";
import { checkWraps, putWraps, removeWraps } from "./wraps.ts";

export function checkpoint(db: Database, grant: Grant, expected: OpId | null, record: OuterRecord): Appended {
  const found = look(db, grant, record);
  if (found.known !== null) return found.known;
  const { space } = found;
  if (space.checkpoint !== expected) throw new StorageError("stale-checkpoint");
  checkRecord(found, record, space.epoch);
  const appended = insertRecord(db, space, record);
  db.sql("UPDATE spaces SET checkpoint = ? WHERE space = ?").run(toId(record.opId), space.id);
  return appended;
}

export function rotate(db: Database, grant: Grant, rotation: Rotation): Appended {
  const found = look(db, grant, rotation.record);
  if (found.known !== null) return found.known;
  const { space } = found;
  if (space.checkpoint !== rotation.expected) throw new StorageError("stale-checkpoint");
  if (rotation.epoch !== space.epoch + 1) throw new StorageError("stale-epoch");
  if (rotation.seen !== null && rotation.seen !== space.head) throw new StorageError("head-moved");
  checkRecord(found, rotation.record, rotation.epoch);
  checkWraps(db, space.id, rotation.wraps, rotation.removedTags);
  const appended = insertRecord(db, space, rotation.record);
  const { own, write, read } = rotation.keys;
  db.sql("UPDATE spaces SET epoch = ?, own_key = ?, write_key = ?, read_key = ?, checkpoint = ? WHERE space = ?").run(
    rotation.epoch,
    own,
    write,
    read,
    toId(rotation.record.opId),
    space.id,
  );
  removeWraps(db, space.id, rotation.removedTags);
  putWraps(db, space.id, rotation.wraps);
  return appended;
}

export function reopen(db: Database, grant: Grant, checkpoint: OpId | null): void {
  const { id, checkpoint: present } = requireSpace(db, grant);
  if (checkpoint !== null) {
    const [seq, before] = [controlSeq(db, id, checkpoint), present === null ? 0 : controlSeq(db, id, present)];
    if (seq === 0) throw new StorageError("stale-checkpoint");
    if (seq > before) db.sql("UPDATE spaces SET checkpoint = ? WHERE space = ?").run(toId(checkpoint), id);
  }
  db.sql("UPDATE spaces SET closed = 0 WHERE space = ?").run(id);
}

/** 0 when there is no such control record. */
function controlSeq(db: Database, id: Uint8Array, op: OpId): Seq {
  const row = db
    .sql(
      `SELECT seq FROM records WHERE space = ?1 AND kind = ?3
         AND seq = (SELECT seq FROM ops WHERE space = ?1 AND op = ?2)`,
    )
    .get(id, toId(op), kindToWire("control"));
  return (row?.seq as number | undefined) ?? 0;
}

type Found =
  | { readonly known: Appended }
  | { readonly known: null; readonly space: SpaceRow; readonly isDeleted: boolean };

/**
 * All that a new record depends on, in one statement. The op id counts before the epoch: the first answer to it stands
 * while its space exists.
 *
 * @throws no-such-space, stale-epoch, op-conflict
 */
function look(db: Database, grant: Grant, record: OuterRecord): Found {
  const id = toId(grant.space);
  const row = db
    .sql(
      `SELECT spaces.*,
         (SELECT seq FROM ops WHERE space = ?1 AND op = ?2) AS known,
         EXISTS (SELECT 1 FROM deleted_documents WHERE space = ?1 AND document = ?3) AS is_deleted
       FROM spaces WHERE space = ?1 AND deleted = 0`,
    )
    .get(id, toId(record.opId), toId(record.document));
  if (row === undefined) throw new StorageError("no-such-space");
  if (row.known !== null) return { known: firstAnswer(db, id, row.known as Seq, record) };
  if (row.epoch !== grant.epoch) throw new StorageError("stale-epoch");
  return { known: null, space: toSpaceRow(id, row), isDeleted: row.is_deleted === 1 };
}

/** The record may be gone; one of another document or kind is a conflict. */
export function firstAnswer(db: Database, id: Uint8Array, seq: Seq, record: OuterRecord): Appended {
  const stored = db.sql("SELECT document, kind FROM records WHERE space = ? AND seq = ?").get(id, seq);
  const same =
    stored === undefined ||
    (sameBytes(stored.document as Uint8Array, toId(record.document)) && stored.kind === kindToWire(record.kind));
  if (!same) throw new StorageError("op-conflict");
  return { seq, fresh: false };
}

/** A checkpoint or a rotation. */
function checkRecord(found: Extract<Found, { known: null }>, record: OuterRecord, epoch: number): void {
  if (record.epoch !== epoch) throw new StorageError("stale-epoch");
  if (found.isDeleted) throw new StorageError("document-deleted");
  requireRoom(found.space, record.sealed.length + RECORD_OVERHEAD_BYTES, ROTATION_RESERVE_BYTES);
}

/** @throws document-deleted */
export function checkDocument(db: Database, id: Uint8Array, document: DocumentTag): void {
  const deleted = db.sql("SELECT 1 FROM deleted_documents WHERE space = ? AND document = ?").get(id, toId(document));
  if (deleted !== undefined) throw new StorageError("document-deleted");
}

export function insertRecord(db: Database, space: SpaceRow, record: OuterRecord): Appended {
  const seq = space.head + 1;
  const op = toId(record.opId);
  db.sql("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)").run(
    space.id,
    seq,
    toId(record.document),
    kindToWire(record.kind),
    record.epoch,
    op,
    record.sealed,
  );
  db.sql("INSERT INTO ops VALUES (?, ?, ?)").run(space.id, op, seq);
  db.sql("UPDATE spaces SET head = ?, bytes = bytes + ? WHERE space = ?").run(
    seq,
    record.sealed.length + RECORD_OVERHEAD_BYTES,
    space.id,
  );
  return { seq, fresh: true };
}

export function readPage(db: Database, grant: Grant, after: Seq): Page {
  const space = requireSpace(db, grant);
  const records: StoredRecord[] = [];
  let room = MAX_PAGE_BYTES;
  let more = false;
  const rows = db.sql("SELECT * FROM records WHERE space = ? AND seq > ? ORDER BY seq LIMIT ?");
  for (const row of rows.iterate(space.id, after, MAX_PAGE_RECORDS + 1)) {
    room -= storedRecordBytes((row.sealed as Uint8Array).length);
    more = room < 0 || records.length === MAX_PAGE_RECORDS;
    if (more) break;
    records.push(fromRecordRow(row));
  }
  return { records, head: space.head, more };
}

export function deleteDocument(db: Database, grant: Grant, document: DocumentTag): OrphanedBlob[] {
  const { id } = requireSpace(db, grant);
  const tag = toId(document);
  const records = db
    .sql("SELECT total(length(sealed)) AS bytes FROM records WHERE space = ? AND document = ?")
    .get(id, tag);
  const blobs = db.sql("SELECT blob FROM blobs WHERE space = ? AND document = ?").all(id, tag);
  let freed = Number(records?.bytes);
  for (const { blob } of blobs) {
    const chunks = db
      .sql("SELECT total(bytes) AS bytes FROM chunks WHERE space = ? AND blob = ?")
      .get(id, blob as never);
    freed += Number(chunks?.bytes);
    db.sql("DELETE FROM chunks WHERE space = ? AND blob = ?").run(id, blob as never);
  }
  db.sql("DELETE FROM blobs WHERE space = ? AND document = ?").run(id, tag);
  db.sql("DELETE FROM records WHERE space = ? AND document = ?").run(id, tag);
  db.sql("INSERT OR IGNORE INTO deleted_documents VALUES (?, ?)").run(id, tag);
  charge(db, id, -freed);
  return blobs.map((row) => ({ space: grant.space, blob: fromId(row.blob) }));
}

export function prune(db: Database, grant: Grant, document: DocumentTag, before: Seq): void {
  const { id } = requireSpace(db, grant);
  const tag = toId(document);
  const newest = db
    .sql(`SELECT max(seq) AS seq FROM records WHERE space = ? AND document = ? AND kind = ${kindToWire("snapshot")}`)
    .get(id, tag)?.seq as number | null | undefined; // the kind in the text: only so its index serves
  if (newest == null || newest < before) throw new StorageError("no-right");
  const kept = db
    .sql(
      `SELECT seq FROM records WHERE space = ? AND document = ? AND kind = ${kindToWire("snapshot")} AND seq <= ?
       ORDER BY seq DESC LIMIT 2`,
    )
    .all(id, tag, before);
  const keepSnapshotsFrom = (kept.at(-1)?.seq as number | undefined) ?? 0;
  const doomed = `space = ?1 AND document = ?2 AND
    ((kind = ${kindToWire("update")} AND seq < ?3) OR (kind = ${kindToWire("snapshot")} AND seq < ?4))`;
  const bounds = [id, tag, before, keepSnapshotsFrom] as const;
  const freed = db.sql(`SELECT total(length(sealed)) AS bytes FROM records WHERE ${doomed}`).get(...bounds);
  db.sql(`DELETE FROM records WHERE ${doomed}`).run(...bounds);
  charge(db, id, -Number(freed?.bytes));
}
