/** Spaces: creation, the grant check that every transaction begins with, quota, deletion. */
import type { OpId, SpaceId } from "../../../protocol/frames.ts";
import type { CreateSpace } from "../../../protocol/http.ts";
import { POCKET_QUOTA_BYTES } from "../../../protocol/limits.ts";
import {
  digestKeys,
  fromId,
  fromKeyColumns,
  fromOptionalId,
  type Row,
  sameBytes,
  toId,
  toSpaceHead,
} from "../columns.ts";
import { noteCreation } from "../entries.ts";
import {
  type Grant,
  type OrphanedBlob,
  type Permission,
  type SpaceHead,
  type SpaceState,
  StorageError,
} from "../port.ts";
import type { Database } from "./database.ts";
import type { Note } from "./journal.ts";
import { checkWraps, putWraps } from "./wraps.ts";

export interface SpaceRow {
  /** 16 bytes, for the next statements. */
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly head: number;
  readonly dropHead: number;
  readonly bytes: number;
  readonly quota: number;
  readonly checkpoint: OpId | null;
}

export function createSpace(
  db: Database,
  create: CreateSpace,
  permission: Permission,
  spaceQuota: number,
  note: Note,
): void {
  const id = toId(create.space);
  const digest = digestKeys(create.keys);
  const present = db.sql("SELECT created_with FROM spaces WHERE space = ?").get(id);
  if (present !== undefined) {
    if (sameBytes(present.created_with as Uint8Array, digest)) return; // a repeat after a lost answer
    throw new StorageError("exists");
  }
  checkWraps(db, id, create.wraps); // before a token is spent
  const withToken = typeof permission === "object";
  if (permission === "pocket-only" && create.kind !== "pocket") throw new StorageError("no-token");
  if (withToken && db.sql("DELETE FROM tokens WHERE hash = ?").run(permission.tokenHash).changes === 0) {
    throw new StorageError("no-token");
  }
  const quota = permission === "pocket-only" ? POCKET_QUOTA_BYTES : spaceQuota;
  const { own, write, read } = create.keys;
  db.sql(INSERT_SPACE).run(id, own, write, read, quota, digest);
  putWraps(db, id, create.wraps);
  note(noteCreation(create, quota));
}

export const INSERT_SPACE = `INSERT INTO spaces
  (space, epoch, own_key, write_key, read_key, head, checkpoint, drop_head, bytes, quota, created_with, deleted, closed)
  VALUES (?, 1, ?, ?, ?, 0, NULL, 0, 0, ?, ?, 0, 0)`;

export function readSpace(db: Database, space: SpaceId): SpaceState | null {
  const row = db.sql("SELECT * FROM spaces WHERE space = ? AND deleted = 0").get(toId(space));
  if (row === undefined) return null;
  return {
    epoch: row.epoch as number,
    keys: fromKeyColumns(row),
    head: row.head as number,
    checkpoint: fromOptionalId(row.checkpoint),
    closed: row.closed === 1,
  };
}

export function readHead(db: Database, space: SpaceId): SpaceHead | null {
  const row = db.sql("SELECT epoch, head, drop_head FROM spaces WHERE space = ? AND deleted = 0").get(toId(space));
  return row === undefined ? null : toSpaceHead(space, row);
}

/** The space of a grant that still holds. @throws no-such-space, stale-epoch */
export function requireSpace(db: Database, grant: Grant): SpaceRow {
  const id = toId(grant.space);
  const row = db.sql("SELECT * FROM spaces WHERE space = ? AND deleted = 0").get(id);
  if (row === undefined) throw new StorageError("no-such-space");
  if (row.epoch !== grant.epoch) throw new StorageError("stale-epoch");
  return toSpaceRow(id, row);
}

export function toSpaceRow(id: Uint8Array, row: Row): SpaceRow {
  return {
    id,
    epoch: row.epoch as number,
    head: row.head as number,
    dropHead: row.drop_head as number,
    bytes: row.bytes as number,
    quota: row.quota as number,
    checkpoint: fromOptionalId(row.checkpoint),
  };
}

/** `beyond`: how far it may go over the quota. @throws over-quota; call before the first change of a transaction */
export function requireRoom(space: SpaceRow, bytes: number, beyond = 0): void {
  if (space.bytes + bytes > space.quota + beyond) throw new StorageError("over-quota");
}

/** Counts bytes into (or, negative, out of) the space's quota. */
export function charge(db: Database, id: Uint8Array, bytes: number): void {
  if (bytes !== 0) db.sql("UPDATE spaces SET bytes = bytes + ? WHERE space = ?").run(bytes, id);
}

/** First step of deletion: nothing of the space is served any more, its id and the digest of its first keys stay taken. */
export function markDeleted(db: Database, id: Uint8Array): OrphanedBlob[] {
  const nothing = new Uint8Array(0);
  db.sql(
    `UPDATE spaces SET deleted = 1, own_key = ?, write_key = ?, read_key = ?, checkpoint = NULL, bytes = 0
     WHERE space = ?`,
  ).run(nothing, nothing, nothing, id);
  for (const table of ["wraps", "drop_keys", "drops", "deleted_documents"]) {
    db.sql(`DELETE FROM ${table} WHERE space = ?`).run(id);
  }
  const blobs = db.sql("SELECT blob FROM blobs WHERE space = ?").all(id);
  db.sql("DELETE FROM chunks WHERE space = ?").run(id);
  db.sql("DELETE FROM blobs WHERE space = ?").run(id);
  return blobs.map((row) => ({ space: fromId(id), blob: fromId(row.blob) }));
}

/** Rows deleted in one transaction of a space's removal: some 10 ms, so that others keep their latency. */
const SLICE = 2000;

/** One slice of the rest; false when nothing is left. */
export function removeSlice(db: Database, id: Uint8Array): boolean {
  const records = db
    .sql("DELETE FROM records WHERE rowid IN (SELECT rowid FROM records WHERE space = ? LIMIT ?)")
    .run(id, SLICE).changes;
  if (records !== 0) return true;
  const ops = db
    .sql("DELETE FROM ops WHERE space = ?1 AND op IN (SELECT op FROM ops WHERE space = ?1 LIMIT ?2)")
    .run(id, SLICE).changes;
  if (ops !== 0) return true;
  db.sql("UPDATE spaces SET deleted = 2 WHERE space = ?").run(id);
  return false;
}

/** Spaces whose removal was interrupted. */
export function halfRemoved(db: Database): Uint8Array[] {
  return db
    .sql("SELECT space FROM spaces WHERE deleted = 1")
    .all()
    .map((row) => row.space as Uint8Array);
}

/** All spaces together; for metrics and the operator. */
export function sumUsage(db: Database): { spaces: number; bytes: number } {
  const row = db.sql("SELECT count(*) AS spaces, total(bytes) AS bytes FROM spaces WHERE deleted = 0").get();
  return { spaces: row?.spaces as number, bytes: Number(row?.bytes) };
}
