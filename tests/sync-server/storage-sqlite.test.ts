import { spawnSync } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SpaceId } from "../../protocol/frames.ts";
import type { Storage } from "../../sync-server/storage/port.ts";
import { openDatabase } from "../../sync-server/storage/sqlite/database.ts";
import { migrate } from "../../sync-server/storage/sqlite/migrations.ts";
import { prune } from "../../sync-server/storage/sqlite/records.ts";
import { INSERT_SPACE } from "../../sync-server/storage/sqlite/spaces.ts";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
import { NODE, ROOT } from "./child.ts";
import { grantFor, newDirectory, newId, newRecord, newSpace } from "./made-up.ts";
import { acceptRoom } from "./room-acceptance.ts";
import { openSqlite } from "./sqlite.ts";
import { acceptStorage } from "./storage-acceptance.ts";

acceptStorage("sqlite", openSqlite);
acceptRoom("sqlite", openSqlite);

describe("sqlite", () => {
  let directory: string;
  let file: string;
  let storage: Storage | null = null;
  beforeEach(async () => {
    directory = await newDirectory("store");
    file = join(directory, "lomme.sqlite");
  });
  afterEach(async () => {
    await storage?.close();
    storage = null;
    await rm(directory, { recursive: true });
  });

  test("commits wait for the disk: WAL and synchronous=FULL are read back", () => {
    const { raw } = openDatabase(file);
    expect(raw.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(raw.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(raw.prepare("PRAGMA secure_delete").get()).toEqual({ secure_delete: 1 });
    raw.close();
  });

  test("a second server on the same data is turned away, and may come when the first is gone", async () => {
    storage = await openSqliteStorage({ file });
    await expect(openSqliteStorage({ file })).rejects.toThrow("another server is running");
    await storage.close();
    storage = await openSqliteStorage({ file });
    expect(await storage.countTokens()).toBe(0);
  });

  test("pruning looks for snapshots, not through all updates", () => {
    const db = openDatabase(file);
    const plans: string[] = [];
    const space = newId<SpaceId>();
    db.sql(INSERT_SPACE).run(
      Buffer.from(space, "hex"),
      ...Array.from({ length: 3 }, () => new Uint8Array(32)),
      0,
      new Uint8Array(32),
    );
    const watched = {
      raw: db.raw,
      sql(text: string) {
        if (text.includes("max(seq)")) {
          const plan = db.raw.prepare(`EXPLAIN QUERY PLAN ${text}`).all(new Uint8Array(16), new Uint8Array(16));
          plans.push(...plan.map(({ detail }) => String(detail)));
        }
        return db.sql(text);
      },
    };
    expect(() => prune(watched, grantFor(space), newId(), 1)).toThrow("no-right");
    expect(plans.join()).toContain("records_snapshots");
    db.raw.close();
  });

  test("a drop key that can't be noted fails alone, and changes nothing", async () => {
    let commits = 0;
    const opened = await openSqliteStorage({ file, onCommit: () => void commits++ });
    storage = opened;
    const create = newSpace();
    await opened.createSpace(create, "open");
    const own = grantFor(create.space);
    commits = 0;
    const drop = { key: new Uint8Array(32), singleUse: false, quotaBytes: 9, attachment: new Uint8Array(0) };
    const bad = opened.registerDrop(own, { ...drop, expires: Number.MAX_SAFE_INTEGER });
    const appends = Array.from({ length: 5 }, () => opened.append(own, newRecord()));
    await expect(bad).rejects.toMatchObject({ code: "bad-frame" });
    expect((await Promise.all(appends)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(commits).toBe(1);
  });

  test("a store of a newer version is refused and left as it is", async () => {
    const { raw } = openDatabase(file);
    raw.exec("PRAGMA user_version = 999");
    raw.close();
    await expect(openSqliteStorage({ file })).rejects.toThrow("newer version (999)");
    const db = new DatabaseSync(file);
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 999 });
    db.close();
  });

  test("a crash in the middle of a migration leaves the step before, and the step can be done again", async () => {
    const first = "CREATE TABLE one (n INTEGER) STRICT; INSERT INTO one VALUES (1)";
    const second = "UPDATE one SET n = 2; CREATE TABLE two (n INTEGER) STRICT";
    const crashing = `
      import { DatabaseSync } from "node:sqlite";
      import { migrate } from "./sync-server/storage/sqlite/migrations.ts";
      const db = new DatabaseSync(${JSON.stringify(file)});
      db.exec("PRAGMA journal_mode = WAL");
      db.function("crash", () => process.kill(process.pid, "SIGKILL"));
      migrate(db, [${JSON.stringify(first)}, ${JSON.stringify(`${second}; SELECT crash()`)}]);`;
    const run = spawnSync(NODE, ["--input-type=module", "-e", crashing], { cwd: ROOT, encoding: "utf8" });
    expect(run).toMatchObject({ signal: "SIGKILL", stderr: "" });
    const db = new DatabaseSync(file);
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
    expect(db.prepare("SELECT n FROM one").all()).toEqual([{ n: 1 }]);
    migrate(db, [first, second]);
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
    expect(db.prepare("SELECT n FROM one").all()).toEqual([{ n: 2 }]);
    expect(db.prepare("SELECT n FROM two").all()).toEqual([]);
    db.close();
  });

  test("a space's removal that was interrupted is finished at the next start", async () => {
    storage = await openSqliteStorage({ file });
    const { space, ...create } = newSpace();
    await storage.createSpace({ space, ...create }, "open");
    for (let i = 0; i < 30; i++) await storage.append(grantFor(space), newRecord());
    await storage.close();
    const db = new DatabaseSync(file);
    db.exec("UPDATE spaces SET deleted = 1");
    db.close();
    storage = await openSqliteStorage({ file });
    await storage.close();
    storage = null;
    const after = new DatabaseSync(file);
    expect(after.prepare("SELECT count(*) AS n FROM records").get()).toEqual({ n: 0 });
    expect(after.prepare("SELECT count(*) AS n FROM ops").get()).toEqual({ n: 0 });
    expect(after.prepare("SELECT deleted FROM spaces").get()).toEqual({ deleted: 2 });
    after.close();
  });

  test("what was deleted isn't in the file any more", async () => {
    storage = await openSqliteStorage({ file });
    const { space, ...create } = newSpace();
    await storage.createSpace({ space, ...create }, "open");
    const record = newRecord({ size: 600 });
    await storage.append(grantFor(space), record);
    await storage.deleteDocument(grantFor(space), record.document);
    await storage.close();
    storage = null;
    for (const name of await readdir(directory)) {
      const found = (await readFile(join(directory, name))).includes(Buffer.from(record.sealed.subarray(100, 132)));
      expect({ name, found }).toEqual({ name, found: false });
    }
  });

  test("a write whose own SQL fails is refused alone; its group is stored", async () => {
    storage = await openSqliteStorage({ file });
    const { space, ...create } = newSpace();
    await storage.createSpace({ space, ...create }, "open");
    const broken = { ...newRecord(), sealed: "not bytes" as unknown as Uint8Array };
    const results = await Promise.allSettled([
      storage.append(grantFor(space), newRecord()),
      storage.append(grantFor(space), broken),
      storage.append(grantFor(space), newRecord()),
    ]);
    expect(results.map((result) => (result.status === "rejected" ? result.reason.code : result.value.seq))).toEqual([
      1,
      "storage-failed",
      2,
    ]);
  });
});
