/**
 * Brings spaces up to their journal: each entry takes effect whatever the space's state is, and again without harm. After
 * an interrupted commit that is exactly the write that was lost; after a restore it is what must not be undone.
 */
import { fromId, toId } from "../columns.ts";
import type { Entry, JournalledFrame } from "../entries.ts";
import type { OrphanedBlob, Rotation } from "../port.ts";
import { type Database, type Transaction, transact } from "./database.ts";
import { putDropKey, removeDropKey } from "./drops.ts";
import type { Journal, SpaceEnd } from "./journal.ts";
import { deleteDocument, insertRecord, setCheckpoint, setEpoch, toOrphans } from "./records.ts";
import { setQuota } from "./room.ts";
import { insertSpace, lockSpace, markDeleted } from "./spaces.ts";
import { putWraps, removeWraps } from "./wraps.ts";

/**
 * Entries of one space that haven't taken effect yet, in one transaction. `isPutBack`: the database is an older copy, so
 * that they all did take effect once. Else there is one at the most, of a write that was interrupted.
 */
export async function bringUp(
  db: Database,
  journal: Journal,
  id: Uint8Array,
  isPutBack: boolean,
): Promise<{ readonly orphans: readonly OrphanedBlob[]; readonly entries: number }> {
  return transact(db, async (tx) => {
    const [row] = await tx`SELECT journalled, head FROM spaces WHERE space = ${id} FOR UPDATE`;
    const missing = await journal.entriesAfter(id, (row?.journalled as number | undefined) ?? 0);
    const orphans: OrphanedBlob[] = [];
    const [only] = missing;
    if (!isPutBack && only !== undefined && missing.length === 1 && wasOvertaken(only.entry, row?.head)) {
      await journal.remove(id, only.number);
      return { orphans, entries: 0 };
    }
    for (const { entry } of missing) orphans.push(...(await apply(tx, entry)));
    const last = missing.at(-1)?.number;
    if (last !== undefined) await tx`UPDATE spaces SET journalled = ${last} WHERE space = ${id}`;
    return { orphans, entries: missing.length };
  });
}

/**
 * A rotation that was noted at a head which the space has left behind, and without it: it was never committed, its device
 * was told so or heard nothing, and has made another or will. Taken late, it would end the epoch of records that were
 * acknowledged in between, and they would count for nobody. So it goes; only passing over it would bring it back with the
 * next restore, in the place of the one that was made instead.
 */
function wasOvertaken(entry: Entry, head: unknown): boolean {
  if (entry.type !== "frame" || entry.frame.type !== "rotate") return false;
  return entry.frame.seen !== null && Number(head ?? 0) > entry.frame.seen;
}

/** Those of the spaces that are behind their journal. */
export async function findBehind(db: Database, ends: readonly SpaceEnd[]): Promise<readonly Uint8Array[]> {
  const ids = ends.map(({ id }) => id);
  const rows = await db`SELECT space, journalled FROM spaces WHERE space = ANY(${ids}::bytea[])`;
  const reached = new Map(rows.map((row) => [fromId<string>(row.space), row.journalled as number]));
  return ends.filter(({ id, number }) => (reached.get(fromId(id)) ?? 0) < number).map(({ id }) => id);
}

async function apply(tx: Transaction, entry: Entry): Promise<readonly OrphanedBlob[]> {
  if (entry.type === "frame") return applyFrame(tx, entry.frame);
  if (entry.type === "raise") {
    await setQuota(tx, toId(entry.space), entry.quota);
    return [];
  }
  if (entry.type === "mark") return [];
  const { space, keys, wraps } = entry.create;
  const id = toId(space);
  const present = await tx`SELECT 1 FROM spaces WHERE space = ${id}`;
  if (present.length > 0) return [];
  await insertSpace(tx, id, keys, entry.quota);
  await forcePutWraps(tx, id, wraps);
  return [];
}

async function applyFrame(tx: Transaction, frame: JournalledFrame): Promise<readonly OrphanedBlob[]> {
  const space = await lockSpace(tx, toId(frame.space));
  if (space === null) return [];
  const { id } = space;
  switch (frame.type) {
    case "rotate":
      if (frame.epoch <= space.epoch) return [];
      await setEpoch(tx, id, frame);
      await removeWraps(tx, id, frame.removedTags);
      await forcePutWraps(tx, id, frame.wraps);
      break;
    case "checkpoint":
      break;
    case "putWraps":
      await forcePutWraps(tx, id, frame.wraps);
      return [];
    case "deleteDocument":
      return toOrphans(frame.space, await deleteDocument(tx, space, frame.document));
    case "deleteSpace":
      return markDeleted(tx, id);
    case "registerDrop":
      await putDropKey(tx, id, frame.drop);
      return [];
    case "revokeDrop":
      await removeDropKey(tx, id, frame.key);
      return [];
  }
  const known = await tx`SELECT 1 FROM ops WHERE space = ${id} AND op = ${toId(frame.record.opId)}`;
  if (known.length === 0) await insertRecord(tx, space, frame.record);
  await setCheckpoint(tx, id, frame.record.opId);
  return [];
}

/** A tag belongs to one space at a time; what the journal says last holds. */
async function forcePutWraps(tx: Transaction, id: Uint8Array, wraps: Rotation["wraps"]): Promise<void> {
  for (const { tag } of wraps) await tx`DELETE FROM wraps WHERE tag = ${toId(tag)} AND space <> ${id}`;
  await putWraps(tx, id, wraps);
}

/** Restored without a journal: only owners get in, until they have put back what only they can. */
export async function closeAll(db: Database): Promise<void> {
  await db`UPDATE spaces SET closed = 1 WHERE deleted = 0`;
}
