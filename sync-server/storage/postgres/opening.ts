/**
 * Opening the store: the database, its journal, and whether the two belong together. What a crash broke off is finished
 * from the journal, and a store that was put back from a backup gets a new incarnation. Spec: docs/operations.md.
 */
import type { Chunks, OrphanedBlob } from "../port.ts";
import { connect, type Database, requireDurable } from "./database.ts";
import { readIdentity, renewIncarnation } from "./identity.ts";
import { type Journal, openJournal } from "./journal.ts";
import { migrate, STORE_SCHEMA } from "./migrations.ts";
import { heedTimeline, lacksMark, leaveMark, settlePutBack } from "./put-back.ts";
import { bringUp, findBehind } from "./replay.ts";

export interface PostgresPlace {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** Where the journal lies; better in another database, on another disk. The same unless given. */
  readonly journalUrl?: string;
  /** Connections of this node. */
  readonly connections?: number;
  /** Looked for when the database was put back; else their rows stay as they are. */
  readonly chunks?: Chunks;
}

/** How nodes are known to the database, so that a restore can see that one is still running. */
const NODE_NAME = "lomme-node";
/** Entries looked at when a node starts: a restored store lacks the newest ones. */
const NEWEST_ENTRIES = 100;
/** What another node has noted and not yet committed is committed within this time. */
const OTHERS_COMMIT_MS = 2_000;

/** @throws when the database can't be reached, isn't durable, is of a newer version, or its journal is missing */
export async function openAll(options: PostgresPlace): Promise<{ db: Database; journal: Journal }> {
  const db = connect(options.url, {
    name: NODE_NAME,
    ...(options.connections && { connections: options.connections }),
  });
  let journal: Journal | null = null;
  try {
    await requireDurable(db);
    await migrate(db, STORE_SCHEMA);
    journal = await openJournal(options.journalUrl ?? options.url);
    await requireOwnJournal(db, journal);
    return { db, journal };
  } catch (error) {
    await journal?.close();
    await db.close();
    throw error;
  }
}

/** @throws when the journal is another store's, or new beside a store that isn't */
async function requireOwnJournal(db: Database, journal: Journal): Promise<void> {
  const { server } = await readIdentity(db);
  const owner = await journal.owner();
  if (owner === server) return;
  if (owner !== null) throw new Error("the journal is not the journal of this store");
  const used = await db`SELECT 1 FROM spaces LIMIT 1`;
  if (used.length > 0) throw new Error("the journal of this store is missing; see docs/operations.md, restore");
  await journal.setOwner(server);
}

/**
 * When this node starts: what was interrupted is finished; a store that lacks a mark was put back by hand, and all that a
 * restore does is done. One that lacks only entries was most likely interrupted, and may be a copy that is younger than the
 * last mark: devices look once more whether everything is there. Answers blobs whose rows went.
 */
export async function catchUp(db: Database, journal: Journal, chunks: Chunks | null): Promise<readonly OrphanedBlob[]> {
  await heedTimeline(db);
  const newest = await journal.newest(NEWEST_ENTRIES);
  const isBehind = async (): Promise<boolean> =>
    (await lacksMark(db, journal)) || (await findBehind(db, newest)).length > 0;
  const orphans: OrphanedBlob[] = [];
  if (await isBehind()) {
    await new Promise((resolve) => setTimeout(resolve, OTHERS_COMMIT_MS));
    if (await isBehind()) orphans.push(...(await bringUpToDate(db, journal, chunks)));
  }
  await leaveMark(db, journal);
  return orphans;
}

async function bringUpToDate(db: Database, journal: Journal, chunks: Chunks | null): Promise<readonly OrphanedBlob[]> {
  const isPutBack = await lacksMark(db, journal);
  const { orphans, entries } = await bringAllUp(db, journal, isPutBack);
  if (isPutBack) await settlePutBack(db, chunks);
  else if (entries > 0) await renewIncarnation(db);
  return orphans;
}

/** Every space that is behind its journal. */
export async function bringAllUp(
  db: Database,
  journal: Journal,
  isPutBack: boolean,
): Promise<{ readonly orphans: readonly OrphanedBlob[]; readonly entries: number }> {
  const orphans: OrphanedBlob[] = [];
  let entries = 0;
  for await (const ends of journal.ends()) {
    for (const id of await findBehind(db, ends)) {
      const done = await bringUp(db, journal, id, isPutBack);
      orphans.push(...done.orphans);
      entries += done.entries;
    }
  }
  return { orphans, entries };
}
