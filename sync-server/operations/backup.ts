/**
 * Backup while the server runs, and restore while it doesn't. The journal is not part of a backup and belongs on another
 * disk: what it holds must survive the restore of an older state. docs/operations.md §5.
 */
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { backup as copyDatabase } from "node:sqlite";
import type { BlobStore } from "../blobs/port.ts";
import { fromId } from "../storage/columns.ts";
import { type Database, holdAlone, openDatabase } from "../storage/sqlite/database.ts";
import { readIdentity, renewIncarnation } from "../storage/sqlite/identity.ts";
import { openJournal } from "../storage/sqlite/journal.ts";
import { closeAll, replay } from "../storage/sqlite/replay.ts";
import { charge } from "../storage/sqlite/spaces.ts";
import { type DataPaths, OperatorError } from "./data.ts";

/** Days that clients have to upload again what the backup didn't have. */
export const REUPLOAD_DAYS = 30;

/** Copies the store as it is at one moment, then the chunks it names. @throws OperatorError when `to` holds something */
export async function backupStore(paths: DataPaths, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  if ((await readdir(to)).length > 0) throw new OperatorError(`${to} is not empty.`);
  const db = openDatabase(paths.store);
  await copyDatabase(db.raw, join(to, "lomme.sqlite"));
  db.raw.close();
  // Chunks never change once committed; one that was deleted meanwhile is missing here as it is there.
  if (existsSync(paths.blobs)) await cp(paths.blobs, join(to, "blobs"), { recursive: true, preserveTimestamps: true });
}

export interface Restored {
  /** Groups of the journal took effect, so something had happened since the backup. */
  readonly replayed: boolean;
  readonly chunksToUploadAgain: number;
  readonly tokensVoided: number;
}

/**
 * Puts a backup in the place of the store. What is there now is kept beside it as `….before-restore`.
 *
 * @throws OperatorError while a server runs, without a backup, or without the journal unless `withoutJournal`
 */
export async function restoreStore(
  paths: DataPaths,
  from: string,
  options: { readonly withoutJournal: boolean; readonly blobs: BlobStore; readonly today: number },
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
    for (const file of [paths.store, `${paths.store}-wal`, `${paths.store}-shm`]) await moveAside(file);
    if (options.withoutJournal) await moveAside(paths.journal);
    await copyFile(source, paths.store);
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

async function putRight(
  db: Database,
  paths: DataPaths,
  { withoutJournal, blobs, today }: Parameters<typeof restoreStore>[2],
): Promise<Restored> {
  if (withoutJournal) {
    db.sql("DELETE FROM meta WHERE name = 'journalled'").run();
    closeAll(db);
  }
  const journal = openJournal(paths.journal, readIdentity(db).server);
  const before = journal.groupsFrom(0).length;
  const { orphans, groups } = replay(db, journal);
  journal.close();
  for (const { space, blob } of orphans) await blobs.remove(space, blob);
  renewIncarnation(db);
  const chunksToUploadAgain = await forgetLostChunks(db, blobs, today);
  // A token that was spent since the backup would be unspent again.
  const tokensVoided = Number(db.sql("DELETE FROM tokens").run().changes);
  return { replayed: before > 0 && groups > 0, chunksToUploadAgain, tokensVoided };
}

/** Rows whose file didn't come back: the blob is open again, so that whoever has it can upload it. */
async function forgetLostChunks(db: Database, blobs: BlobStore, today: number): Promise<number> {
  let lost = 0;
  for (const row of db.sql("SELECT space, blob, chunk, bytes FROM chunks").all()) {
    const [space, blob] = [row.space as Uint8Array, row.blob as Uint8Array];
    if ((await blobs.hash(fromId(space), fromId(blob), row.chunk as number)) !== null) continue;
    lost++;
    db.sql("DELETE FROM chunks WHERE space = ? AND blob = ? AND chunk = ?").run(space, blob, row.chunk as number);
    db.sql("UPDATE blobs SET committed = 0, day = ? WHERE space = ? AND blob = ?").run(
      today + REUPLOAD_DAYS,
      space,
      blob,
    );
    charge(db, space, -(row.bytes as number));
  }
  return lost;
}

async function moveAside(file: string): Promise<void> {
  if (existsSync(file)) await rename(file, `${file}.before-restore`);
}
