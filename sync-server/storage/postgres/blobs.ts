/** Rows of blobs and their chunks; the bytes lie in the blob store. */
import type { BlobId, SpaceId } from "../../../protocol/frames.ts";
import { fromId, GOING, sameBytes, toId } from "../columns.ts";
import { type BlobChunk, type Grant, type OrphanedBlob, StorageError } from "../port.ts";
import { type Database, Part, type Queries, type Transaction, transact } from "./database.ts";
import {
  charge,
  checkDocument,
  checkGrant,
  lockGranted,
  lockSpace,
  readGranted,
  requireRoom,
  type SpaceRow,
} from "./spaces.ts";

/** Bytes by which the chunk would change the quota, or null when just this chunk is there already. */
async function weighChunk(sql: Queries, space: SpaceRow, chunk: BlobChunk): Promise<number | null> {
  await checkDocument(sql, space.id, chunk.document);
  const id = toId(chunk.blob);
  const [blob] = await sql`SELECT document, committed FROM blobs WHERE space = ${space.id} AND blob = ${id}`;
  if (blob !== undefined && !sameBytes(blob.document as Uint8Array, toId(chunk.document))) {
    throw new StorageError("op-conflict");
  }
  if (blob?.committed === GOING) throw new StorageError("rate-limited");
  const [present] = await sql`SELECT bytes, hash FROM chunks
    WHERE space = ${space.id} AND blob = ${id} AND chunk = ${chunk.index}`;
  if (present !== undefined && sameBytes(present.hash as Uint8Array, chunk.hash)) return null;
  if (blob?.committed === 1) throw new StorageError("op-conflict");
  const growth = chunk.bytes - ((present?.bytes as number | undefined) ?? 0);
  requireRoom(space, growth);
  return growth;
}

export async function admitChunk(db: Database, grant: Grant, chunk: BlobChunk): Promise<boolean> {
  return (await weighChunk(db, await readGranted(db, grant), chunk)) !== null;
}

export async function recordChunk(tx: Transaction, grant: Grant, chunk: BlobChunk, today: number): Promise<void> {
  const space = await lockGranted(tx, grant);
  const growth = await weighChunk(tx, space, chunk);
  if (growth === null) return;
  const blob = toId(chunk.blob);
  await tx`INSERT INTO blobs VALUES (${space.id}, ${blob}, ${toId(chunk.document)}, 0, ${today})
    ON CONFLICT (space, blob) DO UPDATE SET day = greatest(blobs.day, excluded.day)`;
  await tx`INSERT INTO chunks VALUES (${space.id}, ${blob}, ${chunk.index}, ${chunk.bytes}, ${chunk.hash})
    ON CONFLICT (space, blob, chunk) DO UPDATE SET bytes = excluded.bytes, hash = excluded.hash`;
  await charge(tx, space.id, growth);
}

export async function missingChunks(db: Database, grant: Grant, blob: BlobId, chunks: number): Promise<number[]> {
  const { id } = await readGranted(db, grant);
  const rows = await db`SELECT chunk FROM chunks WHERE space = ${id} AND blob = ${toId(blob)}`;
  const present = new Set(rows.map((row) => row.chunk));
  return Array.from({ length: chunks }, (_, index) => index).filter((index) => !present.has(index));
}

export async function commitBlob(
  tx: Transaction,
  grant: Grant,
  blob: BlobId,
  hashes: readonly Uint8Array[],
): Promise<void> {
  const { id } = await lockGranted(tx, grant);
  const stored = await tx`SELECT chunk, hash FROM chunks WHERE space = ${id} AND blob = ${toId(blob)} ORDER BY chunk`;
  const same =
    stored.length === hashes.length &&
    stored.every((row, index) => row.chunk === index && sameBytes(row.hash as Uint8Array, hashes[index] as Uint8Array));
  if (!same) throw new StorageError("op-conflict");
  await tx`UPDATE blobs SET committed = 1 WHERE space = ${id} AND blob = ${toId(blob)} AND committed = 0`;
}

export async function reportChunk(
  tx: Transaction,
  grant: Grant,
  blob: BlobId,
  index: number,
  found: Uint8Array | null,
): Promise<boolean> {
  const { id } = await lockGranted(tx, grant);
  const [row] = await tx`SELECT c.bytes, c.hash FROM blobs JOIN chunks c USING (space, blob)
    WHERE space = ${id} AND blob = ${toId(blob)} AND committed = 0 AND chunk = ${index}`;
  if (row === undefined || (found !== null && sameBytes(row.hash as Uint8Array, found))) return false;
  await tx`DELETE FROM chunks WHERE space = ${id} AND blob = ${toId(blob)} AND chunk = ${index}`;
  await charge(tx, id, -(row.bytes as number));
  return true;
}

