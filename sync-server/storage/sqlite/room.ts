/** How much a space may hold, and a creation token spent on more of it. Spec: docs/protocol/http.md §2. */
import type { Raised, Room } from "../../../protocol/http.ts";
import { noteRaise } from "../entries.ts";
import { type Grant, StorageError } from "../port.ts";
import type { Database } from "./database.ts";
import type { Note } from "./journal.ts";
import { requireSpace } from "./spaces.ts";

/** `most`: quota of a space made with a token. @throws stale-epoch, no-such-space */
export function readRoom(db: Database, grant: Grant, most: number): Room {
  const { bytes, quota } = requireSpace(db, grant);
  return { bytes, quota, most };
}

/** @throws no-token, stale-epoch, no-such-space */
export function raiseRoom(db: Database, grant: Grant, tokenHash: Uint8Array, most: number, note: Note): Raised {
  const { id, bytes, quota } = requireSpace(db, grant);
  if (quota >= most) {
    // Perhaps by this very token, and its answer was lost: then it is no longer there.
    const unspent = db.sql("SELECT 1 FROM tokens WHERE hash = ?").get(tokenHash) !== undefined;
    return { bytes, quota, most, unspent };
  }
  if (db.sql("DELETE FROM tokens WHERE hash = ?").run(tokenHash).changes === 0) throw new StorageError("no-token");
  setQuota(db, id, most);
  note(noteRaise(grant.space, most));
  return { bytes, quota: most, most, unspent: false };
}

/** Never less than it was. */
export function setQuota(db: Database, id: Uint8Array, quota: number): void {
  db.sql("UPDATE spaces SET quota = max(quota, ?) WHERE space = ?").run(quota, id);
}
