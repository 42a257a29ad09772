/**
 * A store that isn't the one this server wrote last: a backup that was restored, or a copy put back by hand. Devices must
 * hear of it (a new incarnation), tokens may have been spent since, and chunks may have gone. The row that says so travels
 * with a backup, and goes in the transaction that puts all of it right: whoever opens the store before that does it anew.
 */

import { fromId } from "../columns.ts";
import { type Chunks, REUPLOAD_DAYS } from "../port.ts";
import type { Database } from "./database.ts";
import { renewIncarnation } from "./identity.ts";
import { charge } from "./spaces.ts";

export interface Settled {
  readonly chunksToUploadAgain: number;
  readonly tokensVoided: number;
}

export function notePutBack(db: Database): void {
  db.sql("INSERT OR REPLACE INTO meta VALUES ('put-back', ?)").run(Uint8Array.of(1));
}

export const isPutBack = (db: Database): boolean =>
  db.sql("SELECT 1 FROM meta WHERE name = 'put-back'").get() !== undefined;

/** `chunks` null: nobody knows where they lie, and none is looked for. */
export async function settlePutBack(db: Database, chunks: Chunks | null): Promise<Settled> {
  const lost = chunks === null ? [] : await findLostChunks(db, chunks);
  db.raw.exec("BEGIN IMMEDIATE");
  for (const chunk of lost) forgetChunk(db, chunk, (chunks?.today ?? 0) + REUPLOAD_DAYS);
  // A token that was spent since would be unspent again.
  const tokensVoided = Number(db.sql("DELETE FROM tokens").run().changes);
  // Tokens for HTTP outlive what closes a space by ten minutes; the next secret is made when it is asked for.
  db.sql("DELETE FROM meta WHERE name IN ('token-secret', 'put-back')").run();
  renewIncarnation(db);
  db.raw.exec("COMMIT");
  return { chunksToUploadAgain: lost.length, tokensVoided };
}

interface LostChunk {
  readonly space: Uint8Array;
  readonly blob: Uint8Array;
  readonly chunk: number;
  readonly bytes: number;
}

/** Rows whose file isn't there. */
async function findLostChunks(db: Database, { blobs }: Chunks): Promise<LostChunk[]> {
  const lost: LostChunk[] = [];
  for (const row of db.sql("SELECT space, blob, chunk, bytes FROM chunks").all() as unknown as LostChunk[]) {
    if ((await blobs.hash(fromId(row.space), fromId(row.blob), row.chunk)) === null) lost.push(row);
  }
  return lost;
}

/** The blob is open again until that day, so that whoever has it can upload it. */
function forgetChunk(db: Database, { space, blob, chunk, bytes }: LostChunk, until: number): void {
  db.sql("DELETE FROM chunks WHERE space = ? AND blob = ? AND chunk = ?").run(space, blob, chunk);
  db.sql("UPDATE blobs SET committed = 0, day = ? WHERE space = ? AND blob = ?").run(until, space, blob);
  charge(db, space, -bytes);
}
