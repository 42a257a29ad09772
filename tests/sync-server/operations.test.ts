import { randomBytes } from "node:crypto";
import { appendFile, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BlobId, DocumentTag, ServerId } from "../../protocol/frames.ts";
import { SPACE_QUOTA_BYTES } from "../../protocol/limits.ts";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import type { BlobStore } from "../../sync-server/blobs/port.ts";
import { backupStore, restoreStore } from "../../sync-server/operations/backup.ts";
import { type DataPaths, dataPaths } from "../../sync-server/operations/data.ts";
import { countTokens, createTokens, revokeToken } from "../../sync-server/operations/tokens.ts";
import { listUsage } from "../../sync-server/operations/usage.ts";
import { verifyStore } from "../../sync-server/operations/verify.ts";
import { noteFrame } from "../../sync-server/storage/entries.ts";
import type { Grant, Storage } from "../../sync-server/storage/port.ts";
import { SET_JOURNALLED } from "../../sync-server/storage/sqlite/commits.ts";
import { type Database, openDatabase } from "../../sync-server/storage/sqlite/database.ts";
import { openJournal, toPosition } from "../../sync-server/storage/sqlite/journal.ts";
import { sumUsage } from "../../sync-server/storage/sqlite/spaces.ts";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
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

const TODAY = 20_000;
const NOW = 1_800_000_000;
const refused = (code: string) => expect.objectContaining({ code });

let directory: string;
let paths: DataPaths;
let blobs: BlobStore;
let storage: Storage;
const open = () =>
  openSqliteStorage({ file: paths.store, journalFile: paths.journal, chunks: { blobs, today: TODAY } });
const reopen = async (): Promise<void> => {
  storage = await open();
};

beforeEach(async () => {
  directory = await newDirectory("operations");
  paths = dataPaths({ dataDir: directory });
  blobs = createDiskBlobs(paths.blobs);
  await reopen();
});
afterEach(async () => {
  await storage.close().catch(() => null);
  await rm(directory, { recursive: true });
});

