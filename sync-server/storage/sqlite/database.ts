/**
 * Opens the one database file, the way durability needs it, and remembers prepared statements.
 *
 * WAL with synchronous=FULL: a commit returns after fsync of the log. The pragma is set on this connection and read
 * back, since a build of SQLite may have another default. secure_delete overwrites what is deleted, so that a taken-back
 * record doesn't linger in free pages. One server per file: `holdAlone` keeps a second one out, while the operator's
 * commands may open the file beside the running server.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { migrate } from "./migrations.ts";

/** SQLite's number for synchronous=FULL. */
const FULL = 2;
/** Pages (4 KiB) of log before SQLite copies them into the file: 16 MiB, a few seconds of the heaviest load. */
const CHECKPOINT_PAGES = 4096;

/**
 * Pages kept in memory, as KiB (SQLite's own default is 2 MiB, which a space of 50,000 records outgrows): op ids are
 * random, so every append touches a page of its own. At 300,000 records it nearly doubles the appends per second.
 */
const CACHE_KIB = 64 * 1024;

/** How long a write waits for an operator's command that writes just now; those take milliseconds. */
const BUSY_MS = 2000;

export interface Database {
  readonly raw: DatabaseSync;
  /** Prepared once per text. */
  sql(text: string): StatementSync;
}

/** @throws when durability can't be had, when another process holds the file, or for a newer schema */
export function openDatabase(file: string): Database {
  const raw = new DatabaseSync(file);
  raw.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  raw.exec("PRAGMA journal_mode = WAL");
  raw.exec("PRAGMA synchronous = FULL");
  raw.exec("PRAGMA secure_delete = ON");
  raw.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  raw.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  raw.exec("PRAGMA foreign_keys = OFF"); // rows of a space are deleted by name, table by table
  const synchronous = raw.prepare("PRAGMA synchronous").get()?.synchronous;
  const journal = raw.prepare("PRAGMA journal_mode").get()?.journal_mode;
  if (synchronous !== FULL || (journal !== "wal" && file !== ":memory:")) {
    raw.close();
    throw new Error(`the store can't be made durable here (synchronous ${synchronous}, journal ${journal})`);
  }
  migrate(raw);
  const statements = new Map<string, StatementSync>();
  return {
    raw,
    sql(text) {
      let statement = statements.get(text);
      if (statement === undefined) {
        statement = raw.prepare(text);
        statements.set(text, statement);
      }
      return statement;
    },
  };
}

/**
 * Keeps a second server away from the same store: fan-out and group commit assume there is one. The lock is SQLite's own
 * on a file beside the store, so it ends with the process, however that ends. Answers how to let go.
 *
 * @throws when another process holds it
 */
export function holdAlone(file: string): () => void {
  const lock = new DatabaseSync(`${file}.lock`);
  try {
    lock.exec("PRAGMA journal_mode = MEMORY"); // no further file beside it
    lock.exec("PRAGMA locking_mode = EXCLUSIVE");
    lock.exec("BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    throw new Error("another server is running on this data directory");
  }
  return () => lock.close();
}
