/**
 * Backup while the server runs, and restore while it doesn't. The journal is not part of a backup and belongs on another
 * disk: what it holds must survive the restore of an older state. docs/operations.md §5.
 */
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Chunks } from "../storage/port.ts";
import { type Database, holdAlone, openDatabase } from "../storage/sqlite/database.ts";
import { readIdentity } from "../storage/sqlite/identity.ts";
import { openJournal } from "../storage/sqlite/journal.ts";
import { notePutBack, type Settled, settlePutBack } from "../storage/sqlite/put-back.ts";
import { closeAll, readPosition, replay } from "../storage/sqlite/replay.ts";
import { copyChunks } from "./chunks.ts";
import { type DataPaths, OperatorError } from "./data.ts";

/**
 * Copies the store as it is at one moment, then the chunks it names. In one statement, so that a server that goes on
 * writing doesn't make it begin again. The copy knows that it is one. @throws OperatorError when `to` holds something
 */
export async function backupStore(paths: DataPaths, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  if ((await readdir(to)).length > 0) throw new OperatorError(`${to} is not empty.`);
  const copy = join(to, "lomme.sqlite");
  withDatabase(paths.store, (db) => db.sql("VACUUM INTO ?").run(copy));
  withDatabase(copy, notePutBack);
  if (existsSync(paths.blobs)) await copyChunks(paths.blobs, join(to, "blobs"));
}

function withDatabase(file: string, work: (db: Database) => void): void {
  const db = openDatabase(file);
  try {
    work(db);
  } finally {
    db.raw.close();
  }
}

export interface Restored extends Settled {
  /** Entries of the journal took effect, so something had happened since the backup. */
  readonly replayed: boolean;
}

/**
 * Puts a backup in the place of the store. What is there now is kept beside it as `….before-restore`. Nothing is moved
 * before backup and journal have been opened.
 *
 * @throws OperatorError while a server runs, without a backup, without the journal unless `withoutJournal`, or while what an
 *   earlier restore kept is still there
 */
export async function restoreStore(
  paths: DataPaths,
  from: string,
  options: { readonly withoutJournal: boolean } & Chunks,
): Promise<Restored> {
  const source = join(from, "lomme.sqlite");
  if (!existsSync(source)) throw new OperatorError(`There is no backup at ${from}.`);
  if (!options.withoutJournal && !existsSync(paths.journal)) {
    throw new OperatorError(
      `The journal ${paths.journal} is missing. Without it removed members could come back; if it is lost for good, use --without-journal.`,
    );
  }
  const letGo = holdAlone(paths.store);
  try {
    const inTheWay = [paths.store, `${paths.store}-wal`, `${paths.store}-shm`];
    if (options.withoutJournal) inTheWay.push(paths.journal);
    for (const file of inTheWay) requireFree(keptAs(file));
    const prepared = await prepare(paths, source, options.withoutJournal);
    for (const file of inTheWay) if (existsSync(file)) await rename(file, keptAs(file));
    await rename(prepared, paths.store);
    if (existsSync(join(from, "blobs"))) {
      await cp(join(from, "blobs"), paths.blobs, { recursive: true, preserveTimestamps: true });
    }
    const db = openDatabase(paths.store);
    try {
      return await putRight(db, paths, options);
    } finally {
      db.raw.close();
    }
  } finally {
    letGo();
  }
}

const keptAs = (file: string): string => `${file}.before-restore`;

/** It may be the only copy of what was there before the first try. */
function requireFree(file: string): void {
  if (existsSync(file)) throw new OperatorError(`${file} is of an earlier restore; put it elsewhere first.`);
}

/** The backup beside its place, opened once; it says itself that it was put back. @throws when it can't be used */
async function prepare(paths: DataPaths, source: string, withoutJournal: boolean): Promise<string> {
  const prepared = `${paths.store}.restoring`;
  const clear = async (): Promise<void> => {
    for (const end of ["", "-wal", "-shm"]) await rm(prepared + end, { force: true });
  };
  await clear();
  try {
    await copyFile(source, prepared);
    withDatabase(prepared, (db) => {
      notePutBack(db);
      if (!withoutJournal) openJournal(paths.journal, readIdentity(db).server, readPosition(db)).close();
    });
  } catch (error) {
    await clear();
    throw error;
  }
  return prepared;
}

async function putRight(
  db: Database,
  paths: DataPaths,
  { withoutJournal, blobs, today }: Parameters<typeof restoreStore>[2],
): Promise<Restored> {
  if (withoutJournal) {
    db.sql("DELETE FROM meta WHERE name = 'journalled'").run();
    closeAll(db);
  }
  const journal = openJournal(paths.journal, readIdentity(db).server, readPosition(db));
  const { orphans, entries } = replay(db, journal);
  journal.close();
  for (const { space, blob } of orphans) await blobs.remove(space, blob);
  return { replayed: entries > 0, ...(await settlePutBack(db, { blobs, today })) };
}
