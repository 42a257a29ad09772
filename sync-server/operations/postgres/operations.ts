/**
 * The operator's commands on a PostgreSQL store. A backup is pg_dump's, without the journal's schema; restoring it puts
 * right what a dump can't know: what happened since, from the journal. docs/operations.md §5.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fromId } from "../../storage/columns.ts";
import { connect, type Database, transact } from "../../storage/postgres/database.ts";
import { readIdentity } from "../../storage/postgres/identity.ts";
import { type Journal, openJournal } from "../../storage/postgres/journal.ts";
import { migrate, STORE_SCHEMA } from "../../storage/postgres/migrations.ts";
import { bringAllUp } from "../../storage/postgres/opening.ts";
import { leaveMark, settlePutBack } from "../../storage/postgres/put-back.ts";
import { closeAll } from "../../storage/postgres/replay.ts";
import { sumUsage } from "../../storage/postgres/spaces.ts";
import type { Restored } from "../backup.ts";
import { copyChunks } from "../chunks.ts";
import { OperatorError } from "../data.ts";
import type { Operations, RestoreOptions } from "../port.ts";
import { hashToken, newToken } from "../tokens.ts";
import type { Usage } from "../usage.ts";
import { runProgram } from "./programs.ts";
import { verifyPostgres } from "./verify.ts";

export interface PostgresPlaces {
  readonly url: string;
  readonly journalUrl: string;
  /** Chunks on a disk, to be copied with a backup; null for S3, which has its own ways. */
  readonly blobs: string | null;
}

const DUMP = "lomme.pgdump";
/** The journal is no part of a backup: it must survive the restore of an older state. */
const DUMP_ARGS = ["--format=custom", "--exclude-schema=lomme_journal"];

export async function operatePostgres(places: PostgresPlaces): Promise<Operations> {
  const db = connect(places.url, { connections: 2, statementMs: 0 });
  const [store] = await db`SELECT to_regclass('spaces') IS NOT NULL AS yes`;
  const requireStore = (): void => {
    if (!store?.yes) throw new OperatorError("There is no store in this database. Set DATABASE_URL.");
  };

  return {
    async createTokens(count) {
      requireStore();
      const tokens = Array.from({ length: count }, newToken);
      await transact(db, async (tx) => {
        for (const token of tokens) await tx`INSERT INTO tokens VALUES (${hashToken(token)})`;
      });
      return tokens;
    },
    async revokeToken(token) {
      requireStore();
      return (await db`DELETE FROM tokens WHERE hash = ${hashToken(token)}`).count !== 0;
    },
    async countTokens() {
      requireStore();
      return (await db`SELECT count(*) AS n FROM tokens`)[0]?.n as number;
    },
    async listUsage(limit) {
      requireStore();
      const rows = await db`SELECT space, bytes, quota,
          (SELECT count(*) FROM records r WHERE r.space = s.space) AS records,
          (SELECT count(*) FROM blobs b WHERE b.space = s.space) AS blobs
        FROM spaces s WHERE deleted = 0 ORDER BY bytes DESC LIMIT ${limit}`;
      return rows.map((row) => ({ ...(row as unknown as Usage), space: fromId(row.space) }));
    },
    async sumUsage() {
      requireStore();
      return sumUsage(db);
    },
    async verify(blobs) {
      requireStore();
      return verifyPostgres(db, blobs);
    },
    async backup(to) {
      requireStore();
      await mkdir(to, { recursive: true, mode: 0o700 });
      if ((await readdir(to)).length > 0) throw new OperatorError(`${to} is not empty.`);
      await runProgram("pg_dump", places.url, [...DUMP_ARGS, `--file=${join(to, DUMP)}`]);
      if (places.blobs !== null && existsSync(places.blobs)) {
        await copyChunks(places.blobs, join(to, "blobs"));
      }
    },
    async restore(from, options) {
      if (from !== null && !existsSync(join(from, DUMP))) throw new OperatorError(`There is no backup at ${from}.`);
      await requireStillness(db);
      const journal = await openJournal(places.journalUrl);
      try {
        await requireJournal(journal, options);
        // Whatever comes of this restore: the store lacks a mark until it has been put right.
        await journal.addMark(0);
        if (from !== null) await putBack(db, places, from);
        return await putRight(db, journal, options);
      } finally {
        await journal.close();
      }
    },
    close: () => db.close(),
  };
}

/** A node that has just ended is seen for a moment longer. */
const STILL_WITHIN_MS = 2_000;

/** @throws OperatorError while a node is connected */
async function requireStillness(db: Database): Promise<void> {
  for (const until = Date.now() + STILL_WITHIN_MS; ; ) {
    const others = await db`SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'lomme-node'`;
    if (others.length === 0) return;
    if (Date.now() > until) throw new OperatorError("Stop every node first; one is connected to this database.");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** @throws OperatorError when there is none, unless that was said */
async function requireJournal(journal: Journal, { withoutJournal }: RestoreOptions): Promise<void> {
  if (!withoutJournal && (await journal.owner()) === null) {
    throw new OperatorError(
      "The journal is missing (JOURNAL_DATABASE_URL). Without it removed members could come back; if it is lost for good, use --without-journal.",
    );
  }
}

/** What is there now is dumped beside the backup first. */
async function putBack(db: Database, { url, blobs }: PostgresPlaces, from: string): Promise<void> {
  const before = join(from, "before-restore.pgdump");
  if (existsSync(before)) throw new OperatorError(`${before} is of an earlier restore; put it elsewhere first.`);
  await runProgram("pg_dump", url, [...DUMP_ARGS, `--file=${before}`]);
  const args = ["--clean", "--if-exists", "--no-owner", "--single-transaction"];
  await runProgram("pg_restore", url, [...args, `--dbname=${new URL(url).pathname.slice(1)}`, join(from, DUMP)]);
  if (blobs !== null && existsSync(join(from, "blobs"))) {
    await cp(join(from, "blobs"), blobs, { recursive: true, preserveTimestamps: true });
  }
  await migrate(db, STORE_SCHEMA);
}

async function putRight(db: Database, journal: Journal, options: RestoreOptions): Promise<Restored> {
  const { server } = await readIdentity(db);
  if (options.withoutJournal) {
    await closeAll(db);
    await journal.setOwner(server);
  }
  if ((await journal.owner()) !== server) throw new OperatorError("The journal is not the journal of this store.");
  const { orphans, entries } = await bringAllUp(db, journal, true);
  for (const { space, blob } of orphans) await options.blobs.remove(space, blob);
  const settled = await settlePutBack(db, options);
  // Tokens for HTTP outlive what closes a space by ten minutes; the next secret is made when it is asked for.
  await db`DELETE FROM meta WHERE name = 'token-secret'`;
  await leaveMark(db, journal);
  return { replayed: entries > 0, ...settled };
}