export async function hasChunk(db: Database, grant: Grant, blob: BlobId, index: number): Promise<boolean> {
  const [row] = await db`SELECT epoch, EXISTS (
      SELECT 1 FROM blobs b JOIN chunks c USING (space, blob)
      WHERE b.space = s.space AND b.blob = ${toId(blob)} AND b.committed = 1 AND c.chunk = ${index}
    ) AS present FROM spaces s WHERE space = ${toId(grant.space)} AND deleted = 0`;
  checkGrant((row as { epoch: number } | undefined) ?? null, grant);
  return row?.present as boolean;
}

/**
 * Blobs that nobody committed since before the day take nothing more; each space in its own transaction. Answers all whose
 * files are still to go.
 */
export async function giveUp(db: Database, beforeDay: number): Promise<OrphanedBlob[]> {
  for (const { space } of await db`SELECT DISTINCT space FROM blobs WHERE committed = 0 AND day < ${beforeDay}`) {
    const id = space as Uint8Array;
    await transact(db, async (tx) => {
      await lockSpace(tx, id);
      const rows = await tx`UPDATE blobs SET committed = ${GOING}
        WHERE space = ${id} AND committed = 0 AND day < ${beforeDay} RETURNING blob`;
      const bytes = await removeChunks(
        tx,
        id,
        rows.map((row) => row.blob as Uint8Array),
      );
      await charge(tx, id, -bytes);
    });
  }
  const going = await db`SELECT space, blob FROM blobs WHERE committed = ${new Part(`${GOING}`)}`;
  return going.map((row) => ({ space: fromId<SpaceId>(row.space), blob: fromId<BlobId>(row.blob) }));
}

/** The row stays locked while the files go: another node that meant to do it finds it locked, or gone. */
export function removeAbandoned(
  db: Database,
  { space, blob }: OrphanedBlob,
  remove: () => Promise<void>,
): Promise<void> {
  return transact(db, async (tx) => {
    await tx.run("SET LOCAL idle_in_transaction_session_timeout = 0");
    const mine = await tx`SELECT 1 FROM blobs
      WHERE space = ${toId(space)} AND blob = ${toId(blob)} AND committed = ${GOING} FOR UPDATE SKIP LOCKED`;
    if (mine.length === 0) return;
    await remove();
    await tx`DELETE FROM blobs WHERE space = ${toId(space)} AND blob = ${toId(blob)}`;
  });
}

/** Answers the bytes that they counted. */
export async function removeChunks(tx: Transaction, id: Uint8Array, blobs: readonly Uint8Array[]): Promise<number> {
  let bytes = 0;
  for (const blob of blobs) {
    const gone = await tx`DELETE FROM chunks WHERE space = ${id} AND blob = ${blob} RETURNING bytes`;
    for (const row of gone) bytes += row.bytes as number;
  }
  return bytes;
}

export async function isBlobKnown(db: Database, space: SpaceId, blob: BlobId): Promise<boolean> {
  const rows = await db`SELECT 1 FROM blobs WHERE space = ${toId(space)} AND blob = ${toId(blob)}`;
  return rows.length > 0;
}

export interface ChunkRow {
  readonly space: Uint8Array;
  readonly blob: Uint8Array;
  readonly chunk: number;
  readonly bytes: number;
  /** SHA-256 as it was uploaded. */
  readonly hash: Uint8Array;
}

const CHUNKS_AT_ONCE = 1000;

/** Every chunk, a thousand at a time. */
export async function* listChunks(db: Database): AsyncIterable<ChunkRow> {
  const nothing = new Uint8Array(0);
  let last: Pick<ChunkRow, "space" | "blob" | "chunk"> = { space: nothing, blob: nothing, chunk: -1 };
  for (;;) {
    const rows = await db`SELECT space, blob, chunk, bytes, hash FROM chunks
      WHERE (space, blob, chunk) > (${last.space}, ${last.blob}, ${last.chunk})
      ORDER BY space, blob, chunk LIMIT ${CHUNKS_AT_ONCE}`;
    const some = rows as unknown as readonly ChunkRow[];
    yield* some;
    const end = some.at(-1);
    if (end === undefined) return;
    last = end;
  }
}
