/**
 * Opens the one database file, the way durability needs it, and remembers prepared statements.
 *
 * WAL with synchronous=FULL: a commit returns after fsync of the log. The pragma is set on this connection and read
 * back, since a build of SQLite may have another default. secure_delete overwrites what is deleted, so that a taken-back
 * record doesn't linger in free pages. Only this process may open the file: an exclusive lock is held.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { migrate } from "./migrations.ts";

/** SQLite's number for synchronous=FULL. */
const FULL = 2;
/** Pages (4 KiB) of log before SQLite copies them into the file: 16 MiB, a few seconds of the heaviest load. */
const CHECKPOINT_PAGES = 4096;

export type Row = Record<string, unknown>;

export interface Database {
  readonly raw: DatabaseSync;
  /** Prepared once per text. */
  sql(text: string): StatementSync;
}

/** @throws when durability can't be had, when another process holds the file, or for a newer schema */
export function openDatabase(file: string): Database {
  const raw = new DatabaseSync(file);
  raw.exec("PRAGMA locking_mode = EXCLUSIVE");
  raw.exec("PRAGMA journal_mode = WAL");
  raw.exec("PRAGMA synchronous = FULL");
  raw.exec("PRAGMA secure_delete = ON");
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
