/**
 * Whether the database is the one that nodes wrote last. Every start and every orderly end of a node leaves a mark in the
 * journal, and the store counts them in `meta`: a store that counts fewer is an older copy. A changed timeline says that
 * PostgreSQL itself was recovered to a point in time, or that a replica took over.
 */
import { fromId } from "../columns.ts";
import { type Chunks, REUPLOAD_DAYS } from "../port.ts";
import { listChunks } from "./blobs.ts";
import { type Database, type Queries, transact } from "./database.ts";
import { renewIncarnation, writeMeta } from "./identity.ts";
import type { Journal } from "./journal.ts";
import { charge } from "./spaces.ts";

export interface Settled {
  readonly chunksToUploadAgain: number;
  readonly tokensVoided: number;
}

/** How `meta` holds a number: u64 big-endian. */
function toNumberColumn(number: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

async function readMarks(sql: Queries): Promise<number> {
  const [row] = await sql`SELECT value FROM meta WHERE name = 'marks'`;
  return row === undefined ? 0 : Number(Buffer.from(row.value as Uint8Array).readBigUInt64BE());
}

export const lacksMark = async (db: Database, journal: Journal): Promise<boolean> =>
  (await readMarks(db)) < (await journal.marks());

/** In the journal first, as every entry: a store that was put back in between lacks it. */
export async function leaveMark(db: Database, journal: Journal): Promise<void> {
  await db`INSERT INTO meta VALUES ('marks', ${toNumberColumn(0)}) ON CONFLICT DO NOTHING`;
  await transact(db, async (tx) => {
    await tx`SELECT 1 FROM meta WHERE name = 'marks' FOR UPDATE`;
    const number = await journal.addMark(await readMarks(tx));
    await tx`UPDATE meta SET value = ${toNumberColumn(number)} WHERE name = 'marks'`;
  });
}

/** Devices hear of it, tokens may have been spent since, and chunks may have gone. */
export async function settlePutBack(db: Database, chunks: Chunks | null): Promise<Settled> {
  await renewIncarnation(db);
  const chunksToUploadAgain = chunks === null ? 0 : await forgetLostChunks(db, chunks);
  // A token that was spent since would be unspent again.
  const tokensVoided = (await db`DELETE FROM tokens`).count;
  return { chunksToUploadAgain, tokensVoided };
}

/** Rows whose chunk isn't there: the blob is open again, so that whoever has it can upload it. */
async function forgetLostChunks(db: Database, { blobs, today }: Chunks): Promise<number> {
  let lost = 0;
  for await (const { space, blob, chunk, bytes } of listChunks(db)) {
    if ((await blobs.hash(fromId(space), fromId(blob), chunk)) !== null) continue;
    lost++;
    await transact(db, async (tx) => {
      await tx`DELETE FROM chunks WHERE space = ${space} AND blob = ${blob} AND chunk = ${chunk}`;
      await tx`UPDATE blobs SET committed = 0, day = ${today + REUPLOAD_DAYS} WHERE space = ${space} AND blob = ${blob}`;
      await charge(tx, space, -bytes);
    });
  }
  return lost;
}

/** A new incarnation when PostgreSQL has changed its timeline since the last start. One that doesn't say it is taken as it is. */
export async function heedTimeline(db: Database): Promise<void> {
  let now: Uint8Array;
  try {
    const [row] = await db`SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline`;
    now = Buffer.from(row?.timeline as string, "hex");
  } catch {
    return;
  }
  const [known] = await db`SELECT value FROM meta WHERE name = 'timeline'`;
  if (known !== undefined && Buffer.compare(known.value as Uint8Array, now) === 0) return;
  if (known !== undefined) await renewIncarnation(db);
  await writeMeta(db, "timeline", now);
}
