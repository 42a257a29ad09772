/** Spaces: creation, the row lock that every write begins with, quota, deletion. */
import type { CapabilityKeys, DocumentTag, OpId, SpaceId } from "../../../protocol/frames.ts";
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
import { type Database, Part, type Queries, type Transaction } from "./database.ts";
import type { Note } from "./journal.ts";
import { checkWraps, putWraps } from "./wraps.ts";

export interface SpaceRow {
  /** 16 bytes, for the next statements. */
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly head: number;
  readonly bytes: number;
  readonly quota: number;
  readonly checkpoint: OpId | null;
  /** Entries of the journal that have taken effect. */
  readonly journalled: number;
}

const toSpaceRow = (id: Uint8Array, row: Row): SpaceRow => ({
  id,
  epoch: row.epoch as number,
  head: row.head as number,
  bytes: row.bytes as number,
  quota: row.quota as number,
  checkpoint: fromOptionalId(row.checkpoint),
  journalled: row.journalled as number,
});

/** The space, whatever was proved; nobody else changes it until this transaction ends. null when there is none. */
export async function lockSpace(tx: Transaction, id: Uint8Array): Promise<SpaceRow | null> {
  const [row] = await tx`SELECT * FROM spaces WHERE space = ${id} AND deleted = 0 FOR UPDATE`;
  return row === undefined ? null : toSpaceRow(id, row);
}

/** The same for a grant that still holds. @throws no-such-space, stale-epoch */
export async function lockGranted(tx: Transaction, grant: Grant): Promise<SpaceRow> {
  return checkGrant(await lockSpace(tx, toId(grant.space)), grant);
}

/** Without a lock, for reads. @throws no-such-space, stale-epoch */
export async function readGranted(sql: Queries, grant: Grant): Promise<SpaceRow> {
  const id = toId(grant.space);
  const [row] = await sql`SELECT * FROM spaces WHERE space = ${id} AND deleted = 0`;
  return checkGrant(row === undefined ? null : toSpaceRow(id, row), grant);
}

export function checkGrant<Space extends { readonly epoch: number }>(space: Space | null, grant: Grant): Space {
  if (space === null) throw new StorageError("no-such-space");
  if (space.epoch !== grant.epoch) throw new StorageError("stale-epoch");
  return space;
}

export async function createSpace(
  tx: Transaction,
  create: CreateSpace,
  permission: Permission,
  spaceQuota: number,
  note: Note,
): Promise<void> {
  const id = toId(create.space);
  const [present] = await tx`SELECT created_with FROM spaces WHERE space = ${id}`;
  if (present !== undefined) {
    if (sameBytes(present.created_with as Uint8Array, digestKeys(create.keys))) return; // a repeat after a lost answer
    throw new StorageError("exists");
  }
  await checkWraps(tx, id, create.wraps); // before a token is spent
  if (permission === "pocket-only" && create.kind !== "pocket") throw new StorageError("no-token");
  if (typeof permission === "object") {
    const { count } = await tx`DELETE FROM tokens WHERE hash = ${permission.tokenHash}`;
    if (count === 0) throw new StorageError("no-token");
  }
  const quota = permission === "pocket-only" ? POCKET_QUOTA_BYTES : spaceQuota;
  await insertSpace(tx, id, create.keys, quota);
  await putWraps(tx, id, create.wraps);
  await note(id, noteCreation(create, quota));
}

export async function insertSpace(tx: Transaction, id: Uint8Array, keys: CapabilityKeys, quota: number): Promise<void> {
  await tx`INSERT INTO spaces (space, epoch, own_key, write_key, read_key, head, checkpoint, drop_head, bytes, quota,
      created_with, deleted, closed, journalled)
    VALUES (${id}, 1, ${keys.own}, ${keys.write}, ${keys.read}, 0, NULL, 0, 0, ${quota}, ${digestKeys(keys)}, 0, 0, 0)`;
}

