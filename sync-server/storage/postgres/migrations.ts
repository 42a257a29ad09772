/**
 * The schemas of the PostgreSQL store and of its journal, as numbered steps. Each step runs in one transaction together
 * with the number it reaches (PostgreSQL's DDL is transactional), so a crash in the middle leaves the database at the
 * step before; nodes that start together take turns by an advisory lock. Steps are never edited after a release.
 *
 * Tables and columns are those of SQLite (docs/operations.md §6, compared by a test) but for `spaces.journalled`. Every
 * table begins with the space, but for `meta` and `tokens`, which belong to no space; tags of wraps and drop keys are
 * unique across spaces, since they are asked for without one. `sealed` is ciphertext: compressing it would be in vain.
 */
import { type Database, Part, type Transaction, transact } from "./database.ts";

const STORE: readonly string[] = [
  `
  CREATE TABLE meta (name text PRIMARY KEY, value bytea NOT NULL);
  CREATE TABLE tokens (hash bytea PRIMARY KEY);

  CREATE TABLE spaces (
    space bytea PRIMARY KEY,
    epoch bigint NOT NULL,
    own_key bytea NOT NULL,
    write_key bytea NOT NULL,
    read_key bytea NOT NULL,
    head bigint NOT NULL,
    checkpoint bytea,
    drop_head bigint NOT NULL,
    bytes bigint NOT NULL,
    quota bigint NOT NULL,
    created_with bytea NOT NULL,
    deleted smallint NOT NULL,
    closed smallint NOT NULL,
    journalled bigint NOT NULL
  );
  CREATE INDEX spaces_going ON spaces (space) WHERE deleted = 1;

  CREATE TABLE records (
    space bytea NOT NULL,
    seq bigint NOT NULL,
    document bytea NOT NULL,
    kind smallint NOT NULL,
    epoch bigint NOT NULL,
    op bytea NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (space, seq)
  );
  CREATE INDEX records_by_document ON records (space, document, seq);
  CREATE TABLE ops (space bytea NOT NULL, op bytea NOT NULL, seq bigint NOT NULL, PRIMARY KEY (space, op));
  CREATE TABLE deleted_documents (space bytea NOT NULL, document bytea NOT NULL, PRIMARY KEY (space, document));

  CREATE TABLE wraps (
    space bytea NOT NULL,
    tag bytea NOT NULL,
    bytes bytea NOT NULL,
    wait bigint NOT NULL,
    due bigint,
    PRIMARY KEY (space, tag)
  );
  CREATE UNIQUE INDEX wraps_by_tag ON wraps (tag);
  CREATE INDEX wraps_running ON wraps (due) WHERE due > 0;

  CREATE TABLE drop_keys (
    space bytea NOT NULL,
    key bytea NOT NULL,
    expires bigint NOT NULL,
    single_use smallint NOT NULL,
    used smallint NOT NULL,
    quota bigint NOT NULL,
    waiting bigint NOT NULL,
    last_hash bytea,
    attachment bytea NOT NULL,
    PRIMARY KEY (space, key)
  );
  CREATE UNIQUE INDEX drop_keys_by_key ON drop_keys (key);
  CREATE INDEX drop_keys_running ON drop_keys (expires) WHERE expires > 0;
  CREATE TABLE drops (
    space bytea NOT NULL,
    seq bigint NOT NULL,
    key bytea NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (space, seq)
  );

  CREATE TABLE blobs (
    space bytea NOT NULL,
    blob bytea NOT NULL,
    document bytea NOT NULL,
    committed smallint NOT NULL,
    day bigint NOT NULL,
    PRIMARY KEY (space, blob)
  );
  CREATE INDEX blobs_by_document ON blobs (space, document);
  CREATE INDEX blobs_open ON blobs (day) WHERE committed = 0;
  CREATE TABLE chunks (
    space bytea NOT NULL,
    blob bytea NOT NULL,
    chunk bigint NOT NULL,
    bytes bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (space, blob, chunk)
  );
  ALTER TABLE records ALTER COLUMN sealed SET STORAGE EXTERNAL;
  ALTER TABLE wraps ALTER COLUMN bytes SET STORAGE EXTERNAL;
  ALTER TABLE drops ALTER COLUMN bytes SET STORAGE EXTERNAL;
  `,
  // 1: pruning looks for a document's snapshots, however many updates it has. 2 is the kind on the wire.
  // Abandoned blobs (committed 2) wait there until their files are gone.
  `
  CREATE INDEX records_snapshots ON records (space, document, seq) WHERE kind = 2;
  CREATE INDEX blobs_going ON blobs (space) WHERE committed = 2;
  `,
];

/** `number` counts a space's entries from 1; `place` is the order in which they came, whatever their space. */
const JOURNAL: readonly string[] = [
  `
  CREATE TABLE lomme_journal.owner (server bytea PRIMARY KEY);
  CREATE TABLE lomme_journal.entries (
    space bytea NOT NULL,
    number bigint NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    entry bytea NOT NULL,
    PRIMARY KEY (space, number)
  );
  `,
];

export interface Schema {
  /** Table that holds the number. */
  readonly versions: "schema_version" | "lomme_journal.schema_version";
  readonly steps: readonly string[];
}

export const STORE_SCHEMA: Schema = { versions: "schema_version", steps: STORE };
export const JOURNAL_SCHEMA: Schema = { versions: "lomme_journal.schema_version", steps: JOURNAL };

/** Any number; nodes that bring the same database up to date wait for each other at it. */
const MIGRATION_LOCK = 7_236_215;

/** Brings the database to this build's schema. @throws when it is of a newer build */
export async function migrate(db: Database, { versions, steps }: Schema): Promise<void> {
  const table = new Part(versions);
  await transact(db, async (tx) => {
    await takeMigrationLock(tx);
    const [present] = await tx`SELECT to_regclass(${versions}) IS NOT NULL AS yes`;
    if (present?.yes) return;
    if (versions.includes(".")) await tx`CREATE SCHEMA IF NOT EXISTS lomme_journal`;
    await tx`CREATE TABLE ${table} (version bigint NOT NULL)`;
  });
  while (await takeStep(db, table, steps));
}

/** A step over a large table takes its time, and whoever waits for it too. */
async function takeMigrationLock(tx: Transaction): Promise<void> {
  await tx.run("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
  await tx`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`;
}

/** False when there is no further step. */
const takeStep = (db: Database, table: Part, steps: readonly string[]): Promise<boolean> =>
  transact(db, async (tx) => {
    await takeMigrationLock(tx);
    const [row] = await tx`SELECT coalesce(max(version), 0) AS version FROM ${table}`;
    const version = row?.version as number;
    if (version > steps.length) {
      throw new Error(`the store is of a newer version (${version}) than this server understands (${steps.length})`);
    }
    const step = steps[version];
    if (step === undefined) return false;
    await tx.run(step);
    await tx`INSERT INTO ${table} VALUES (${version + 1})`;
    return true;
  });
