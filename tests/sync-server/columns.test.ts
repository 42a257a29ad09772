/**
 * Everything the server keeps, by name. A column, a file or a file's time that isn't listed here with its meaning fails:
 * whoever adds one must say what it tells about a child. Only waits and expiries may be finer than the day.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COLUMNS, fill, looksLikeTime } from "./columns.ts";
import { START_MS, startNode, type TestNode } from "./node.ts";

const FILES = [/^lomme\.sqlite(-wal|-shm|\.lock|\.journal)?$/, /^blobs$/, /^blobs\/[0-9a-f]{2}(\/[0-9a-f]{32}){0,2}$/];
const CHUNK_FILE = /^blobs\/[0-9a-f]{2}\/[0-9a-f]{32}\/[0-9a-f]{32}\/\d+$/;

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.stop());

const openFile = () => new DatabaseSync(join(node.directory, "lomme.sqlite"), { readOnly: true });

function listColumns(db: DatabaseSync): { table: string; column: string }[] {
  return db
    .prepare(
      `SELECT m.name AS "table", c.name AS "column" FROM sqlite_schema m, pragma_table_info(m.name) c
       WHERE m.type = 'table' ORDER BY 1, 2`,
    )
    .all() as { table: string; column: string }[];
}

test("every column is listed, and every listed column is there", () => {
  const db = openFile();
  expect(listColumns(db).map(({ table, column }) => `${table}.${column}`)).toEqual(Object.keys(COLUMNS));
  db.close();
});

test("no number in the store is a time finer than the day but waits and expiries", async () => {
  await fill(node.storage, node.blobs);
  const db = openFile();
  const found: string[] = [];
  for (const { table, column } of listColumns(db)) {
    for (const row of db.prepare(`SELECT "${column}" AS value FROM "${table}"`).all()) {
      if (typeof row.value === "number" && looksLikeTime(row.value)) found.push(`${table}.${column}`);
    }
  }
  db.close();
  // Both waits are there, so the search finds what it looks for.
  expect(new Set(found)).toEqual(new Set(Object.keys(COLUMNS).filter((name) => COLUMNS[name] === "wait")));
});

test("text columns hold only names of ours", () => {
  const db = openFile();
  const names = db.prepare("SELECT name FROM meta ORDER BY name").all();
  expect(names.map(({ name }) => name)).toEqual(["incarnation", "journalled", "server", "token-secret"]);
  db.close();
});

test("every file is one we know, and files of blobs say the day and no more", async () => {
  await fill(node.storage, node.blobs);
  const entries = await readdir(node.directory, { recursive: true });
  const unknown = entries.filter((name) => !CHUNK_FILE.test(name) && !FILES.some((known) => known.test(name)));
  expect(unknown).toEqual([]);
  const blobEntries = entries.filter((name) => name.startsWith("blobs"));
  expect(blobEntries.some((name) => CHUNK_FILE.test(name))).toBe(true);
  const dayStart = Math.floor(START_MS / 86_400_000) * 86_400_000;
  for (const name of blobEntries) {
    const { mtimeMs } = await stat(join(node.directory, name));
    expect({ name, mtimeMs }).toEqual({ name, mtimeMs: dayStart });
  }
});

test("times that were reached or ran out are forgotten by the next tidying", async () => {
  await fill(node.storage, node.blobs);
  await node.storage.tidy(Math.floor(START_MS / 1000) + 4000, 0);
  const db = openFile();
  expect(db.prepare("SELECT due FROM wraps WHERE due > 0").all()).toEqual([]);
  expect(db.prepare("SELECT expires FROM drop_keys WHERE expires > 0").all()).toEqual([]);
  db.close();
});
