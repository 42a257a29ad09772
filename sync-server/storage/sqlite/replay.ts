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
import { renewIncarnation } from "./identity.ts";
import { type Journal, toPosition } from "./journal.ts";
import { notePutBack } from "./put-back.ts";
import { deleteDocument, insertRecord } from "./records.ts";
import { setQuota } from "./room.ts";
import { INSERT_SPACE, markDeleted, toSpaceRow } from "./spaces.ts";
import { putWraps, removeWraps } from "./wraps.ts";

export interface Replay {
  readonly orphans: readonly OrphanedBlob[];
  /** How many took effect; marks have none. */
  readonly entries: number;
}

/** How much of the journal the store holds; 0 for nothing. */
export function readPosition(db: Database): number {
  const journalled = db.sql("SELECT value FROM meta WHERE name = 'journalled'").get()?.value as Uint8Array | undefined;
  return journalled === undefined ? 0 : Number(Buffer.from(journalled).readBigUInt64BE());
}

/**
 * A store that lacks a mark or more than one group is noted as put back. One that lacks a single group was most likely
 * interrupted, and may be a copy that is younger than the last start: devices look once more whether everything is there.
 */
export function replay(db: Database, journal: Journal): Replay {
  const orphans: OrphanedBlob[] = [];
  let [groups, entries, marks] = [0, 0, 0];
  db.raw.exec("BEGIN IMMEDIATE");
  for (const group of journal.groupsFrom(readPosition(db))) {
    groups++;
    for (const entry of group) {
      if (entry.type === "mark") marks++;
      else {
        entries++;
        orphans.push(...apply(db, entry));
      }
    }
  }
  db.sql(SET_JOURNALLED).run(toPosition(journal.length));
  if (groups > 1 || marks > 0) notePutBack(db);
  else if (groups > 0) renewIncarnation(db);
  db.raw.exec("COMMIT");
  return { orphans, entries };
}

function apply(db: Database, entry: Exclude<Entry, { type: "mark" }>): readonly OrphanedBlob[] {
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
