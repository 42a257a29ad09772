/**
 * The journal beside a PostgreSQL store: what must not be undone when the store is restored from an older backup
 * (docs/operations.md §5). It is a schema of its own, `lomme_journal`, which a backup leaves out, and belongs into
 * another database than the store (JOURNAL_DATABASE_URL), on another disk.
 *
 * Entries are those of ../entries.ts, numbered per space; a space's row says how many of them have taken effect. An
 * entry is committed before the transaction it belongs to. One that the space doesn't know of was interrupted in
 * between, or the store was restored; either way it takes effect before anything else is noted for the space, or goes,
 * where it shows that it was never committed and no longer may be (replay.ts). Marks of starts and ends stand under an
 * empty space (put-back.ts).
 */
import type { ServerId } from "../../../protocol/frames.ts";
import { fromId, sameBytes, toId } from "../columns.ts";
import { type Entry, noteMark, readEntry } from "../entries.ts";
import { connect, requireDurable } from "./database.ts";
import { JOURNAL_SCHEMA, migrate } from "./migrations.ts";

/** Puts an entry into the journal, at the end of the transaction it belongs to. */
export type Note = (id: Uint8Array, entry: Uint8Array) => Promise<void>;

export interface NumberedEntry {
  readonly number: number;
  readonly entry: Entry;
}

export interface Journal {
  /** False when another entry has this number. The same one once more is fine. */
  put(id: Uint8Array, number: number, entry: Uint8Array): Promise<boolean>;
  entriesAfter(id: Uint8Array, number: number): Promise<readonly NumberedEntry[]>;
  /** Takes back an entry whose transaction didn't commit; its number is free again. */
  remove(id: Uint8Array, number: number): Promise<void>;
  /** How many marks there are. */
  marks(): Promise<number>;
  /** Answers how many there are then: more than `known`, too. */
  addMark(known: number): Promise<number>;
  /** Spaces of the newest entries, each with its last number. */
  newest(entries: number): Promise<readonly SpaceEnd[]>;
  /** All spaces, a thousand at a time. */
  ends(): AsyncIterable<readonly SpaceEnd[]>;
  /** Whose it is; null for a new one. */
  owner(): Promise<ServerId | null>;
  setOwner(server: ServerId): Promise<void>;
  close(): Promise<void>;
}

export interface SpaceEnd {
  readonly id: Uint8Array;
  readonly number: number;
}

/** Writes to it are few: creations, rotations, deletions. */
const CONNECTIONS = 4;
const ENDS_AT_ONCE = 1000;
/** What stands where an entry has its space. */
const MARKS = new Uint8Array(0);

/** @throws when it can't be reached, or loses what was committed */
export async function openJournal(url: string): Promise<Journal> {
  const db = connect(url, { connections: CONNECTIONS });
  try {
    await requireDurable(db);
    await migrate(db, JOURNAL_SCHEMA);
  } catch (error) {
    await db.close();
    throw error;
  }
  const toEnds = (rows: readonly unknown[]): SpaceEnd[] =>
    (rows as { space: Uint8Array; number: number }[]).map(({ space, number }) => ({ id: space, number }));
  return {
    async put(id, number, entry) {
      const { count } = await db`INSERT INTO lomme_journal.entries (space, number, entry)
        VALUES (${id}, ${number}, ${entry}) ON CONFLICT (space, number) DO NOTHING`;
      if (count === 1) return true;
      const [present] = await db`SELECT entry FROM lomme_journal.entries WHERE space = ${id} AND number = ${number}`;
      return sameBytes(present?.entry as Uint8Array, entry);
    },
    async entriesAfter(id, number) {
      const rows = await db`SELECT number, entry FROM lomme_journal.entries
        WHERE space = ${id} AND number > ${number} ORDER BY number`;
      return rows.map((row) => ({ number: row.number as number, entry: readEntry(row.entry as Uint8Array) }));
    },
    async remove(id, number) {
      await db`DELETE FROM lomme_journal.entries WHERE space = ${id} AND number = ${number}`;
    },
    async marks() {
      const [row] = await db`SELECT max(number) AS number FROM lomme_journal.entries WHERE space = ${MARKS}`;
      return Number(row?.number ?? 0);
    },
    async addMark(known) {
      const [row] = await db`INSERT INTO lomme_journal.entries (space, number, entry)
        SELECT ${MARKS}::bytea, greatest(coalesce(max(number), 0), ${known}::bigint) + 1, ${noteMark()}::bytea
        FROM lomme_journal.entries WHERE space = ${MARKS}::bytea RETURNING number`;
      return row?.number as number;
    },
    async newest(entries) {
      return toEnds(
        await db`SELECT space, max(number) AS number FROM (
            SELECT space, number FROM lomme_journal.entries WHERE space <> ${MARKS} ORDER BY place DESC LIMIT ${entries}
          ) last GROUP BY space`,
      );
    },
    async *ends() {
      for (let last: Uint8Array = MARKS; ; ) {
        const some = toEnds(
          await db`SELECT space, max(number) AS number FROM lomme_journal.entries
            WHERE space > ${last} GROUP BY space ORDER BY space LIMIT ${ENDS_AT_ONCE}`,
        );
        const end = some.at(-1);
        if (end === undefined) return;
        yield some;
        last = end.id;
      }
    },
    async owner() {
      const [row] = await db`SELECT server FROM lomme_journal.owner`;
      return row === undefined ? null : fromId<ServerId>(row.server);
    },
    async setOwner(server) {
      await db`INSERT INTO lomme_journal.owner VALUES (${toId(server)}) ON CONFLICT DO NOTHING`;
    },
    close: () => db.close(),
  };
}
