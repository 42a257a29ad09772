/** Records: append, checkpoint and rotation with compare-and-set, pages, deletion, pruning. */
import type { DocumentTag, OpId, OuterRecord, Seq, StoredRecord } from "../../../protocol/frames.ts";
import { MAX_PAGE_BYTES, MAX_PAGE_RECORDS, RECORD_OVERHEAD_BYTES } from "../../../protocol/limits.ts";
import { storedRecordBytes } from "../../../protocol/shapes.ts";
import { kindToWire } from "../../../protocol/wire.ts";
import { type Appended, type Grant, type OrphanedBlob, type Page, type Rotation, StorageError } from "../port.ts";
import { fromId, fromRecordRow, sameBytes, toId } from "./columns.ts";
import type { Database } from "./database.ts";
import { charge, requireRoom, requireSpace, type SpaceRow } from "./spaces.ts";
import { checkWraps, putWraps, removeWraps } from "./wraps.ts";

export function append(db: Database, grant: Grant, record: OuterRecord): Appended {
  const known = findOp(db, grant, record);
  if (known !== null) return known;
  const space = requireSpace(db, grant);
  checkRecord(db, space, record, space.epoch);
  return insert(db, space, record);
}

export function checkpoint(db: Database, grant: Grant, expected: OpId | null, record: OuterRecord): Appended {
  const known = findOp(db, grant, record);
  if (known !== null) return known;
  const space = requireSpace(db, grant);
  if (space.checkpoint !== expected) throw new StorageError("stale-checkpoint");
  checkRecord(db, space, record, space.epoch);
  const appended = insert(db, space, record);
  db.sql("UPDATE spaces SET checkpoint = ? WHERE space = ?").run(toId(record.opId), space.id);
  return appended;
}

export function rotate(db: Database, grant: Grant, rotation: Rotation): Appended {
  const known = findOp(db, grant, rotation.record);
  if (known !== null) return known;
  const space = requireSpace(db, grant);
  if (space.checkpoint !== rotation.expected) throw new StorageError("stale-checkpoint");
  if (rotation.epoch !== space.epoch + 1) throw new StorageError("stale-epoch");
  checkRecord(db, space, rotation.record, rotation.epoch);
  checkWraps(db, space.id, rotation.wraps, rotation.removedTags);
  const appended = insert(db, space, rotation.record);
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

/** The first answer to an op id, while its space exists. Its record may be gone; another document or kind is a conflict. */
function findOp(db: Database, grant: Grant, record: OuterRecord): Appended | null {
  const id = toId(grant.space);
  const op = db.sql("SELECT seq FROM ops WHERE space = ? AND op = ?").get(id, toId(record.opId));
  if (op === undefined) return null;
  const seq = op.seq as number;
  const stored = db.sql("SELECT document, kind FROM records WHERE space = ? AND seq = ?").get(id, seq);
  const same =
    stored === undefined ||
    (sameBytes(stored.document as Uint8Array, toId(record.document)) && stored.kind === kindToWire(record.kind));
  if (!same) throw new StorageError("op-conflict");
  return { seq, fresh: false };
}

function checkRecord(db: Database, space: SpaceRow, record: OuterRecord, epoch: number): void {
  if (record.epoch !== epoch) throw new StorageError("stale-epoch");
  checkDocument(db, space.id, record.document);
  requireRoom(space, record.sealed.length + RECORD_OVERHEAD_BYTES);
}

/** @throws document-deleted */
export function checkDocument(db: Database, id: Uint8Array, document: DocumentTag): void {
  const deleted = db.sql("SELECT 1 FROM deleted_documents WHERE space = ? AND document = ?").get(id, toId(document));
  if (deleted !== undefined) throw new StorageError("document-deleted");
}

function insert(db: Database, space: SpaceRow, record: OuterRecord): Appended {
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
  const snapshots = db
    .sql("SELECT seq FROM records WHERE space = ? AND document = ? AND kind = ? ORDER BY seq DESC LIMIT 2")
    .all(id, tag, kindToWire("snapshot"));
  const newest = snapshots[0]?.seq as number | undefined;
  if (newest === undefined || newest < before) throw new StorageError("no-right");
  const keepSnapshotsFrom = snapshots.at(-1)?.seq as number;
  const doomed = `space = ?1 AND document = ?2 AND
    ((kind = ${kindToWire("update")} AND seq < ?3) OR (kind = ${kindToWire("snapshot")} AND seq < ?4))`;
  const bounds = [id, tag, before, keepSnapshotsFrom] as const;
  const freed = db.sql(`SELECT total(length(sealed)) AS bytes FROM records WHERE ${doomed}`).get(...bounds);
  db.sql(`DELETE FROM records WHERE ${doomed}`).run(...bounds);
  charge(db, id, -Number(freed?.bytes));
}