const createSpace = async (wraps = [newWrap()]): Promise<{ own: Grant; wraps: ReturnType<typeof newWrap>[] }> => {
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
const withDatabase = async <T>(work: (db: Database) => T | Promise<T>): Promise<T> => {
  const db = openDatabase(paths.store);
  try {
    return await work(db);
  } finally {
    db.raw.close();
  }
};
/** As after kill -9: what a server does when it ends in good order isn't done. */
const killed = async (): Promise<void> => {
  const journal = await readFile(paths.journal);
  await storage.close();
  await writeFile(paths.journal, journal);
};
const verify = () => withDatabase((db) => verifyStore(db, blobs));
const restore = (from: string, withoutJournal = false) =>
  restoreStore(paths, from, { withoutJournal, blobs, today: TODAY });

describe("restore from an older backup", () => {
  test("what was withdrawn, removed, replaced or closed since doesn't come back", async () => {
    const backup = join(directory, "backup");
    const circle = await createSpace([newWrap(), newWrap(), newWrap(3600)]);
    const [stays, leaves, card] = circle.wraps as [
      ReturnType<typeof newWrap>,
      ReturnType<typeof newWrap>,
      ReturnType<typeof newWrap>,
    ];
    const shown = newRecord();
    const kept = newRecord();
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

    await backupStore(paths, backup); // beside the running server

    await storage.deleteDocument(circle.own, shown.document);
    await blobs.remove(circle.own.space, photo);
    await storage.revokeDrop(circle.own, key);
    const newCard = newWrap(3600, { tag: card.tag });
    await storage.putWraps(circle.own, [newCard]);
    const turn = newRotation({ wraps: [newWrap(0, { tag: stays.tag })], removedTags: [leaves.tag] });
    await storage.rotate(circle.own, turn);
    const now = grantFor(circle.own.space, "own", 2);
    const checkpoint = newRecord({ kind: "control", epoch: 2 });
    await storage.checkpoint(now, turn.record.opId, checkpoint);
    await storage.deleteSpace(gone.own);
    const later = await createSpace();
    await storage.raiseRoom(grantFor(small.space), sha256(Buffer.from("room")));
    await storage.close();

    const restored = await restore(backup);
    expect(restored).toMatchObject({ replayed: true, chunksToUploadAgain: 0 });
    await reopen();
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
    await expect(storage.append(now, newRecord({ document: shown.document, epoch: 2 }))).rejects.toEqual(
      refused("document-deleted"),
    );
    expect(await blobs.read(circle.own.space, photo, 0)).toBeNull();
    expect(await storage.readWrap(leaves.tag, NOW)).toBeNull();
    expect(await storage.readWrap(stays.tag, NOW)).toEqual({
      bytes: turn.wraps[0] && (turn.wraps as ReturnType<typeof newWrap>[])[0]?.bytes,
    });
    expect(await storage.readWrap(card.tag, NOW)).toEqual({ secondsLeft: 3600 });
    expect(await storage.readWrap(card.tag, NOW + 3600)).toEqual({ bytes: newCard.bytes });
    await expect(storage.drop(key, randomBytes(5), NOW)).rejects.toEqual(refused("not-found"));
    expect(await storage.readSpace(gone.own.space)).toBeNull();
    expect(await storage.readSpace(later.own.space)).toMatchObject({ epoch: 1 });
    expect(await storage.readWrap(later.wraps[0]?.tag as never, NOW)).not.toBeNull();
    // What a token gave stays given, and the token spent.
    expect(await storage.readRoom(grantFor(small.space))).toMatchObject({ quota: SPACE_QUOTA_BYTES });
    await expect(storage.createSpace(newSpace(), { tokenHash: sha256(Buffer.from("room")) })).rejects.toEqual(
      refused("no-token"),
    );
    expect(await verify()).toMatchObject({ problems: [] });
  });

  test("what was acknowledged since and isn't in the backup can be sent again, with the same op ids", async () => {
    const { own } = await createSpace();
    const backup = join(directory, "backup");
    const before = newRecord();
    await storage.append(own, before);
    await backupStore(paths, backup);
    const after = newRecord();
    await storage.append(own, after);
    await storage.close();
    await restore(backup);
    await reopen();
    expect(await storage.append(own, before)).toEqual({ seq: 1, fresh: false });
    expect(await storage.append(own, after)).toEqual({ seq: 2, fresh: true });
  });

  test("photos that didn't come back can be uploaded again, and count for nothing until then", async () => {
    const { own } = await createSpace();
    const blob = await putBlob(own);
    const backup = join(directory, "backup");
    await backupStore(paths, backup);
    await storage.close();
    await rm(join(backup, "blobs"), { recursive: true });
    await rm(paths.blobs, { recursive: true });
    expect(await restore(backup)).toMatchObject({ chunksToUploadAgain: 1 });
    await reopen();
    expect(await storage.hasChunk(own, blob, 0)).toBe(false);
    expect(await storage.missingChunks(own, blob, 1)).toEqual([0]);
    expect((await storage.tidy(NOW, TODAY + 20)).abandoned).toEqual([]);
    expect(await verify()).toMatchObject({ problems: [] });
  });

  test("tokens of the backup are void, they may have been spent since", async () => {
    const backup = join(directory, "backup");
    await storage.addToken(sha256(randomBytes(4)));
    await backupStore(paths, backup);
    await storage.close();
    expect(await restore(backup)).toMatchObject({ tokensVoided: 1, replayed: false });
    await reopen();
    expect(await storage.countTokens()).toBe(0);
  });

  test("without its journal every space is closed until its owner has opened it again, rotated or not", async () => {
    const { own } = await createSpace();
    const backup = join(directory, "backup");
    await backupStore(paths, backup);
    await storage.close();
    await rm(paths.journal);
    await expect(restore(backup)).rejects.toThrow("--without-journal");
    await restore(backup, true);
    await reopen();
    expect((await storage.readSpace(own.space))?.closed).toBe(true);
    await storage.rotate(own, newRotation());
    expect((await storage.readSpace(own.space))?.closed).toBe(true);
    await storage.reopen({ ...own, epoch: 2 }, null);
    expect((await storage.readSpace(own.space))?.closed).toBe(false);
  });

  test("not while a server runs, not without a backup; what was there is kept", async () => {
    const backup = join(directory, "backup");
    await backupStore(paths, backup);
    await expect(restore(backup)).rejects.toThrow("another server is running");
    await storage.close();
    await expect(restore(join(directory, "nowhere"))).rejects.toThrow("no backup");
    const live = await readFile(paths.store);
    await restore(backup);
    const kept = join(directory, "lomme.sqlite.before-restore");
    expect(live.equals(await readFile(kept))).toBe(true);
    await expect(backupStore(paths, backup)).rejects.toThrow("not empty");
    // Once more would keep the first restore in the place of the only copy of what was there before.
    await expect(restore(backup)).rejects.toThrow("earlier restore");
    expect(live.equals(await readFile(kept))).toBe(true);
  });

  test("a backup or a journal that can't be used is refused before anything is moved", async () => {
    const backup = join(directory, "backup");
    const { own } = await createSpace();
    await backupStore(paths, backup);
    await storage.close();
    const journal = await readFile(paths.journal);
    await writeFile(paths.journal, journal.subarray(0, 24));
    await expect(restore(backup)).rejects.toThrow("older than the store");
    await writeFile(paths.journal, journal);
    const copy = await readFile(join(backup, "lomme.sqlite"));
    await writeFile(join(backup, "lomme.sqlite"), randomBytes(5000));
    await expect(restore(backup)).rejects.toThrow("not a database");
    expect((await readdir(directory)).filter((name) => /restor/.test(name))).toEqual([]);
    await reopen();
    expect(await storage.readSpace(own.space)).not.toBeNull();
    await storage.close();
    await writeFile(join(backup, "lomme.sqlite"), copy);
    await restore(backup);
    await reopen();
    expect(await storage.readSpace(own.space)).not.toBeNull();
  });

  test("tokens for HTTP that were given before are worth nothing afterwards", async () => {
    const backup = join(directory, "backup");
    await backupStore(paths, backup);
    const { tokenSecret } = storage.identity;
    await storage.close();
    await restore(backup, true);
    await reopen();
    expect(Buffer.compare(storage.identity.tokenSecret, tokenSecret)).not.toBe(0);
  });

  test("a backup ends beside a server that writes without a pause, and chunks that come and go", async () => {
    const { own } = await createSpace();
    for (let i = 0; i < 40; i++) {
      await Promise.all(Array.from({ length: 10 }, () => storage.append(own, newRecord({ size: 16_000 }))));
    }
    const content = randomBytes(3000);
    const done = new AbortController();
    const busy = async (): Promise<void> => {
      while (!done.signal.aborted) await storage.append(own, newRecord());
    };
    const coming = async (): Promise<void> => {
      while (!done.signal.aborted) {
        const blob = newId<BlobId>();
        await blobs.write(own.space, blob, 0, content, TODAY);
        await blobs.remove(own.space, blob);
      }
    };
    for (let i = 0; i < 30; i++) await putBlob(own);
    const backup = join(directory, "backup");
    const writers = [busy(), coming(), coming(), coming()];
    await backupStore(paths, backup);
    done.abort();
    await Promise.all(writers);
    await storage.close();
    expect(await restore(backup)).toMatchObject({ chunksToUploadAgain: 0 });
    await reopen();
    expect((await storage.readSpace(own.space))?.head).toBeGreaterThanOrEqual(400);
    expect(await verify()).toMatchObject({ problems: [] });
  });
});

describe("the journal", () => {
  test("a commit that was interrupted after its journal entry is finished at the next start", async () => {
    const { own } = await createSpace();
    await storage.addToken(sha256(randomBytes(4)));
    const { incarnation, server } = storage.identity;
    await storage.close();
    const turn = newRotation();
    const journal = openJournal(paths.journal, server);
    journal.append([noteFrame({ ...turn, type: "rotate", request: 0, space: own.space })]);
    journal.close();
    await reopen();
    expect(await storage.readSpace(own.space)).toMatchObject({ epoch: 2, keys: turn.keys, head: 1 });
    // The client never got its ack and sends the rotation once more.
    expect(await storage.rotate(own, turn)).toEqual({ seq: 1, fresh: false });
    // It may as well be a copy from just before: devices look once more whether everything is there. Tokens stay.
    expect(storage.identity.incarnation).not.toBe(incarnation);
    expect(await storage.countTokens()).toBe(1);
  });

  test("a start and an end in good order change nothing that devices or token holders notice", async () => {
    await storage.addToken(sha256(randomBytes(4)));
    const { identity } = storage;
    await storage.close();
    await reopen();
    expect(storage.identity).toEqual(identity);
    expect(await storage.countTokens()).toBe(1);
  });

  test.each(["as it was before the last start", "as a backup made since", "as it was before the last end"])(
    "a store put back by hand is noticed without anything in the journal since: %s",
    async (which) => {
      const { own } = await createSpace();
      await storage.addToken(sha256(randomBytes(4)));
      const { incarnation } = storage.identity;
      await storage.close();
      let old = await readFile(paths.store);
      await reopen();
      const backup = join(directory, "backup");
      if (which === "as a backup made since") {
        await storage.close();
        await reopen();
        await backupStore(paths, backup);
        old = await readFile(join(backup, "lomme.sqlite"));
      } else if (which === "as it was before the last end") {
        await withDatabase((db) => db.raw.exec(`VACUUM INTO '${join(directory, "copy")}'`));
        old = await readFile(join(directory, "copy"));
      }
      const blob = await putBlob(own);
      const [first, second] = [newRecord(), newRecord()];
      await storage.append(own, first);
      if (which === "as a backup made since") await killed();
      else await storage.close();
      await writeFile(paths.store, old);
      await reopen();
      expect(storage.identity.incarnation).not.toBe(incarnation);
      expect(await storage.countTokens()).toBe(0);
      expect(await storage.missingChunks(own, blob, 1)).toEqual([0]);
      expect(await storage.append(own, second)).toEqual({ seq: 1, fresh: true });
      const { identity } = storage;
      await storage.close();
      await reopen();
      expect(storage.identity).toEqual(identity);
    },
  );

  test("chunks that a store put back by hand names and that aren't there can be uploaded again", async () => {
    const { own } = await createSpace();
    const blob = await putBlob(own);
    await storage.close();
    const old = await readFile(paths.store);
    await reopen();
    await storage.close();
    await writeFile(paths.store, old);
    await rm(paths.blobs, { recursive: true });
    await reopen();
    expect(await storage.missingChunks(own, blob, 1)).toEqual([0]);
    expect(await verify()).toMatchObject({ problems: [] });
  });

  test("only what the store doesn't hold of it is read, however long it has grown", async () => {
    const { own } = await createSpace();
    await storage.close();
    // A hole in the file in the place of years of entries.
    const length = 2 ** 31 + 500;
    await truncate(paths.journal, length);
    await withDatabase((db) => db.sql(SET_JOURNALLED).run(toPosition(length)));
    await reopen();
    const turn = newRotation();
    await storage.rotate(own, turn);
    await storage.close();
    await reopen();
    expect(await storage.readSpace(own.space)).toMatchObject({ epoch: 2, keys: turn.keys });
  });

  test("a place between groups is asked for: nothing is cut off a journal that the store doesn't fit", async () => {
    await createSpace();
    await storage.close();
    const bytes = await readFile(paths.journal);
    await withDatabase((db) => db.sql(SET_JOURNALLED).run(toPosition(30)));
    await expect(open()).rejects.toThrow("isn't the start of a group");
    expect(bytes.equals(await readFile(paths.journal))).toBe(true);
    await withDatabase((db) => db.sql(SET_JOURNALLED).run(toPosition(bytes.length)));
    await reopen();
  });

  test("a store put back by hand, without the restore command, is noticed and brought up to date", async () => {
    const { own } = await createSpace();
    const { incarnation } = storage.identity;
    await storage.close();
    const old = await readFile(paths.store);
    await reopen();
    const record = newRecord();
    await storage.deleteDocument(own, record.document);
    await storage.rotate(own, newRotation());
    await storage.close();
    await writeFile(paths.store, old);
    await reopen();
    expect(storage.identity.incarnation).not.toBe(incarnation);
    expect((await storage.readSpace(own.space))?.epoch).toBe(2);
    await expect(storage.append(grantFor(own.space, "own", 2), { ...record, epoch: 2 })).rejects.toEqual(
      refused("document-deleted"),
    );
  });

  test("a torn end is cut off, and writing goes on", async () => {
    const { own } = await createSpace();
    await storage.close();
    await appendFile(paths.journal, Buffer.concat([Buffer.from([0, 0, 0, 50]), randomBytes(30)]));
    await reopen();
    await storage.rotate(own, newRotation());
    await storage.close();
    await reopen();
    expect((await storage.readSpace(own.space))?.epoch).toBe(2);
  });

  test("another server's journal, or one older than the store, is refused", async () => {
    await createSpace();
    await storage.close();
    const bytes = await readFile(paths.journal);
    await writeFile(paths.journal, bytes.subarray(0, 24));
    await expect(open()).rejects.toThrow("older than the store");
    await rm(paths.journal);
    openJournal(paths.journal, newId<ServerId>()).close();
    await expect(open()).rejects.toThrow("not the journal of this server");
    await writeFile(paths.journal, bytes);
    await reopen();
  });

  test("a refused write leaves nothing in it", async () => {
    const { own } = await createSpace();
    const before = (await readFile(paths.journal)).length;
    await expect(storage.rotate(own, newRotation({ epoch: 9 }))).rejects.toEqual(refused("stale-epoch"));
    await storage.append(own, newRecord());
    expect((await readFile(paths.journal)).length).toBe(before);
    await storage.rotate(own, newRotation());
    expect((await readFile(paths.journal)).length).toBeGreaterThan(before);
  });
});

describe("the journal and a failing commit", () => {
  test("what was refused isn't in the journal either", async () => {
    const { own } = await createSpace();
    const before = await readFile(paths.journal);
    // The commit fails after the journal was written: the store refuses to note the journal's length.
    await withDatabase((db) =>
      db.raw.exec("CREATE TRIGGER full BEFORE INSERT ON meta BEGIN SELECT RAISE(ABORT, 'as if full'); END"),
    );
    await expect(storage.rotate(own, newRotation())).rejects.toEqual(refused("storage-failed"));
    expect(await readFile(paths.journal)).toEqual(before);
    expect((await storage.readSpace(own.space))?.epoch).toBe(1);
    await storage.append(own, newRecord());
    await withDatabase((db) => db.raw.exec("DROP TRIGGER full"));
    const turn = newRotation();
    await storage.rotate(own, turn);
    await storage.close();
    await reopen();
    expect(await storage.readSpace(own.space)).toMatchObject({ epoch: 2, keys: turn.keys });
  });

  test("replaying all of it once more changes nothing", async () => {
    const { own } = await createSpace();
    const gone = await createSpace();
    const record = newRecord();
    await storage.append(own, record);
    await storage.rotate(own, newRotation());
    const two = grantFor(own.space, "own", 2);
    await storage.append(two, newRecord({ epoch: 2 }));
    await storage.deleteDocument(two, record.document);
    const state = await storage.readSpace(own.space);
    await storage.rotate(
      two,
      newRotation({ expected: state?.checkpoint ?? null, epoch: 3, record: newRecord({ kind: "control", epoch: 3 }) }),
    );
    await storage.deleteSpace(gone.own);
    const three = grantFor(own.space, "own", 3);
    const before = [await storage.readSpace(own.space), await storage.readPage(three, 0), await storage.sumUsage()];
    await storage.close();
    await withDatabase((db) => db.raw.exec("DELETE FROM meta WHERE name = 'journalled'"));
    await reopen();
    expect([await storage.readSpace(own.space), await storage.readPage(three, 0), await storage.sumUsage()]).toEqual(
      before,
    );
    expect(await storage.readSpace(gone.own.space)).toBeNull();
    expect(await verify()).toMatchObject({ problems: [] });
  });
});

describe("verify", () => {
  test("a store that was used is whole", async () => {
    const { own } = await createSpace();
    const document = newId<DocumentTag>();
    for (let i = 0; i < 10; i++)
      await storage.append(own, newRecord({ document, kind: i === 5 ? "snapshot" : "update" }));
    await storage.prune(own, document, 6);
    await putBlob(own, document);
    await putBlob(own);
    const key = randomBytes(32);
    const drop = { key, expires: 0, singleUse: false, quotaBytes: 9999, attachment: randomBytes(5) };
    await storage.registerDrop(own, drop);
    for (let i = 0; i < 3; i++) await storage.drop(key, randomBytes(50), NOW);
    await storage.clearDrops(own, 1);
    await storage.deleteDocument(own, document);
    expect(await verify()).toEqual({ records: 0, chunks: 1, problems: [] });
  });

  test.each([
    ["a chunk that changed on the disk", "1 chunks are not what was uploaded."],
    ["a chunk without a file", "1 chunks have no file."],
    ["bytes that don't add up", "1 spaces count other bytes than they hold."],
    ["a record without its op id", "1 records have no op id, or another's number."],
    ["a record beyond the head", "1 records lie beyond the head of their space."],
    ["a record of a deleted document", "1 records belong to a deleted document."],
  ])("%s is found", async (what, sentence) => {
    const { own } = await createSpace();
    const record = newRecord();
    await storage.append(own, record);
    const blob = await putBlob(own);
    const break_: Record<string, (db: Database) => unknown> = {
      "a chunk that changed on the disk": () => blobs.write(own.space, blob, 0, randomBytes(2000), TODAY),
      "a chunk without a file": () => blobs.remove(own.space, blob),
      "bytes that don't add up": (db) => db.raw.exec("UPDATE spaces SET bytes = bytes + 1"),
      "a record without its op id": (db) => db.raw.exec("UPDATE ops SET op = randomblob(16)"),
      "a record beyond the head": (db) => db.raw.exec("UPDATE spaces SET head = 0"),
      "a record of a deleted document": (db) =>
        db.raw.exec("INSERT INTO deleted_documents SELECT space, document FROM records"),
    };
    await withDatabase(async (db) => break_[what]?.(db));
    expect((await verify()).problems).toEqual([sentence]);
  });
});

describe("tokens and usage", () => {
  test("a token is shown once, counted, and can be made void while the server runs", async () => {
    const [token, other] = await withDatabase((db) => createTokens(db, 2));
    expect(await storage.countTokens()).toBe(2);
    await storage.createSpace(newSpace(), { tokenHash: sha256(Buffer.from(token as string)) });
    await withDatabase((db) => {
      expect(revokeToken(db, token as string)).toBe(false);
      expect(revokeToken(db, other as string)).toBe(true);
      expect(countTokens(db)).toBe(0);
    });
  });

  test("usage says sizes and numbers", async () => {
    const [small, large] = [await createSpace(), await createSpace()];
    await storage.append(small.own, newRecord({ size: 256 }));
    await storage.append(large.own, newRecord({ size: 1000 }));
    await putBlob(large.own);
    await withDatabase((db) => {
      expect(listUsage(db, 1)).toMatchObject([{ space: large.own.space, bytes: 3064, records: 1, blobs: 1 }]);
      expect(sumUsage(db)).toEqual({ spaces: 2, bytes: 3064 + 320 });
    });
  });
});
