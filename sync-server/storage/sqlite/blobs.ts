/** Rows of blobs and their chunks; the bytes lie in the blob store. */
import type { BlobId, SpaceId } from "../../../protocol/frames.ts";
import { fromId, GOING, sameBytes, toId } from "../columns.ts";
import { type BlobChunk, type Grant, type OrphanedBlob, StorageError } from "../port.ts";
import type { Database } from "./database.ts";
import { checkDocument } from "./records.ts";
import { charge, requireRoom, requireSpace } from "./spaces.ts";

/** Bytes by which the chunk would change the quota, or null when just this chunk is there already. */
function weighChunk(db: Database, grant: Grant, chunk: BlobChunk): number | null {
  const space = requireSpace(db, grant);
  checkDocument(db, space.id, chunk.document);
  const blob = db
    .sql("SELECT document, committed FROM blobs WHERE space = ? AND blob = ?")
    .get(space.id, toId(chunk.blob));
  if (blob !== undefined && !sameBytes(blob.document as Uint8Array, toId(chunk.document))) {
    throw new StorageError("op-conflict");
  }
  if (blob?.committed === GOING) throw new StorageError("rate-limited");
  const present = db
    .sql("SELECT bytes, hash FROM chunks WHERE space = ? AND blob = ? AND chunk = ?")
    .get(space.id, toId(chunk.blob), chunk.index);
  if (present !== undefined && sameBytes(present.hash as Uint8Array, chunk.hash)) return null;
  if (blob?.committed === 1) throw new StorageError("op-conflict");
  const growth = chunk.bytes - ((present?.bytes as number | undefined) ?? 0);
  requireRoom(space, growth);
  return growth;
}

export const admitChunk = (db: Database, grant: Grant, chunk: BlobChunk): boolean =>
  weighChunk(db, grant, chunk) !== null;

export function recordChunk(db: Database, grant: Grant, chunk: BlobChunk, today: number): void {
  const growth = weighChunk(db, grant, chunk);
  if (growth === null) return;
  const id = toId(grant.space);
  const blob = toId(chunk.blob);
  db.sql(
    "INSERT INTO blobs VALUES (?, ?, ?, 0, ?) ON CONFLICT (space, blob) DO UPDATE SET day = max(day, excluded.day)",
  ).run(id, blob, toId(chunk.document), today);
  db.sql("INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?, ?)").run(id, blob, chunk.index, chunk.bytes, chunk.hash);
  charge(db, id, growth);
}

export function missingChunks(db: Database, grant: Grant, blob: BlobId, chunks: number): number[] {
  const { id } = requireSpace(db, grant);
  const present = new Set(
    db
      .sql("SELECT chunk FROM chunks WHERE space = ? AND blob = ?")
      .all(id, toId(blob))
      .map((row) => row.chunk),
  );
  return Array.from({ length: chunks }, (_, index) => index).filter((index) => !present.has(index));
}

export function commitBlob(db: Database, grant: Grant, blob: BlobId, hashes: readonly Uint8Array[]): void {
  const { id } = requireSpace(db, grant);
  const stored = db
    .sql("SELECT chunk, hash FROM chunks WHERE space = ? AND blob = ? ORDER BY chunk")
    .all(id, toId(blob));
  const same =
    stored.length === hashes.length &&
    stored.every((row, index) => row.chunk === index && sameBytes(row.hash as Uint8Array, hashes[index] as Uint8Array));
  if (!same) throw new StorageError("op-conflict");
  db.sql("UPDATE blobs SET committed = 1 WHERE space = ? AND blob = ? AND committed = 0").run(id, toId(blob));
}

export function reportChunk(
  db: Database,
  grant: Grant,
  blob: BlobId,
  index: number,
  found: Uint8Array | null,
): boolean {
  const { id } = requireSpace(db, grant);
  const row = db
    .sql(
      `SELECT c.bytes, c.hash FROM blobs JOIN chunks c USING (space, blob)
       WHERE space = ? AND blob = ? AND committed = 0 AND chunk = ?`,
    )
    .get(id, toId(blob), index);
  if (row === undefined || (found !== null && sameBytes(row.hash as Uint8Array, found))) return false;
  db.sql("DELETE FROM chunks WHERE space = ? AND blob = ? AND chunk = ?").run(id, toId(blob), index);
  charge(db, id, -(row.bytes as number));
  return true;
}

export function hasChunk(db: Database, grant: Grant, blob: BlobId, index: number): boolean {
  const { id } = requireSpace(db, grant);
  return (
    db
      .sql(
        `SELECT 1 FROM blobs JOIN chunks USING (space, blob)
         WHERE space = ? AND blob = ? AND committed = 1 AND chunk = ?`,
      )
      .get(id, toId(blob), index) !== undefined
  );
}

/** Blobs that nobody committed since before the day take nothing more; answers all whose files are still to go. */
export function giveUp(db: Database, beforeDay: number): OrphanedBlob[] {
  for (const row of db.sql("SELECT space, blob FROM blobs WHERE committed = 0 AND day < ?").all(beforeDay)) {
    const id = row.space as Uint8Array;
    const blob = row.blob as Uint8Array;
    const sum = db.sql("SELECT total(bytes) AS bytes FROM chunks WHERE space = ? AND blob = ?").get(id, blob);
    db.sql("DELETE FROM chunks WHERE space = ? AND blob = ?").run(id, blob);
    db.sql("UPDATE blobs SET committed = ? WHERE space = ? AND blob = ?").run(GOING, id, blob);
    charge(db, id, -Number(sum?.bytes));
  }
  const rows = db.sql("SELECT space, blob FROM blobs WHERE committed = ?").all(GOING);
  return rows.map((row) => ({ space: fromId<SpaceId>(row.space), blob: fromId<BlobId>(row.blob) }));
}

export const isGoing = (db: Database, { space, blob }: OrphanedBlob): boolean =>
  db.sql("SELECT 1 FROM blobs WHERE space = ? AND blob = ? AND committed = ?").get(toId(space), toId(blob), GOING) !==
  undefined;

export function forgetAbandoned(db: Database, { space, blob }: OrphanedBlob): void {
  db.sql("DELETE FROM blobs WHERE space = ? AND blob = ? AND committed = ?").run(toId(space), toId(blob), GOING);
}

export function isBlobKnown(db: Database, space: SpaceId, blob: BlobId): boolean {
  return db.sql("SELECT 1 FROM blobs WHERE space = ? AND blob = ?").get(toId(space), toId(blob)) !== undefined;
}
