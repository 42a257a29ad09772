/** Wraps by tag, with the waiting time of those that have one. `due`: NULL not asked for, 0 reached, else Unix seconds. */
import type { TaggedWrap, WrapTag } from "../../../protocol/frames.ts";
import { MAX_WRAPS_PER_SPACE } from "../../../protocol/limits.ts";
import { fromId, type Row, sameBytes, toId } from "../columns.ts";
import { StorageError, type WrapAnswer } from "../port.ts";
import type { Database } from "./database.ts";

/** @throws op-conflict when a tag belongs to another space, over-quota above the number of tags */
export function checkWraps(
  db: Database,
  id: Uint8Array,
  wraps: readonly TaggedWrap[],
  removed: readonly WrapTag[] = [],
): void {
  const tags = new Set(
    db
      .sql("SELECT tag FROM wraps WHERE space = ?")
      .all(id)
      .map((row) => fromId<WrapTag>(row.tag)),
  );
  for (const tag of removed) tags.delete(tag);
  for (const { tag } of wraps) {
    const owner = db.sql("SELECT space FROM wraps WHERE tag = ?").get(toId(tag));
    if (owner !== undefined && !sameBytes(owner.space as Uint8Array, id)) throw new StorageError("op-conflict");
    tags.add(tag);
  }
  if (tags.size > MAX_WRAPS_PER_SPACE) throw new StorageError("over-quota");
}

/** Puts or replaces; a replaced wrap's clock starts over. Check first. */
export function putWraps(db: Database, id: Uint8Array, wraps: readonly TaggedWrap[]): void {
  for (const { tag, bytes, waitSeconds } of wraps) {
    db.sql("DELETE FROM wraps WHERE space = ? AND tag = ?").run(id, toId(tag));
    db.sql("INSERT INTO wraps VALUES (?, ?, ?, ?, NULL)").run(id, toId(tag), bytes, waitSeconds);
  }
}

export function removeWraps(db: Database, id: Uint8Array, tags: readonly WrapTag[]): void {
  for (const tag of tags) db.sql("DELETE FROM wraps WHERE space = ? AND tag = ?").run(id, toId(tag));
}

const findWrap = (db: Database, tag: WrapTag): Row | undefined =>
  db.sql("SELECT space, bytes, wait, due FROM wraps WHERE tag = ?").get(toId(tag));

/** What can be answered without a change: null for unknown, undefined when the clock must be started or ended first. */
export function peekWrap(db: Database, tag: WrapTag, nowSeconds: number): WrapAnswer | null | undefined {
  const row = findWrap(db, tag);
  if (row === undefined) return null;
  const due = row.due as number | null;
  if (row.wait === 0 || due === 0) return { bytes: row.bytes as Uint8Array };
  if (due === null || due <= nowSeconds) return undefined;
  return { secondsLeft: due - nowSeconds };
}

/** As `peekWrap`, in a transaction: starts the clock, or ends it. */
export function readWrap(db: Database, tag: WrapTag, nowSeconds: number): WrapAnswer | null {
  const known = peekWrap(db, tag, nowSeconds);
  if (known !== undefined) return known;
  const row = findWrap(db, tag) as Row;
  const wait = row.wait as number;
  const starts = row.due === null;
  const due = starts ? nowSeconds + wait : 0;
  db.sql("UPDATE wraps SET due = ? WHERE tag = ?").run(due, toId(tag));
  return starts ? { secondsLeft: wait } : { bytes: row.bytes as Uint8Array };
}

export function listWaits(db: Database, id: Uint8Array, nowSeconds: number): { tag: WrapTag; secondsLeft: number }[] {
  return db
    .sql("SELECT tag, due FROM wraps WHERE space = ? AND due IS NOT NULL")
    .all(id)
    .map((row) => ({
      tag: fromId<WrapTag>(row.tag),
      secondsLeft: Math.max(0, (row.due as number) - nowSeconds),
    }));
}

/** Replaces due times that are over by 0: a reached wait keeps no time. */
export function forgetReachedWaits(db: Database, nowSeconds: number): void {
  db.sql("UPDATE wraps SET due = 0 WHERE due > 0 AND due <= ?").run(nowSeconds);
}
