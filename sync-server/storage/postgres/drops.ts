/** Drop keys and what lies undelivered under them. */
import { createHash } from "node:crypto";
import type { DropRegistration, Seq, SpaceId } from "../../../protocol/frames.ts";
import {
  MAX_DROP_KEYS_PER_SPACE,
  MAX_DROP_QUOTA_BYTES,
  MAX_DROPS_PAGE_BYTES,
  RECORD_OVERHEAD_BYTES,
} from "../../../protocol/limits.ts";
import { fromId, type Row, sameBytes } from "../columns.ts";
import { type Drop, type Grant, StorageError } from "../port.ts";
import { type Database, isTaken, Part, type Queries, type Transaction } from "./database.ts";
import { charge, checkGrant, lockGranted, lockSpace } from "./spaces.ts";

/** In the transaction that holds the space's row. @throws op-conflict, over-quota */
export async function registerDrop(tx: Transaction, id: Uint8Array, drop: DropRegistration): Promise<void> {
  if (drop.quotaBytes > MAX_DROP_QUOTA_BYTES) throw new StorageError("over-quota");
  const [present] = await tx`SELECT space FROM drop_keys WHERE key = ${drop.key}`;
  if (present !== undefined && !sameBytes(present.space as Uint8Array, id)) throw new StorageError("op-conflict");
  const [count] = await tx`SELECT count(*) AS n FROM drop_keys WHERE space = ${id}`;
  if (present === undefined && (count?.n as number) >= MAX_DROP_KEYS_PER_SPACE) throw new StorageError("over-quota");
  try {
    await putDropKey(tx, id, drop);
  } catch (error) {
    throw isTaken(error) ? new StorageError("op-conflict") : error; // another mailbox was quicker
  }
}

/** Without any check. What waits under the key stays; an invitation's key may be used again. */
export async function putDropKey(tx: Transaction, id: Uint8Array, drop: DropRegistration): Promise<void> {
  await tx`INSERT INTO drop_keys VALUES
    (${id}, ${drop.key}, ${drop.expires}, ${drop.singleUse ? 1 : 0}, 0, ${drop.quotaBytes}, 0, NULL, ${drop.attachment})
    ON CONFLICT (space, key) DO UPDATE SET expires = excluded.expires, single_use = excluded.single_use, used = 0,
      quota = excluded.quota, last_hash = NULL, attachment = excluded.attachment`;
}

/** In the transaction that holds the space's row. */
export async function removeDropKey(tx: Transaction, id: Uint8Array, key: Uint8Array): Promise<void> {
  const [waiting] = await tx`SELECT ${DROP_SUMS} FROM drops WHERE space = ${id} AND key = ${key}`;
  await tx`DELETE FROM drops WHERE space = ${id} AND key = ${key}`;
  await tx`DELETE FROM drop_keys WHERE space = ${id} AND key = ${key}`;
  await charge(tx, id, -dropCost(waiting as Row));
}

const DROP_SUMS = new Part("coalesce(sum(octet_length(bytes)), 0)::bigint AS bytes, count(*) AS n");
const dropCost = (sums: Row): number => (sums.bytes as number) + (sums.n as number) * RECORD_OVERHEAD_BYTES;

/** A key that is known and not expired. */
async function findKey(sql: Queries, key: Uint8Array, nowSeconds: number): Promise<Row | null> {
  const [row] = await sql`SELECT * FROM drop_keys WHERE key = ${key}`;
  if (row === undefined || (row.expires !== 0 && (row.expires as number) <= nowSeconds)) return null;
  return row;
}

/** Which mailbox a drop goes to: its turn is taken, then its row locked, then the key looked at again. */
export async function findMailbox(db: Database, key: Uint8Array, nowSeconds: number): Promise<SpaceId> {
  const row = await findKey(db, key, nowSeconds);
  if (row === null) throw new StorageError("not-found");
  return fromId(row.space);
}