export async function readSpace(db: Database, space: SpaceId): Promise<SpaceState | null> {
  const [row] = await db`SELECT * FROM spaces WHERE space = ${toId(space)} AND deleted = 0`;
  if (row === undefined) return null;
  return {
    epoch: row.epoch as number,
    keys: fromKeyColumns(row),
    head: row.head as number,
    checkpoint: fromOptionalId(row.checkpoint),
    closed: row.closed === 1,
  };
}

export async function readHeads(db: Database, list: readonly SpaceId[]): Promise<SpaceHead[]> {
  const rows = await db`SELECT space, epoch, head, drop_head FROM spaces
    WHERE space = ANY(${list.map(toId)}::bytea[]) AND deleted = 0`;
  return rows.map((row) => toSpaceHead(fromId(row.space), row));
}

/** `beyond`: how far it may go over the quota. @throws over-quota; call before the first change of a transaction */
export function requireRoom(space: SpaceRow, bytes: number, beyond = 0): void {
  if (space.bytes + bytes > space.quota + beyond) throw new StorageError("over-quota");
}

/** @throws document-deleted */
export async function checkDocument(sql: Queries, id: Uint8Array, document: DocumentTag): Promise<void> {
  const deleted = await sql`SELECT 1 FROM deleted_documents WHERE space = ${id} AND document = ${toId(document)}`;
  if (deleted.length > 0) throw new StorageError("document-deleted");
}

/** Counts bytes into (or, negative, out of) the space's quota. */
export async function charge(tx: Transaction, id: Uint8Array, bytes: number): Promise<void> {
  if (bytes !== 0) await tx`UPDATE spaces SET bytes = bytes + ${bytes} WHERE space = ${id}`;
}

/** First step of deletion: nothing of the space is served any more, its id and the digest of its first keys stay taken. */
export async function markDeleted(tx: Transaction, id: Uint8Array): Promise<OrphanedBlob[]> {
  const nothing = new Uint8Array(0);
  await tx`UPDATE spaces SET deleted = 1, own_key = ${nothing}, write_key = ${nothing}, read_key = ${nothing},
    checkpoint = NULL, bytes = 0 WHERE space = ${id}`;
  for (const table of ["wraps", "drop_keys", "drops", "deleted_documents", "chunks"]) {
    await tx`DELETE FROM ${new Part(table)} WHERE space = ${id}`;
  }
  const blobs = await tx`DELETE FROM blobs WHERE space = ${id} RETURNING blob`;
  return blobs.map((row) => ({ space: fromId(id), blob: fromId(row.blob) }));
}

/** Rows deleted in one statement of a space's removal: some 10 ms, so that others keep their latency. */
const SLICE = 2000;

/** The rest of a deleted space, in slices; may be broken off and begun again, by several nodes at once too. */
export async function removeRest(db: Database, id: Uint8Array): Promise<void> {
  for (const [table, key] of [
    [new Part("records"), new Part("seq")],
    [new Part("ops"), new Part("op")],
  ] as const) {
    let removed = SLICE;
    while (removed > 0) {
      const { count } = await db`DELETE FROM ${table} WHERE space = ${id} AND ${key} IN
        (SELECT ${key} FROM ${table} WHERE space = ${id} LIMIT ${SLICE})`;
      removed = count;
    }
  }
  await db`UPDATE spaces SET deleted = 2 WHERE space = ${id} AND deleted = 1`;
}

/** Spaces whose removal was interrupted. */
export async function halfRemoved(db: Database): Promise<Uint8Array[]> {
  const rows = await db`SELECT space FROM spaces WHERE deleted = 1`;
  return rows.map((row) => row.space as Uint8Array);
}

/** All spaces together; for metrics and the operator. */
export async function sumUsage(db: Database): Promise<{ spaces: number; bytes: number }> {
  const [row] = await db`SELECT count(*) AS spaces, coalesce(sum(bytes), 0)::bigint AS bytes
    FROM spaces WHERE deleted = 0`;
  return { spaces: row?.spaces as number, bytes: row?.bytes as number };
}
