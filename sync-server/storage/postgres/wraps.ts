/** Wraps by tag, with the waiting time of those that have one. `due`: NULL not asked for, 0 reached, else Unix seconds. */
import type { TaggedWrap, WrapTag } from "../../../protocol/frames.ts";
import { MAX_WRAPS_PER_SPACE } from "../../../protocol/limits.ts";
import { fromId, type Row, sameBytes, toId } from "../columns.ts";
import { StorageError, type WrapAnswer } from "../port.ts";
import { type Database, isTaken, type Queries, type Transaction } from "./database.ts";

/** @throws op-conflict when a tag belongs to another space, over-quota above the number of tags */
export async function checkWraps(
  tx: Transaction,
  id: Uint8Array,
  wraps: readonly TaggedWrap[],
  removed: readonly WrapTag[] = [],
): Promise<void> {
  if (wraps.length === 0) return;
  const asked = wraps.map(({ tag }) => toId(tag));
  const rows = await tx`SELECT space, tag FROM wraps WHERE space = ${id} OR tag = ANY(${asked}::bytea[])`;
  if (rows.some((row) => !sameBytes(row.space as Uint8Array, id))) throw new StorageError("op-conflict");
  const tags = new Set(rows.map((row) => fromId<WrapTag>(row.tag)));
  for (const tag of removed) tags.delete(tag);
  for (const { tag } of wraps) tags.add(tag);
  if (tags.size > MAX_WRAPS_PER_SPACE) throw new StorageError("over-quota");
}

/** Puts or replaces; a replaced wrap's clock starts over. Check first. @throws op-conflict when another space was quicker */
export async function putWraps(tx: Transaction, id: Uint8Array, wraps: readonly TaggedWrap[]): Promise<void> {
  try {
    for (const { tag, bytes, waitSeconds } of wraps) {
      await tx`INSERT INTO wraps VALUES (${id}, ${toId(tag)}, ${bytes}, ${waitSeconds}, NULL)
        ON CONFLICT (space, tag) DO UPDATE SET bytes = excluded.bytes, wait = excluded.wait, due = NULL`;
    }
  } catch (error) {
    throw isTaken(error) ? new StorageError("op-conflict") : error;
  }
}

export async function removeWraps(tx: Transaction, id: Uint8Array, tags: readonly WrapTag[]): Promise<void> {
  if (tags.length === 0) return;
  await tx`DELETE FROM wraps WHERE space = ${id} AND tag = ANY(${tags.map(toId)}::bytea[])`;
}

/** What can be answered without a change; undefined when the clock must be started or ended first. */
function answerOf(row: Row | undefined, nowSeconds: number): WrapAnswer | null | undefined {
  if (row === undefined) return null;
  const due = row.due as number | null;
  if (row.wait === 0 || due === 0) return { bytes: row.bytes as Uint8Array };
  if (due === null || due <= nowSeconds) return undefined;
  return { secondsLeft: due - nowSeconds };
}

/** null for unknown tags; undefined: call `readWrap`. */
export async function peekWrap(db: Database, tag: WrapTag, nowSeconds: number): Promise<WrapAnswer | null | undefined> {
  const [row] = await db`SELECT bytes, wait, due FROM wraps WHERE tag = ${toId(tag)}`;
  return answerOf(row, nowSeconds);
}

/** As `peekWrap`, and starts the clock, or ends it. The row's lock makes two first requests one. */
export async function readWrap(tx: Transaction, tag: WrapTag, nowSeconds: number): Promise<WrapAnswer | null> {
  const [row] = await tx`SELECT bytes, wait, due FROM wraps WHERE tag = ${toId(tag)} FOR UPDATE`;
  const known = answerOf(row, nowSeconds);
  if (known !== undefined || row === undefined) return known ?? null;
  const wait = row.wait as number;
  const starts = row.due === null;
  await tx`UPDATE wraps SET due = ${starts ? nowSeconds + wait : 0} WHERE tag = ${toId(tag)}`;
  return starts ? { secondsLeft: wait } : { bytes: row.bytes as Uint8Array };
}

export async function listWaits(
  sql: Queries,
  id: Uint8Array,
  nowSeconds: number,
): Promise<{ tag: WrapTag; secondsLeft: number }[]> {
  const rows = await sql`SELECT tag, due FROM wraps WHERE space = ${id} AND due IS NOT NULL`;
  return rows.map((row) => ({
    tag: fromId<WrapTag>(row.tag),
    secondsLeft: Math.max(0, (row.due as number) - nowSeconds),
  }));
}

/** Replaces due times that are over by 0: a reached wait keeps no time. */
export async function forgetReachedWaits(db: Database, nowSeconds: number): Promise<void> {
  const rows = await db`SELECT DISTINCT space FROM wraps WHERE due > 0 AND due <= ${nowSeconds}`;
  for (const { space } of rows) {
    await db`UPDATE wraps SET due = 0 WHERE space = ${space as Uint8Array} AND due > 0 AND due <= ${nowSeconds}`;
  }
}
