/**
 * Everything the server keeps, by name. A column, a file or a file's time that isn't listed here with its meaning fails:
 * whoever adds one must say what it tells about a child. Only waits and expiries may be finer than the day.
 */
import { randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newChunk, newRecord, newSpace, newWrap, randomKeys, sha256 } from "./made-up.ts";
import { START_MS, startNode, type TestNode } from "./node.ts";

/** table.column → what it is. "id": random; "key": public key; "sealed": ciphertext; "wait": may be a finer time. */
const COLUMNS: Readonly<Record<string, string>> = {
  "blobs.blob": "id",
  "blobs.committed": "flag",
  "blobs.day": "day",
  "blobs.document": "id",
  "blobs.space": "id",
  "chunks.blob": "id",
  "chunks.bytes": "padded size",
  "chunks.chunk": "number from 0",
  "chunks.hash": "hash of ciphertext",
  "chunks.space": "id",
  "deleted_documents.document": "id",
  "deleted_documents.space": "id",
  "drop_keys.attachment": "sealed",
  "drop_keys.expires": "wait",
  "drop_keys.key": "key",
  "drop_keys.last_hash": "hash of ciphertext",
  "drop_keys.quota": "size",
  "drop_keys.single_use": "flag",
  "drop_keys.space": "id",
  "drop_keys.used": "flag",
  "drop_keys.waiting": "size",
  "drops.bytes": "sealed",
  "drops.key": "key",
  "drops.seq": "number from 1",
  "drops.space": "id",
  "meta.name": "one of a fixed list",
  "meta.value": "random, and the journal's length",
  "ops.op": "id",
  "ops.seq": "number from 1",
  "ops.space": "id",
  "records.document": "id",
  "records.epoch": "number from 1",
  "records.kind": "1..5",
  "records.op": "id",
  "records.sealed": "sealed",
  "records.seq": "number from 1",
  "records.space": "id",
  "spaces.bytes": "size",
  "spaces.checkpoint": "id",
  "spaces.closed": "flag",
  "spaces.created_with": "hash of public keys",
  "spaces.deleted": "flag",
  "spaces.drop_head": "number from 0",
  "spaces.epoch": "number from 1",
  "spaces.head": "number from 0",
  "spaces.own_key": "key",
  "spaces.quota": "size",
  "spaces.read_key": "key",
  "spaces.space": "id",
  "spaces.write_key": "key",
  "tokens.hash": "hash",
  "wraps.bytes": "sealed",
  "wraps.due": "wait",
  "wraps.space": "id",
  "wraps.tag": "id",
  "wraps.wait": "chosen length of a wait",
};

const FILES = [/^lomme\.sqlite(-wal|-shm|\.lock|\.journal)?$/, /^blobs$/, /^blobs\/[0-9a-f]{2}(\/[0-9a-f]{32}){0,2}$/];
const CHUNK_FILE = /^blobs\/[0-9a-f]{2}\/[0-9a-f]{32}\/[0-9a-f]{32}\/\d+$/;

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.stop());

/** One of everything. */
async function fill(): Promise<void> {
  const { storage } = node;
  const create = newSpace({ wraps: [newWrap(), newWrap(3600)] });
  await storage.createSpace(create, "open");
  const grant = { space: create.space, epoch: 1, right: "own" } as const;
  const seconds = Math.floor(START_MS / 1000);
  await storage.readWrap(create.wraps[1]?.tag as never, seconds);
  const record = newRecord();
  await storage.append(grant, record);
  await storage.append(grant, newRecord());
  await storage.deleteDocument(grant, record.document);
  const key = randomBytes(32);
  await storage.registerDrop(grant, {
    key,
    expires: seconds + 600,
    singleUse: true,
    quotaBytes: 1000,
    attachment: randomBytes(10),
  });
  await storage.drop(key, randomBytes(20), seconds);
  const day = Math.floor(START_MS / 86_400_000);
  const content = randomBytes(500);
  const chunk = newChunk(create.space, { content });
  await node.blobs.write(create.space, chunk.blob, 0, content, day);
  await storage.recordChunk(grant, chunk, day);
  await storage.addToken(sha256(randomBytes(8)));
  await storage.rotate(grant, {
    expected: null,
    epoch: 2,
    keys: randomKeys(),
    wraps: [],
    removedTags: [],
    record: newRecord({ kind: "control", epoch: 2 }),
  });
  await storage.isWritable();
}

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
  await fill();
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

/** Seconds or milliseconds within a year of the test's clock. */
function looksLikeTime(value: number): boolean {
  const year = 365 * 86_400_000;
  return [value * 1000, value].some((ms) => Math.abs(ms - START_MS) < year);
}

test("text columns hold only names of ours", () => {
  const db = openFile();
  const names = db.prepare("SELECT name FROM meta ORDER BY name").all();
  expect(names.map(({ name }) => name)).toEqual(["incarnation", "journalled", "server", "token-secret"]);
  db.close();
});

test("every file is one we know, and files of blobs say the day and no more", async () => {
  await fill();
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
  await fill();
  await node.storage.tidy(Math.floor(START_MS / 1000) + 4000, 0);
  const db = openFile();
  expect(db.prepare("SELECT due FROM wraps WHERE due > 0").all()).toEqual([]);
  expect(db.prepare("SELECT expires FROM drop_keys WHERE expires > 0").all()).toEqual([]);
  db.close();
});
