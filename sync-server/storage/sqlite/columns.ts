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
import type { Database } from "./database.ts";
import { charge, requireSpace } from "./spaces.ts";

export function registerDrop(db: Database, grant: Grant, drop: DropRegistration): void {
  const { id } = requireSpace(db, grant);
  if (drop.quotaBytes > MAX_DROP_QUOTA_BYTES) throw new StorageError("over-quota");
  const present = db.sql("SELECT space FROM drop_keys WHERE key = ?").get(drop.key);
  if (present !== undefined && !sameBytes(present.space as Uint8Array, id)) throw new StorageError("op-conflict");
  const count = db.sql("SELECT count(*) AS n FROM drop_keys WHERE space = ?").get(id)?.n as number;
  if (present === undefined && count >= MAX_DROP_KEYS_PER_SPACE) throw new StorageError("over-quota");
  putDropKey(db, id, drop);
}

/** Without any check. What waits under the key stays; an invitation's key may be used again. */
export function putDropKey(db: Database, id: Uint8Array, drop: DropRegistration): void {
  const present = db.sql("SELECT waiting FROM drop_keys WHERE space = ? AND key = ?").get(id, drop.key);
  db.sql("INSERT OR REPLACE INTO drop_keys VALUES (?, ?, ?, ?, 0, ?, ?, NULL, ?)").run(
    id,
    drop.key,
    drop.expires,
    drop.singleUse ? 1 : 0,
    drop.quotaBytes,
    (present?.waiting as number | undefined) ?? 0,
    drop.attachment,
  );
}

export function revokeDrop(db: Database, grant: Grant, key: Uint8Array): void {
  const { id } = requireSpace(db, grant);
  const waiting = db
    .sql("SELECT total(length(bytes)) AS bytes, count(*) AS n FROM drops WHERE space = ? AND key = ?")
    .get(id, key);
  db.sql("DELETE FROM drops WHERE space = ? AND key = ?").run(id, key);
  db.sql("DELETE FROM drop_keys WHERE space = ? AND key = ?").run(id, key);
  charge(db, id, -dropCost(waiting as Row));
}

const dropCost = (sums: Row): number => Number(sums.bytes) + Number(sums.n) * RECORD_OVERHEAD_BYTES;

/** A key that is known and not expired. */
function findKey(db: Database, key: Uint8Array, nowSeconds: number): Row | null {
  const row = db.sql("SELECT * FROM drop_keys WHERE key = ?").get(key);
  if (row === undefined || (row.expires !== 0 && (row.expires as number) <= nowSeconds)) return null;
  return row;
}

export function drop(db: Database, key: Uint8Array, bytes: Uint8Array, nowSeconds: number): SpaceId {
  const row = findKey(db, key, nowSeconds);
  if (row === null) throw new StorageError("not-found");
  const id = row.space as Uint8Array;
  const hash = createHash("sha256").update(bytes).digest();
  const last = row.last_hash as Uint8Array | null;
  if (last !== null && sameBytes(last, hash)) return fromId(id); // the same once more, after a lost answer
  if (row.single_use === 1 && row.used === 1) throw new StorageError("not-found");
  const space = db.sql("SELECT drop_head, bytes, quota FROM spaces WHERE space = ?").get(id) as Row;
  const waiting = (row.waiting as number) + bytes.length;
  const cost = bytes.length + RECORD_OVERHEAD_BYTES;
  const overSpace = (space.bytes as number) + cost > (space.quota as number);
  if (waiting > (row.quota as number) || overSpace) throw new StorageError("over-quota");
  const seq = (space.drop_head as number) + 1;
  db.sql("INSERT INTO drops VALUES (?, ?, ?, ?)").run(id, seq, key, bytes);
  db.sql("UPDATE drop_keys SET used = 1, waiting = ?, last_hash = ? WHERE key = ?").run(waiting, hash, key);
  db.sql("UPDATE spaces SET drop_head = ?, bytes = bytes + ? WHERE space = ?").run(seq, cost, id);
  return fromId(id);
}

export function readAttachment(db: Database, key: Uint8Array, nowSeconds: number): Uint8Array | null {
  return (findKey(db, key, nowSeconds)?.attachment as Uint8Array | undefined) ?? null;
}

export function readDrops(db: Database, grant: Grant, after: Seq): { drops: Drop[]; more: boolean } {
  const { id } = requireSpace(db, grant);
  const drops: Drop[] = [];
  let room = MAX_DROPS_PAGE_BYTES;
  const rows = db.sql("SELECT seq, key, bytes FROM drops WHERE space = ? AND seq > ? ORDER BY seq");
  for (const row of rows.iterate(id, after)) {
    const bytes = row.bytes as Uint8Array;
    room -= bytes.length + 64;
    if (room < 0) return { drops, more: true };
    drops.push({ seq: row.seq as number, key: row.key as Uint8Array, bytes });
  }
  return { drops, more: false };
}

export function clearDrops(db: Database, grant: Grant, through: Seq): void {
  const { id } = requireSpace(db, grant);
  const sums = db
    .sql(
      `SELECT key, total(length(bytes)) AS bytes, count(*) AS n FROM drops
       WHERE space = ? AND seq <= ? GROUP BY key`,
    )
    .all(id, through);
  for (const sum of sums) {
    db.sql("UPDATE drop_keys SET waiting = max(0, waiting - ?) WHERE space = ? AND key = ?").run(
      sum.bytes as number,
      id,
      sum.key as Uint8Array,
    );
    charge(db, id, -dropCost(sum));
  }
  db.sql("DELETE FROM drops WHERE space = ? AND seq <= ?").run(id, through);
}

/** Expired keys go, and their expiry with them; what was dropped in time stays until it is taken out. */
export function forgetExpiredKeys(db: Database, nowSeconds: number): void {
  db.sql("DELETE FROM drop_keys WHERE expires > 0 AND expires <= ?").run(nowSeconds);
}
