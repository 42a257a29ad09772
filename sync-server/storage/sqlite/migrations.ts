/**
 * The schema of the embedded store, as numbered steps. Each runs in one transaction together with the number it reaches
 * (PRAGMA user_version), so a crash in the middle leaves the store at the step before. Steps are never edited after a
 * release; a change is a new step. Columns are listed and explained in docs/operations.md, and a test compares.
 *
 * Every table begins with the space, but for `meta` and `tokens`, which belong to no space. No column holds a time
 * finer than the day except `wraps.due` (a running wait, 0 once reached) and `drop_keys.expires`.
 */
import type { DatabaseSync } from "node:sqlite";

const STEPS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tokens (hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

  CREATE TABLE spaces (
    space BLOB PRIMARY KEY,
    epoch INTEGER NOT NULL,
    own_key BLOB NOT NULL,
    write_key BLOB NOT NULL,
    read_key BLOB NOT NULL,
    head INTEGER NOT NULL,
    checkpoint BLOB,
    drop_head INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    quota INTEGER NOT NULL,
    created_with BLOB NOT NULL,
    deleted INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE records (
    space BLOB NOT NULL,
    seq INTEGER NOT NULL,
    document BLOB NOT NULL,
    kind INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    op BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (space, seq)
  ) STRICT;
  CREATE INDEX records_by_document ON records (space, document, seq);
  CREATE TABLE ops (space BLOB NOT NULL, op BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (space, op))
    STRICT, WITHOUT ROWID;
  CREATE TABLE deleted_documents (space BLOB NOT NULL, document BLOB NOT NULL, PRIMARY KEY (space, document))
    STRICT, WITHOUT ROWID;

  CREATE TABLE wraps (
    space BLOB NOT NULL,
    tag BLOB NOT NULL,
    bytes BLOB NOT NULL,
    wait INTEGER NOT NULL,
    due INTEGER,
    PRIMARY KEY (space, tag)
  ) STRICT;
  CREATE UNIQUE INDEX wraps_by_tag ON wraps (tag);
  CREATE INDEX wraps_running ON wraps (due) WHERE due > 0;

  CREATE TABLE drop_keys (
    space BLOB NOT NULL,
    key BLOB NOT NULL,
    expires INTEGER NOT NULL,
    single_use INTEGER NOT NULL,
    used INTEGER NOT NULL,
    quota INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    last_hash BLOB,
    attachment BLOB NOT NULL,
    PRIMARY KEY (space, key)
  ) STRICT;
  CREATE UNIQUE INDEX drop_keys_by_key ON drop_keys (key);
  CREATE INDEX drop_keys_running ON drop_keys (expires) WHERE expires > 0;
  CREATE TABLE drops (space BLOB NOT NULL, seq INTEGER NOT NULL, key BLOB NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (space, seq)) STRICT;

  CREATE TABLE blobs (
    space BLOB NOT NULL,
    blob BLOB NOT NULL,
    document BLOB NOT NULL,
    committed INTEGER NOT NULL,
    day INTEGER NOT NULL,
    PRIMARY KEY (space, blob)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blobs_by_document ON blobs (space, document);
  CREATE TABLE chunks (
    space BLOB NOT NULL,
    blob BLOB NOT NULL,
    chunk INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (space, blob, chunk)
  ) STRICT, WITHOUT ROWID;
  `,
  // 1: restored without its journal, so closed to all but its owner until it has reopened it.
  "ALTER TABLE spaces ADD COLUMN closed INTEGER NOT NULL DEFAULT 0",
  // 2: pruning looks for a document's snapshots, however many updates it has. 2 is the kind on the wire.
  "CREATE INDEX records_snapshots ON records (space, document, seq) WHERE kind = 2",
];

/** Brings the store to this build's schema. `steps`: another's, for a test. @throws when the store is of a newer build */
export function migrate(db: DatabaseSync, steps: readonly string[] = STEPS): void {
  const version = Number(db.prepare("PRAGMA user_version").get()?.user_version);
  if (version > steps.length) {
    throw new Error(`the store is of a newer version (${version}) than this server understands (${steps.length})`);
  }
  for (let step = version; step < steps.length; step++) {
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(steps[step] as string);
      db.exec(`PRAGMA user_version = ${step + 1}`);
      db.exec("COMMIT");
    } catch (error) {
      db.exec("ROLLBACK");
      throw error;
    }
  }
}
