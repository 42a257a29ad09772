/**
 * The operator's side of PostgreSQL: pg_dump and restore with the journal, what a restore must not bring back, and a
 * store that was put back by hand. The same stories as operations.test.ts tells of SQLite.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BlobId, DocumentTag } from "../../protocol/frames.ts";
import { SPACE_QUOTA_BYTES } from "../../protocol/limits.ts";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import type { BlobStore } from "../../sync-server/blobs/port.ts";
import type { Operations } from "../../sync-server/operations/port.ts";
import { operatePostgres } from "../../sync-server/operations/postgres/operations.ts";
import { toId } from "../../sync-server/storage/columns.ts";
import { noteFrame } from "../../sync-server/storage/entries.ts";
import type { Grant, Storage } from "../../sync-server/storage/port.ts";
import { connect, type Database } from "../../sync-server/storage/postgres/database.ts";
import { type Journal, openJournal } from "../../sync-server/storage/postgres/journal.ts";
import { openPostgresStorage } from "../../sync-server/storage/postgres/store.ts";
import { NODE, ROOT } from "./child.ts";
import {
  grantFor,
  newChunk,
  newDirectory,
  newId,
  newRecord,
  newRotation,
  newSpace,
  newWrap,
  sha256,
} from "./made-up.ts";
import { startPostgres } from "./postgres.ts";

const TODAY = 20_000;
const NOW = 1_800_000_000;
const refused = (code: string) => expect.objectContaining({ code });
const cluster = await startPostgres();

describe.skipIf(typeof cluster === "string")(`postgres${typeof cluster === "string" ? `: ${cluster}` : ""}`, () => {
  if (typeof cluster === "string") return;
  let directory: string;
  let url: string;
  let journalUrl: string;
  let blobs: BlobStore;
  let storage: Storage;
  let operations: Operations;

  const open = async (): Promise<void> => {
    storage = await openPostgresStorage({ url, journalUrl, connections: 3, chunks: { blobs, today: TODAY } });
  };
  const withDatabase = async <T>(work: (db: Database) => Promise<T>, of = url): Promise<T> => {
    const db = connect(of, { connections: 1 });
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  };
  beforeEach(async () => {
    directory = await newDirectory("operations");
    [url, journalUrl] = [await cluster.createDatabase(), await cluster.createDatabase()];
    blobs = createDiskBlobs(join(directory, "blobs"));
    await open();
    operations = await operatePostgres({ url, journalUrl, blobs: join(directory, "blobs") });
  });
  afterEach(async () => {
    await operations.close();
    await storage.close().catch(() => null);
    await rm(directory, { recursive: true });
  });
  afterAll(() => cluster.dispose());

  const createSpace = async (wraps = [newWrap()]) => {
    const create = newSpace({ wraps });
    await storage.createSpace(create, "open");
    return { own: grantFor(create.space), wraps };
  };
  const putBlob = async (own: Grant, document: DocumentTag = newId()): Promise<BlobId> => {
    const content = randomBytes(2000);
    const chunk = newChunk(own.space, { content, document });
    await blobs.write(own.space, chunk.blob, 0, content, TODAY);
    await storage.recordChunk(own, chunk, TODAY);
    await storage.commitBlob(own, chunk.blob, [chunk.hash]);
    return chunk.blob;
  };
  const restore = (from: string | null, withoutJournal = false) =>
    operations.restore(from, { withoutJournal, blobs, today: TODAY });

  test("what was withdrawn, removed, replaced or closed since a backup doesn't come back with it", async () => {
    const backup = join(directory, "backup");
    const circle = await createSpace([newWrap(), newWrap(), newWrap(3600)]);
    const [stays, leaves, card] = circle.wraps.map(({ tag }) => tag) as [never, never, never];
    const [shown, kept] = [newRecord(), newRecord()];
    await storage.append(circle.own, shown);
    await storage.append(circle.own, kept);
    const photo = await putBlob(circle.own, shown.document);
    const gone = await createSpace();
    const small = newSpace({ kind: "pocket" });
    await storage.createSpace(small, "pocket-only");
    await storage.addToken(sha256(Buffer.from("room")));
    const key = randomBytes(32);
    const drop = { key, expires: 0, singleUse: false, quotaBytes: 999, attachment: randomBytes(5) };
    await storage.registerDrop(circle.own, drop);
    const { incarnation, server } = storage.identity;

    await operations.backup(backup); // beside the running node

    await storage.deleteDocument(circle.own, shown.document);
    await blobs.remove(circle.own.space, photo);
    await storage.revokeDrop(circle.own, key);
    const newCard = newWrap(3600, { tag: card });
    await storage.putWraps(circle.own, [newCard]);
    const renewed = newWrap(0, { tag: stays });
    const turn = newRotation({ wraps: [renewed], removedTags: [leaves] });
    await storage.rotate(circle.own, turn);
    const now = grantFor(circle.own.space, "own", 2);
    const checkpoint = newRecord({ kind: "control", epoch: 2 });
    await storage.checkpoint(now, turn.record.opId, checkpoint);
    await storage.deleteSpace(gone.own);
    const later = await createSpace();
    await storage.raiseRoom(grantFor(small.space), sha256(Buffer.from("room")));
    await expect(restore(backup)).rejects.toThrow("Stop every node");
    await storage.close();

    expect(await restore(backup)).toMatchObject({ replayed: true, chunksToUploadAgain: 0 });
    await open();
    expect(storage.identity.server).toBe(server);
    expect(storage.identity.incarnation).not.toBe(incarnation);
    expect(await storage.readSpace(circle.own.space)).toMatchObject({
      epoch: 2,
      keys: turn.keys,
      checkpoint: checkpoint.opId,
      closed: false,
    });
    await expect(storage.readPage(circle.own, 0)).rejects.toEqual(refused("stale-epoch"));
    const ops = (await storage.readPage(now, 0)).records.map(({ opId }) => opId);
    expect(ops).toEqual([kept.opId, turn.record.opId, checkpoint.opId]);
    const back = storage.append(now, newRecord({ document: shown.document, epoch: 2 }));
    await expect(back).rejects.toEqual(refused("document-deleted"));
    expect(await blobs.read(circle.own.space, photo, 0)).toBeNull();
    expect(await storage.readWrap(leaves, NOW)).toBeNull();
    expect(await storage.readWrap(stays, NOW)).toEqual({ bytes: renewed.bytes });
    expect(await storage.readWrap(card, NOW)).toEqual({ secondsLeft: 3600 });
    expect(await storage.readWrap(card, NOW + 3600)).toEqual({ bytes: newCard.bytes });
    await expect(storage.drop(key, randomBytes(5), NOW)).rejects.toEqual(refused("not-found"));
    expect(await storage.readSpace(gone.own.space)).toBeNull();
    expect(await storage.readSpace(later.own.space)).toMatchObject({ epoch: 1 });
    expect(await storage.readRoom(grantFor(small.space))).toMatchObject({ quota: SPACE_QUOTA_BYTES });
    expect(await operations.verify(blobs)).toMatchObject({ problems: [] });
    expect(await readdir(backup)).toContain("before-restore.pgdump");
  });

  test("what was acknowledged since can be sent again; lost photos too; tokens of the backup are void", async () => {
    const { own } = await createSpace();
    const [before, after] = [newRecord(), newRecord()];
    await storage.append(own, before);
    const blob = await putBlob(own);
    await storage.addToken(sha256(randomBytes(4)));
    const backup = join(directory, "backup");
    await operations.backup(backup);
    await storage.append(own, after);
    await storage.close();
    await rm(join(backup, "blobs"), { recursive: true });
    await rm(join(directory, "blobs"), { recursive: true });
    expect(await restore(backup)).toMatchObject({ tokensVoided: 1, chunksToUploadAgain: 1, replayed: false });
    await open();
    expect(await storage.append(own, before)).toEqual({ seq: 1, fresh: false });
    expect(await storage.append(own, after)).toEqual({ seq: 2, fresh: true });
    expect(await storage.hasChunk(own, blob, 0)).toBe(false);
    expect(await storage.missingChunks(own, blob, 1)).toEqual([0]);
    expect(await operations.verify(blobs)).toMatchObject({ problems: [] });
  });

  test("a database put back with PostgreSQL's own tools is put right by --in-place, and noticed by a node that starts", async () => {
    for (const byCommand of [true, false]) {
      const { own } = await createSpace();
      const record = newRecord();
      const { incarnation } = storage.identity;
      const backup = join(directory, `backup-${byCommand}`);
      await operations.backup(backup);
      await storage.deleteDocument(own, record.document);
      await storage.rotate(own, newRotation());
      await storage.close();
      const args = ["--clean", "--if-exists", "--single-transaction", `--dbname=${url}`, join(backup, "lomme.pgdump")];
      expect(spawnSync(join(cluster.bin, "pg_restore"), args).status).toBe(0);
      if (byCommand) expect(await restore(null)).toMatchObject({ replayed: true });
      await open();
      expect(storage.identity.incarnation).not.toBe(incarnation);
      expect((await storage.readSpace(own.space))?.epoch).toBe(2);
      const again = storage.append(grantFor(own.space, "own", 2), { ...record, epoch: 2 });
      await expect(again).rejects.toEqual(refused("document-deleted"));
    }
  });

  test("a database put back by hand is noticed without an entry since; a start in good order changes nothing", async () => {
    const { own } = await createSpace();
    const blob = await putBlob(own);
    await storage.addToken(sha256(randomBytes(4)));
    const backup = join(directory, "backup");
    await operations.backup(backup);
    await storage.append(own, newRecord());
    const before = storage.identity;
    await storage.close();
    await open();
    expect(storage.identity).toEqual(before);
    expect(await storage.countTokens()).toBe(1);
    await storage.close();
    const args = ["--clean", "--if-exists", "--single-transaction", `--dbname=${url}`, join(backup, "lomme.pgdump")];
    expect(spawnSync(join(cluster.bin, "pg_restore"), args).status).toBe(0);
    await rm(join(directory, "blobs"), { recursive: true });
    await open();
    const after = storage.identity;
    expect(after.incarnation).not.toBe(before.incarnation);
    expect(await storage.countTokens()).toBe(0);
    expect(await storage.missingChunks(own, blob, 1)).toEqual([0]);
    await storage.close();
    await open();
    expect(storage.identity).toEqual(after);
    // As after PostgreSQL's recovery to a point in time, or a replica that took over.
    await withDatabase((db) => db`UPDATE meta SET value = '\\x00000000' WHERE name = 'timeline'`);
    await storage.close();
    await open();
    expect(storage.identity.incarnation).not.toBe(after.incarnation);
  });

  test("without its journal every space is closed until its owner has opened it again, rotated or not", async () => {
    const { own } = await createSpace();
    const backup = join(directory, "backup");
    await operations.backup(backup);
    await storage.close();
    await withDatabase((db) => db`DROP SCHEMA lomme_journal CASCADE`, journalUrl);
    await expect(open()).rejects.toThrow("journal of this store is missing");
    await expect(restore(backup)).rejects.toThrow("--without-journal");
    const { tokenSecret } = storage.identity;
    await restore(backup, true);
    await open();
    expect(Buffer.compare(storage.identity.tokenSecret, tokenSecret)).not.toBe(0);
    expect((await storage.readSpace(own.space))?.closed).toBe(true);
    await storage.rotate(own, newRotation());
    expect((await storage.readSpace(own.space))?.closed).toBe(true);
    await storage.reopen({ ...own, epoch: 2 }, null);
    expect((await storage.readSpace(own.space))?.closed).toBe(false);
  });

  test("another store's journal is refused", async () => {
    await createSpace();
    await storage.close();
    const other = await cluster.createDatabase();
    await (await openPostgresStorage({ url: other, connections: 1 })).close();
    await expect(openPostgresStorage({ url, journalUrl: other })).rejects.toThrow("not the journal of this store");
    await open();
  });

  describe("a write that was interrupted after its journal entry", () => {
    const withJournal = async <T>(work: (journal: Journal) => Promise<T>): Promise<T> => {
      const journal = await openJournal(journalUrl);
      try {
        return await work(journal);
      } finally {
        await journal.close();
      }
    };
    /** As it is noted: with the head it came after, whatever its device had seen. */
    const interrupt = async (own: Grant, turn = newRotation()) => {
      const entry = noteFrame({ ...turn, type: "rotate", request: 0, space: own.space, seen: 0 });
      await withJournal((journal) => journal.put(toId(own.space), 2, entry));
      return turn;
    };

    test("is finished by a node that starts; the device's repeat is acknowledged", async () => {
      const { own } = await createSpace();
      await storage.addToken(sha256(randomBytes(4)));
      const { incarnation } = storage.identity;
      await storage.close();
      const turn = await interrupt(own);
      await open();
      expect(await storage.readSpace(own.space)).toMatchObject({ epoch: 2, keys: turn.keys, head: 1 });
      expect(await storage.rotate(own, turn)).toEqual({ seq: 1, fresh: false });
      // It may as well be a copy from just before: devices look once more whether everything is there. Tokens stay.
      expect(storage.identity.incarnation).not.toBe(incarnation);
      expect(await storage.countTokens()).toBe(1);
    });

    test.each([true, false])(
      "goes when a record was acknowledged since: it would count for nobody (found by a node that starts: %s)",
      async (byStart) => {
        const { own } = await createSpace();
        const lost = await interrupt(own);
        expect(await storage.append(own, newRecord())).toEqual({ seq: 1, fresh: true });
        const { incarnation } = storage.identity;
        if (byStart) {
          await storage.close();
          await open();
          expect(await storage.readSpace(own.space)).toMatchObject({ epoch: 1, head: 1 });
          expect(storage.identity.incarnation).toBe(incarnation);
        }
        const turn = newRotation({ seen: 1 });
        expect(await storage.rotate(own, turn)).toEqual({ seq: 2, fresh: true });
        expect(await storage.readSpace(own.space)).toMatchObject({ epoch: 2, keys: turn.keys });
        // Nor does it come back with the next restore, in the place of the other.
        const [, noted] = await withJournal((journal) => journal.entriesAfter(toId(own.space), 0));
        expect(noted).toMatchObject({ number: 2, entry: { frame: { record: { opId: turn.record.opId }, seen: 1 } } });
        expect(lost.record.opId).not.toBe(turn.record.opId);
      },
    );

    test("one that its device gave no head for goes likewise, and can be asked for again", async () => {
      const { own } = await createSpace();
      const turn = await interrupt(own, newRotation({ seen: null }));
      await storage.append(own, newRecord());
      expect(await storage.rotate(own, turn)).toEqual({ seq: 2, fresh: true });
      expect((await storage.readSpace(own.space))?.epoch).toBe(2);
    });

    test("stays in a store that was put back: there it did take effect once, whatever the head is now", async () => {
      const { own } = await createSpace();
      await storage.append(own, newRecord());
      await storage.close();
      const turn = await interrupt(own);
      await withJournal((journal) => journal.addMark(0));
      await open();
      expect(await storage.readSpace(own.space)).toMatchObject({ epoch: 2, keys: turn.keys, head: 2 });
    });

    test("is the device's own repeat on a node that runs on", async () => {
      const { own } = await createSpace();
      const turn = await interrupt(own);
      expect(await storage.rotate(own, turn)).toEqual({ seq: 1, fresh: true });
    });

    test("takes effect before another one on a node that runs on", async () => {
      const { own } = await createSpace();
      const turn = await interrupt(own);
      await expect(storage.rotate(own, newRotation())).rejects.toEqual(refused("stale-epoch"));
      expect(await storage.readSpace(own.space)).toMatchObject({ epoch: 2, keys: turn.keys });
      await expect(storage.putWraps(own, [newWrap()])).rejects.toEqual(refused("stale-epoch"));
    });
  });

  test("a refused write leaves nothing in the journal, and a replay of all of it changes nothing", async () => {
    const { own } = await createSpace();
    const count = () =>
      withDatabase(
        async (db) => (await db`SELECT count(*) AS n FROM lomme_journal.entries WHERE space <> ''`)[0]?.n,
        journalUrl,
      );
    expect(await count()).toBe(1);
    await expect(storage.rotate(own, newRotation({ epoch: 9 }))).rejects.toEqual(refused("stale-epoch"));
    await storage.append(own, newRecord());
    expect(await count()).toBe(1);
    await storage.rotate(own, newRotation());
    const two = grantFor(own.space, "own", 2);
    await storage.deleteDocument(two, newId());
    const before = [await storage.readSpace(own.space), await storage.readPage(two, 0), await storage.sumUsage()];
    await storage.close();
    await withDatabase((db) => db`UPDATE spaces SET journalled = 0`);
    await open();
    expect([await storage.readSpace(own.space), await storage.readPage(two, 0), await storage.sumUsage()]).toEqual(
      before,
    );
  });

  test("verify names what doesn't add up", async () => {
    const { own } = await createSpace();
    await storage.append(own, newRecord());
    await putBlob(own);
    expect(await operations.verify(blobs)).toEqual({ records: 1, chunks: 1, problems: [] });
    await withDatabase((db) => db`UPDATE spaces SET bytes = bytes + 1`);
    await withDatabase((db) => db`DELETE FROM ops`);
    await rm(join(directory, "blobs"), { recursive: true });
    const { problems } = await operations.verify(blobs);
    expect(problems).toEqual([
      "1 spaces count other bytes than they hold.",
      "1 records have no op id, or another's number.",
      "1 chunks have no file.",
    ]);
  });

  test("the commands as the operator types them", async () => {
    await createSpace();
    const run = (...args: string[]) =>
      spawnSync(NODE, ["sync-server/operator.ts", ...args], {
        cwd: ROOT,
        env: { PATH: process.env.PATH, DATABASE_URL: url, JOURNAL_DATABASE_URL: journalUrl, DATA_DIR: directory },
        encoding: "utf8",
      });
    const tokens = run("tokens", "create", "--count", "3").stdout.trim().split("\n");
    expect(tokens).toHaveLength(3);
    expect(run("tokens", "revoke", tokens[0] as string).stdout).toBe("The token is void.\n");
    expect(run("tokens", "count").stdout).toBe("2\n");
    expect(run("usage").stdout).toContain("1 spaces");
    expect(run("verify")).toMatchObject({ status: 0, stdout: "0 records and 0 chunks checked, 0 problems\n" });
    const backup = join(directory, "backup");
    expect(run("backup", "--to", backup).status).toBe(0);
    expect(run("restore", "--from", backup).stderr).toContain("Stop every node");
    await storage.close();
    expect(run("restore", "--from", backup)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("2 unspent tokens"),
    });
  });
});