export async function drop(
  tx: Transaction,
  id: Uint8Array,
  key: Uint8Array,
  bytes: Uint8Array,
  nowSeconds: number,
): Promise<void> {
  const space = await lockSpace(tx, id);
  const row = await findKey(tx, key, nowSeconds);
  if (row === null || space === null) throw new StorageError("not-found");
  const hash = createHash("sha256").update(bytes).digest();
  const last = row.last_hash as Uint8Array | null;
  if (last !== null && sameBytes(last, hash)) return; // the same once more, after a lost answer
  if (row.single_use === 1 && row.used === 1) throw new StorageError("not-found");
  const waiting = (row.waiting as number) + bytes.length;
  const cost = bytes.length + RECORD_OVERHEAD_BYTES;
  if (waiting > (row.quota as number) || space.bytes + cost > space.quota) throw new StorageError("over-quota");
  await tx`UPDATE drop_keys SET used = 1, waiting = ${waiting}, last_hash = ${hash} WHERE space = ${id} AND key = ${key}`;
  await tx`UPDATE spaces SET drop_head = drop_head + 1, bytes = bytes + ${cost} WHERE space = ${id}`;
  await tx`INSERT INTO drops SELECT space, drop_head, ${key}::bytea, ${bytes}::bytea FROM spaces WHERE space = ${id}`;
}

export async function readAttachment(db: Database, key: Uint8Array, nowSeconds: number): Promise<Uint8Array | null> {
  return ((await findKey(db, key, nowSeconds))?.attachment as Uint8Array | undefined) ?? null;
}

/** A drop and its head in an answer; the largest that fit together, and one more to know that there are more. */
const DROP_HEAD_BYTES = 64;

/** One statement, so that what is read belongs to the epoch that was checked. */
export async function readDrops(db: Database, grant: Grant, after: Seq): Promise<{ drops: Drop[]; more: boolean }> {
  const id = Buffer.from(grant.space, "hex");
  const rows = await db`
    SELECT s.epoch, d.seq, d.key, CASE WHEN d.total <= ${MAX_DROPS_PAGE_BYTES} THEN d.bytes END AS bytes
    FROM spaces s LEFT JOIN LATERAL (
      SELECT * FROM (
        SELECT seq, key, bytes, octet_length(bytes) + ${DROP_HEAD_BYTES}::bigint AS size,
          (sum(octet_length(bytes) + ${DROP_HEAD_BYTES}::bigint) OVER (ORDER BY seq))::bigint AS total
        FROM drops WHERE space = s.space AND seq > ${after}
      ) sized WHERE total - size <= ${MAX_DROPS_PAGE_BYTES}
    ) d ON true
    WHERE s.space = ${id} AND s.deleted = 0 ORDER BY d.seq`;
  checkGrant((rows[0] as { epoch: number } | undefined) ?? null, grant);
  const drops: Drop[] = [];
  for (const row of rows) {
    if (row.seq === null) break;
    if (row.bytes === null) return { drops, more: true };
    drops.push({ seq: row.seq as number, key: row.key as Uint8Array, bytes: row.bytes as Uint8Array });
  }
  return { drops, more: false };
}

export async function clearDrops(tx: Transaction, grant: Grant, through: Seq): Promise<void> {
  const { id } = await lockGranted(tx, grant);
  const sums = await tx`SELECT key, ${DROP_SUMS} FROM drops WHERE space = ${id} AND seq <= ${through} GROUP BY key`;
  for (const sum of sums) {
    await tx`UPDATE drop_keys SET waiting = greatest(0, waiting - ${sum.bytes as number})
      WHERE space = ${id} AND key = ${sum.key as Uint8Array}`;
    await charge(tx, id, -dropCost(sum));
  }
  await tx`DELETE FROM drops WHERE space = ${id} AND seq <= ${through}`;
}

/** Expired keys go, and their expiry with them; what was dropped in time stays until it is taken out. */
export async function forgetExpiredKeys(db: Database, nowSeconds: number): Promise<void> {
  const rows = await db`SELECT DISTINCT space FROM drop_keys WHERE expires > 0 AND expires <= ${nowSeconds}`;
  for (const { space } of rows) {
    await db`DELETE FROM drop_keys WHERE space = ${space as Uint8Array} AND expires > 0 AND expires <= ${nowSeconds}`;
  }
}
