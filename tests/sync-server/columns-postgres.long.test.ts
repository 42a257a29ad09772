/** The same on PostgreSQL: every column of the store and of its journal is listed, and none holds a finer time. */
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import type { Storage } from "../../sync-server/storage/port.ts";
import { connect, type Database, Part } from "../../sync-server/storage/postgres/database.ts";
import { openPostgresStorage } from "../../sync-server/storage/postgres/store.ts";
import { COLUMNS, fill, looksLikeTime } from "./columns.ts";
import { newDirectory } from "./made-up.ts";
import { START_MS } from "./node.ts";
import { startPostgres } from "./postgres.ts";

/** What PostgreSQL has beyond SQLite, where the journal is a file and the version a number in its head. */
const MORE: Readonly<Record<string, string>> = {
  "public.schema_version.version": "number from 1",
  "public.spaces.journalled": "number from 0",
  "lomme_journal.entries.entry":
    "as a client sent it: ids, public keys, sealed wraps and checkpoints, lengths and ends of drop keys",
  "lomme_journal.entries.number": "number from 1",
  "lomme_journal.entries.place": "number from 1",
  "lomme_journal.entries.space": "id",
  "lomme_journal.owner.server": "id",
  "lomme_journal.schema_version.version": "number from 1",
};
const cluster = await startPostgres();

describe.skipIf(typeof cluster === "string")(`postgres${typeof cluster === "string" ? `: ${cluster}` : ""}`, () => {
  if (typeof cluster === "string") return;
  let storage: Storage;
  let db: Database;
  let directory: string;
  beforeEach(async () => {
    const url = await cluster.createDatabase();
    directory = await newDirectory("columns");
    storage = await openPostgresStorage({ url, connections: 2 });
    db = connect(url, { connections: 1 });
    await fill(storage, createDiskBlobs(directory));
  });
  afterEach(async () => {
    await storage.close();
    await db.close();
    await rm(directory, { recursive: true });
  });
  afterAll(() => cluster.dispose());

  const listColumns = async () =>
    (await db`SELECT table_schema AS schema, table_name AS name, column_name AS column, data_type AS type
      FROM information_schema.columns WHERE table_schema IN ('public', 'lomme_journal')`) as unknown as readonly {
      readonly schema: string;
      readonly name: string;
      readonly column: string;
      readonly type: string;
    }[];

  test("every column is listed, every listed column is there, and there are no other schemas", async () => {
    const found = (await listColumns()).map(({ schema, name, column }) => `${schema}.${name}.${column}`);
    const listed = [...Object.keys(COLUMNS).map((name) => `public.${name}`), ...Object.keys(MORE)];
    expect(new Set(found)).toEqual(new Set(listed));
    const schemas = await db`SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1`;
    expect(schemas.map(({ name }) => name)).toEqual(["information_schema", "lomme_journal", "public"]);
  });

  test("no column is of a time type, and no number is a time finer than the day but waits and expiries", async () => {
    const found: string[] = [];
    for (const { schema, name, column, type } of await listColumns()) {
      expect(type).toMatch(/^(bytea|bigint|smallint|text)$/);
      const rows = await db`SELECT ${new Part(column)} AS value FROM ${new Part(`${schema}.${name}`)}`;
      for (const { value } of rows)
        if (typeof value === "number" && looksLikeTime(value)) found.push(`${name}.${column}`);
    }
    expect(new Set(found)).toEqual(new Set(Object.keys(COLUMNS).filter((name) => COLUMNS[name] === "wait")));
  });

  test("times that were reached or ran out are forgotten by the next tidying", async () => {
    await storage.tidy(Math.floor(START_MS / 1000) + 4000, 0);
    expect(await db`SELECT due FROM wraps WHERE due > 0`).toHaveLength(0);
    expect(await db`SELECT expires FROM drop_keys WHERE expires > 0`).toHaveLength(0);
  });
});
