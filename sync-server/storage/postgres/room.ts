/** How much a space may hold, and a creation token spent on more of it. Spec: docs/protocol/http.md §2. */
import type { Raised, Room } from "../../../protocol/http.ts";
import { noteRaise } from "../entries.ts";
import { type Grant, StorageError } from "../port.ts";
import type { Database, Transaction } from "./database.ts";
import type { Note } from "./journal.ts";
import { lockGranted, readGranted } from "./spaces.ts";

/** `most`: quota of a space made with a token. @throws stale-epoch, no-such-space */
export async function readRoom(db: Database, grant: Grant, most: number): Promise<Room> {
  const { bytes, quota } = await readGranted(db, grant);
  return { bytes, quota, most };
}

/** @throws no-token, stale-epoch, no-such-space */
export async function raiseRoom(
  tx: Transaction,
  grant: Grant,
  tokenHash: Uint8Array,
  most: number,
  note: Note,
): Promise<Raised> {
  const { id, bytes, quota } = await lockGranted(tx, grant);
  if (quota >= most) {
    // Perhaps by this very token, and its answer was lost: then it is no longer there.
    const known = await tx`SELECT 1 FROM tokens WHERE hash = ${tokenHash}`;
    return { bytes, quota, most, unspent: known.length > 0 };
  }
  const { count } = await tx`DELETE FROM tokens WHERE hash = ${tokenHash}`;
  if (count === 0) throw new StorageError("no-token");
  await setQuota(tx, id, most);
  await note(id, noteRaise(grant.space, most));
  return { bytes, quota: most, most, unspent: false };
}

/** Never less than it was. */
export async function setQuota(tx: Transaction, id: Uint8Array, quota: number): Promise<void> {
  await tx`UPDATE spaces SET quota = greatest(quota, ${quota}) WHERE space = ${id}`;
}
