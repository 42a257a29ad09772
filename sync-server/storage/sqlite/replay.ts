/**
 * Brings a store up to its journal: each entry takes effect whatever the store's state is, and again without harm. After
 * an interrupted commit that is exactly the write that was lost; after a restore it is what must not be undone.
 */
import type { CapabilityKeys } from "../../../protocol/frames.ts";
import { digestKeys, toId } from "../columns.ts";
import type { Entry, JournalledFrame } from "../entries.ts";
import type { OrphanedBlob } from "../port.ts";
import { SET_JOURNALLED } from "./commits.ts";
import type { Database } from "./database.ts";
import { putDropKey, revokeDrop } from "./drops.ts";
import { type Journal, toPosition } from "./journal.ts";
import { deleteDocument, insertRecord } from "./records.ts";
import { setQuota } from "./room.ts";
import { INSERT_SPACE, markDeleted, toSpaceRow } from "./spaces.ts";
import { putWraps, removeWraps } from "./wraps.ts";

export interface Replay {
  readonly orphans: readonly OrphanedBlob[];
  /** How many transactions the store was behind. */
  readonly groups: number;
}

/** @throws when the journal is shorter than the store says: it is not the one this store was written with */
export function replay(db: Database, journal: Journal): Replay {
  const journalled = (db.sql("SELECT value FROM meta WHERE name = 'journalled'").get()?.value ??
    null) as Uint8Array | null;
  const position = journalled === null ? 0 : Number(Buffer.from(journalled).readBigUInt64BE());
  if (position > journal.length) throw new Error("the journal is older than the store; give the right one");
  const groups = journal.groupsFrom(position);
  const orphans: OrphanedBlob[] = [];
  db.raw.exec("BEGIN IMMEDIATE");
  for (const entry of groups.flat()) orphans.push(...apply(db, entry));
  db.sql(SET_JOURNALLED).run(toPosition(journal.length));
  db.raw.exec("COMMIT");
  return { orphans, groups: groups.length };
}

function apply(db: Database, entry: Entry): readonly OrphanedBlob[] {
  if (entry.type === "create") {
    const { space, keys, wraps } = entry.create;
    const id = toId(space);
    if (db.sql("SELECT 1 FROM spaces WHERE space = ?").get(id) !== undefined) return [];
    db.sql(INSERT_SPACE).run(id, keys.own, keys.write, keys.read, entry.quota, digestKeys(keys));
    forcePutWraps(db, id, wraps);
    return [];
  }
  if (entry.type === "raise") {
    setQuota(db, toId(entry.space), entry.quota);
    return [];
  }
  return applyFrame(db, entry.frame);
}

function applyFrame(db: Database, frame: JournalledFrame): readonly OrphanedBlob[] {
  const id = toId(frame.space);
  const row = db.sql("SELECT * FROM spaces WHERE space = ? AND deleted = 0").get(id);
  if (row === undefined) return [];
  const space = toSpaceRow(id, row);
  const grant = { space: frame.space, epoch: space.epoch, right: "own" } as const;
  switch (frame.type) {
    case "rotate":
      if (frame.epoch <= space.epoch) return [];
      setEpoch(db, id, frame.epoch, frame.keys);
      removeWraps(db, id, frame.removedTags);
      forcePutWraps(db, id, frame.wraps);
      break;
    case "checkpoint":
      break;
    case "putWraps":
      forcePutWraps(db, id, frame.wraps);
      return [];
    case "deleteDocument":
      return deleteDocument(db, grant, frame.document);
    case "deleteSpace":
      return markDeleted(db, id);
    case "registerDrop":
      putDropKey(db, id, frame.drop);
      return [];
    case "revokeDrop":
      revokeDrop(db, grant, frame.key);
      return [];
  }
  const op = toId(frame.record.opId);
  if (db.sql("SELECT 1 FROM ops WHERE space = ? AND op = ?").get(id, op) === undefined) {
    insertRecord(db, space, frame.record);
  }
  db.sql("UPDATE spaces SET checkpoint = ? WHERE space = ?").run(op, id);
  return [];
}

function setEpoch(db: Database, id: Uint8Array, epoch: number, { own, write, read }: CapabilityKeys): void {
  db.sql("UPDATE spaces SET epoch = ?, own_key = ?, write_key = ?, read_key = ? WHERE space = ?").run(
    epoch,
    own,
    write,
    read,
    id,
  );
}

/** A tag belongs to one space at a time; what the journal says last holds. */
function forcePutWraps(db: Database, id: Uint8Array, wraps: Parameters<typeof putWraps>[2]): void {
  for (const { tag } of wraps) db.sql("DELETE FROM wraps WHERE tag = ?").run(toId(tag));
  putWraps(db, id, wraps);
}

/** Restored without a journal: only owners get in, until they have put back what only they can. */
export function closeAll(db: Database): void {
  db.raw.exec("UPDATE spaces SET closed = 1 WHERE deleted = 0");
}
