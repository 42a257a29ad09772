/**
 * What every storage must do, whatever database is behind it. A storage's test file calls `acceptStorage` with a way to
 * open one, to close and open it again on the same data, and to throw it away.
 */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OpId, OuterRecord, SpaceId } from "../../protocol/frames.ts";
import {
  MAX_DROP_BYTES,
  MAX_DROP_QUOTA_BYTES,
  MAX_PAGE_BYTES,
  MAX_PAGE_RECORDS,
  MAX_SEALED_BYTES,
  MAX_WRAPS_PER_SPACE,
  POCKET_QUOTA_BYTES,
  RECORD_OVERHEAD_BYTES,
} from "../../protocol/limits.ts";
import { type Grant, type Lane, type Rotation, type Storage, StorageError } from "../../sync-server/storage/port.ts";
import { grantFor, newChunk, newId, newRecord, newRotation, newSpace, newWrap, randomKeys, sha256 } from "./made-up.ts";

export interface StorageUnderTest {
  readonly storage: Storage;
  /** Closes and opens again on the same data. */
  reopen(): Promise<void>;
  dispose(): Promise<void>;
}

const refused = (code: string) => expect.objectContaining({ code });
const NOW = 1_800_000_000;
const TODAY = 20_000;

export function acceptStorage(name: string, open: (spaceQuotaBytes: number) => Promise<StorageUnderTest>): void {
  const QUOTA = 4 * 1024 * 1024;
  let under: StorageUnderTest;
  let storage: Storage;
  let space: SpaceId;
  let own: Grant;

  beforeEach(async () => {
    under = await open(QUOTA);
    storage = under.storage;
    const create = newSpace();
    await storage.createSpace(create, "open");
    space = create.space;
    own = grantFor(space);
  });
  afterEach(() => under.dispose());

  const reopen = async (): Promise<void> => {
    await under.reopen();
    storage = under.storage;
  };
  const readAll = async (grant: Grant = own) => {
    const records = [];
    let after = 0;
    for (;;) {
      const page = await storage.readPage(grant, after);
      records.push(...page.records);
      if (!page.more) return { records, head: page.head };
      after = page.records.at(-1)?.seq ?? after;
    }
  };

  describe(`${name}: spaces`, () => {
    test("a new space is at epoch 1, empty, with its keys", async () => {
      const create = newSpace();
      await storage.createSpace(create, "open");
      expect(await storage.readSpace(create.space)).toEqual({
        epoch: 1,
        keys: create.keys,
        head: 0,
        checkpoint: null,
        closed: false,
      });
      expect(await storage.readSpace(newId())).toBeNull();
    });

    test("creating again with the same keys is fine, with others it exists", async () => {
      const create = newSpace({ wraps: [newWrap()] });
      await storage.createSpace(create, "open");
      await storage.createSpace(create, "open");
      await expect(storage.createSpace({ ...create, keys: randomKeys() }, "open")).rejects.toEqual(refused("exists"));
    });

    test("a token makes one space, and is gone", async () => {
      const token = sha256(randomBytes(32));
      await storage.addToken(token);
      expect(await storage.countTokens()).toBe(1);
      const first = newSpace();
      await storage.createSpace(first, { tokenHash: token });
      await storage.createSpace(first, { tokenHash: token }); // lost answer
      expect(await storage.countTokens()).toBe(0);
      await expect(storage.createSpace(newSpace(), { tokenHash: token })).rejects.toEqual(refused("no-token"));
    });

    test("of two spaces asked for with one token at once, one is made", async () => {
      const token = sha256(randomBytes(32));
      await storage.addToken(token);
      const asked = [newSpace(), newSpace()].map((space) => storage.createSpace(space, { tokenHash: token }));
      const settled = await Promise.allSettled(asked);
      expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(settled.find(({ status }) => status === "rejected")).toMatchObject({ reason: refused("no-token") });
    });

    test("a token isn't spent on a space that is refused", async () => {
      const token = sha256(randomBytes(32));
      await storage.addToken(token);
      const wrap = newWrap();
      await storage.putWraps(own, [wrap]);
      const create = storage.createSpace(newSpace({ wraps: [wrap] }), { tokenHash: token });
      await expect(create).rejects.toEqual(refused("op-conflict"));
      expect(await storage.countTokens()).toBe(1);
    });

    test("a revoked token makes nothing", async () => {
      const token = sha256(randomBytes(32));
      await storage.addToken(token);
      expect(await storage.revokeToken(token)).toBe(true);
      expect(await storage.revokeToken(token)).toBe(false);
      await expect(storage.createSpace(newSpace(), { tokenHash: token })).rejects.toEqual(refused("no-token"));
    });

    test("without a token only a pocket may be made, of 50 MB", async () => {
      await expect(storage.createSpace(newSpace(), "pocket-only")).rejects.toEqual(refused("no-token"));
      const pocket = newSpace({ kind: "pocket" });
      await storage.createSpace(pocket, "pocket-only");
      const chunk = newChunk(pocket.space, { bytes: POCKET_QUOTA_BYTES });
      expect(await storage.admitChunk(grantFor(pocket.space), chunk)).toBe(true);
      await expect(
        storage.admitChunk(grantFor(pocket.space), { ...chunk, bytes: POCKET_QUOTA_BYTES + 1 }),
      ).rejects.toEqual(refused("over-quota"));
    });

    test("a deleted space takes everything with it and its id stays taken", async () => {
      const wrap = newWrap();
      await storage.putWraps(own, [wrap]);
      const record = newRecord();
      await storage.append(own, record);
      const chunk = newChunk(space);
      await storage.recordChunk(own, chunk, TODAY);
      const key = randomBytes(32);
      await storage.registerDrop(own, registration(key));
      expect(await storage.deleteSpace(own)).toEqual([{ space, blob: chunk.blob }]);
      expect(await storage.readSpace(space)).toBeNull();
      expect(await storage.readWrap(wrap.tag, NOW)).toBeNull();
      expect(await storage.readDropAttachment(key, NOW)).toBeNull();
      expect(await storage.isBlobKnown(space, chunk.blob)).toBe(false);
      await expect(storage.append(own, record)).rejects.toEqual(refused("no-such-space"));
      await expect(storage.readPage(own, 0)).rejects.toEqual(refused("no-such-space"));
      await expect(storage.createSpace(newSpace({ space }), "open")).rejects.toEqual(refused("exists"));
    });
  });

  describe(`${name}: records`, () => {
    test("records come back in order with their numbers, after closing too", async () => {
      const sent: OuterRecord[] = Array.from({ length: 20 }, () => newRecord());
      const acks = await Promise.all(sent.map((record) => storage.append(own, record)));
      expect(acks.map(({ seq }) => seq)).toEqual(sent.map((_, index) => index + 1));
      await reopen();
      expect(await readAll()).toEqual({ records: sent.map((record, i) => ({ seq: i + 1, ...record })), head: 20 });
    });

    test("every kind comes back as it was", async () => {
      for (const kind of ["update", "snapshot", "said", "control", "void"] as const) {
        await storage.append(own, newRecord({ kind }));
      }
      const { records } = await readAll();
      expect(records.map(({ kind }) => kind)).toEqual(["update", "snapshot", "said", "control", "void"]);
    });

    test("an op id is stored once, whatever comes with it later", async () => {
      const record = newRecord();
      expect(await storage.append(own, record)).toEqual({ seq: 1, fresh: true });
      expect(await storage.append(own, { ...record, sealed: randomBytes(50) })).toEqual({ seq: 1, fresh: false });
      const twice = newRecord();
      const both = await Promise.all([storage.append(own, twice), storage.append(own, twice)]);
      expect(both).toEqual([
        { seq: 2, fresh: true },
        { seq: 2, fresh: false },
      ]);
      expect((await readAll()).records).toHaveLength(2);
    });

    test("an op id used for another document or kind is a conflict", async () => {
      const record = newRecord();
      await storage.append(own, record);
      await expect(storage.append(own, { ...record, document: newId() })).rejects.toEqual(refused("op-conflict"));
      await expect(storage.append(own, { ...record, kind: "said" })).rejects.toEqual(refused("op-conflict"));
    });

    test("the op id is looked up before the epoch: an old op is acknowledged after a rotation", async () => {
      const record = newRecord();
      await storage.append(own, record);
      await storage.rotate(own, newRotation());
      expect(await storage.append(own, record)).toEqual({ seq: 1, fresh: false });
      await expect(storage.append(own, newRecord())).rejects.toEqual(refused("stale-epoch"));
    });

    test("a record must be of the current epoch, and so must what was proved", async () => {
      await expect(storage.append(own, newRecord({ epoch: 2 }))).rejects.toEqual(refused("stale-epoch"));
      await expect(storage.append(grantFor(space, "own", 2), newRecord({ epoch: 1 }))).rejects.toEqual(
        refused("stale-epoch"),
      );
    });

    test("a page holds no more than fits a frame, and pages join without a gap", async () => {
      const large = Array.from({ length: 5 }, () => newRecord({ size: 100_000 }));
      const small = Array.from({ length: MAX_PAGE_RECORDS + 3 }, () => newRecord({ size: 256 }));
      await Promise.all([...large, ...small].map((record) => storage.append(own, record)));
      const first = await storage.readPage(own, 0);
      expect(first.records).toHaveLength(2);
      expect(first.more).toBe(true);
      const filled = await storage.readPage(own, 5);
      expect(filled.records).toHaveLength(MAX_PAGE_RECORDS);
      const { records, head } = await readAll();
      expect(records.map(({ seq }) => seq)).toEqual([...large, ...small].map((_, index) => index + 1));
      expect(head).toBe(large.length + small.length);
      expect(await storage.readPage(own, head)).toEqual({ records: [], head, more: false });
    });

    test("the largest record fits a page by itself", async () => {
      await storage.append(own, newRecord({ size: MAX_SEALED_BYTES }));
      expect((await storage.readPage(own, 0)).records).toHaveLength(1);
      expect(MAX_PAGE_BYTES).toBeGreaterThan(MAX_SEALED_BYTES);
    });

    test("what came after a refusal doesn't overtake it in its lane, also within one commit", async () => {
      const document = newId<OuterRecord["document"]>();
      const size = MAX_SEALED_BYTES;
      const count = Math.floor(QUOTA / (size + 64));
      for (let i = 0; i < count; i++) await storage.append(own, newRecord({ size, document }));
      const lane: Lane = { refused: null };
      const [large, small] = [newRecord({ size }), newRecord({ size: 300 })];
      const together = [storage.append(own, large, lane), storage.append(own, small, lane)];
      for (const one of together) await expect(one).rejects.toEqual(refused("over-quota"));
      await storage.deleteDocument(own, document);
      await expect(storage.append(own, small, lane)).rejects.toEqual(refused("over-quota"));
      const again: Lane = { refused: null };
      const first = await storage.append(own, large, again);
      expect((await storage.append(own, small, again)).seq).toBe(first.seq + 1);
    });

    test("what is over the quota is refused, and room comes back", async () => {
      const document = newId<OuterRecord["document"]>();
      const size = MAX_SEALED_BYTES;
      const count = Math.floor(QUOTA / (size + 64));
      for (let i = 0; i < count; i++) await storage.append(own, newRecord({ size, document }));
      await expect(storage.append(own, newRecord({ size }))).rejects.toEqual(refused("over-quota"));
      await storage.deleteDocument(own, document);
      expect((await storage.append(own, newRecord({ size }))).fresh).toBe(true);
    });

    test("a full space can still be rotated: who fills it can't stay by it", async () => {
      const size = MAX_SEALED_BYTES;
      for (let i = 0; i < Math.floor(QUOTA / (size + 64)); i++) await storage.append(own, newRecord({ size }));
      await expect(storage.append(own, newRecord({ size }))).rejects.toEqual(refused("over-quota"));
      const turn = newRotation({ record: newRecord({ kind: "control", epoch: 2, size }) });
      expect((await storage.rotate(own, turn)).fresh).toBe(true);
      const two = grantFor(space, "own", 2);
      const small = newRecord({ epoch: 2, size: 256 });
      await expect(storage.append(two, small)).rejects.toEqual(refused("over-quota"));
      // Nor is the reserve without an end.
      let expected = turn.record.opId;
      const fill = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) {
          const record = newRecord({ kind: "control", epoch: 2, size });
          await storage.checkpoint(two, expected, record);
          expected = record.opId;
        }
      };
      await expect(fill()).rejects.toEqual(refused("over-quota"));
    });

    test("two spaces number and hold their records by themselves", async () => {
      const other = newSpace();
      await storage.createSpace(other, "open");
      const record = newRecord();
      await storage.append(own, record);
      expect(await storage.append(grantFor(other.space), record)).toEqual({ seq: 1, fresh: true });
      expect((await readAll(grantFor(other.space))).records).toHaveLength(1);
    });
  });

  describe(`${name}: deleting and pruning`, () => {
    test("a deleted document is gone, its ops stay known, new ones are refused", async () => {
      const document = newId<OuterRecord["document"]>();
      const gone = newRecord({ document });
      const kept = newRecord();
      await storage.append(own, gone);
      await storage.append(own, kept);
      await storage.deleteDocument(own, document);
      await storage.deleteDocument(own, document);
      await reopen();
      expect((await readAll()).records.map(({ opId }) => opId)).toEqual([kept.opId]);
      expect(await storage.append(own, gone)).toEqual({ seq: 1, fresh: false });
      await expect(storage.append(own, newRecord({ document }))).rejects.toEqual(refused("document-deleted"));
      expect((await storage.append(own, newRecord())).seq).toBe(3);
    });

    test("deleting a document that never was keeps it from coming", async () => {
      const document = newId<OuterRecord["document"]>();
      await storage.deleteDocument(own, document);
      const both = await Promise.allSettled([1, 2].map(() => storage.append(own, newRecord({ document }))));
      for (const one of both) expect(one).toEqual({ status: "rejected", reason: refused("document-deleted") });
    });

    test("a page whose last records were deleted still moves the cursor to the head", async () => {
      const document = newId<OuterRecord["document"]>();
      await storage.append(own, newRecord());
      await storage.append(own, newRecord({ document }));
      await storage.deleteDocument(own, document);
      expect(await storage.readPage(own, 1)).toEqual({ records: [], head: 2, more: false });
    });

    test("pruning takes updates before the mark and all snapshots but two", async () => {
      const document = newId<OuterRecord["document"]>();
      const kinds = [
        "update",
        "snapshot",
        "said",
        "update",
        "snapshot",
        "void",
        "update",
        "snapshot",
        "update",
      ] as const;
      for (const kind of kinds) await storage.append(own, newRecord({ document, kind }));
      const other = newRecord();
      await storage.append(own, other);
      await storage.prune(own, document, 8);
      const left = (await readAll()).records.map(({ seq, kind }) => `${seq} ${kind}`);
      expect(left).toEqual(["3 said", "5 snapshot", "6 void", "8 snapshot", "9 update", "10 update"]);
    });

    test("pruning counts no snapshot that came after the mark", async () => {
      const document = newId<OuterRecord["document"]>();
      for (const kind of ["update", "snapshot", "snapshot", "snapshot", "update", "snapshot"] as const)
        await storage.append(own, newRecord({ document, kind }));
      await storage.prune(own, document, 3);
      expect((await readAll()).records.map(({ seq }) => seq)).toEqual([2, 3, 4, 5, 6]);
    });

    test("pruning needs a snapshot at or after the mark", async () => {
      const document = newId<OuterRecord["document"]>();
      await storage.append(own, newRecord({ document }));
      await expect(storage.prune(own, document, 1)).rejects.toEqual(refused("no-right"));
      await storage.append(own, newRecord({ document, kind: "snapshot" }));
      await expect(storage.prune(own, document, 3)).rejects.toEqual(refused("no-right"));
      await storage.prune(own, document, 2);
      expect((await readAll()).records.map(({ seq }) => seq)).toEqual([2]);
    });
  });

  describe(`${name}: checkpoints and rotation`, () => {
    test("a checkpoint is accepted only on top of the newest", async () => {
      const first = newRecord({ kind: "control" });
      expect(await storage.checkpoint(own, null, first)).toEqual({ seq: 1, fresh: true });
      expect((await storage.readSpace(space))?.checkpoint).toBe(first.opId);
      const second = newRecord({ kind: "control" });
      await expect(storage.checkpoint(own, null, second)).rejects.toEqual(refused("stale-checkpoint"));
      await expect(storage.checkpoint(own, newId<OpId>(), second)).rejects.toEqual(refused("stale-checkpoint"));
      expect((await storage.checkpoint(own, first.opId, second)).seq).toBe(2);
      expect(await storage.checkpoint(own, null, first)).toEqual({ seq: 1, fresh: false });
      expect((await storage.readSpace(space))?.checkpoint).toBe(second.opId);
    });

    test("of two checkpoints at once, one wins", async () => {
      const both = await Promise.allSettled(
        [newRecord({ kind: "control" }), newRecord({ kind: "control" })].map((r) => storage.checkpoint(own, null, r)),
      );
      expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    });

    test("a rotation changes epoch, keys, wraps and checkpoint at once", async () => {
      const [stays, leaves] = [newWrap(), newWrap()];
      await storage.putWraps(own, [stays, leaves]);
      const renewed = newWrap(0, { tag: stays.tag });
      const turn = newRotation({ wraps: [renewed], removedTags: [leaves.tag] });
      expect(await storage.rotate(own, turn)).toEqual({ seq: 1, fresh: true });
      await reopen();
      const state = await storage.readSpace(space);
      expect(state).toEqual({ epoch: 2, keys: turn.keys, head: 1, checkpoint: turn.record.opId, closed: false });
      expect(await storage.readWrap(stays.tag, NOW)).toEqual({ bytes: renewed.bytes });
      expect(await storage.readWrap(leaves.tag, NOW)).toBeNull();
      await expect(storage.readPage(own, 0)).rejects.toEqual(refused("stale-epoch"));
      expect((await storage.readPage(grantFor(space, "read", 2), 0)).records).toHaveLength(1);
    });

    test("a rotation that is refused changes nothing", async () => {
      const wrap = newWrap();
      await storage.putWraps(own, [wrap]);
      const taken = newWrap();
      const other = newSpace({ wraps: [taken] });
      await storage.createSpace(other, "open");
      const before = await storage.readSpace(space);
      const refusals: [Partial<Rotation>, string][] = [
        [{ expected: newId<OpId>() }, "stale-checkpoint"],
        [{ epoch: 3, record: newRecord({ kind: "control", epoch: 3 }) }, "stale-epoch"],
        [{ epoch: 1, record: newRecord({ kind: "control", epoch: 1 }) }, "stale-epoch"],
        [{ record: newRecord({ kind: "control", epoch: 1 }) }, "stale-epoch"],
        [{ wraps: [newWrap(0, { tag: taken.tag })] }, "op-conflict"],
        [{ seen: 1 }, "head-moved"],
      ];
      for (const [more, code] of refusals) {
        await expect(storage.rotate(own, newRotation({ removedTags: [wrap.tag], ...more }))).rejects.toEqual(
          refused(code),
        );
      }
      expect(await storage.readSpace(space)).toEqual(before);
      expect(await storage.readWrap(wrap.tag, NOW)).toEqual({ bytes: wrap.bytes });
      expect((await readAll()).records).toEqual([]);
    });

    test("a rotation sent once more is acknowledged with its number", async () => {
      const turn = newRotation();
      await storage.rotate(own, turn);
      expect(await storage.rotate(own, turn)).toEqual({ seq: 1, fresh: false });
      expect((await storage.readSpace(space))?.epoch).toBe(2);
    });

    test("opened again: a later checkpoint counts, an earlier one doesn't, one that isn't there is refused", async () => {
      const [first, second] = [newRecord({ kind: "control" }), newRecord({ kind: "control" })];
      await storage.checkpoint(own, null, first);
      await storage.append(own, second);
      const update = newRecord();
      await storage.append(own, update);
      for (const missing of [newId<OpId>(), update.opId]) {
        await expect(storage.reopen(own, missing)).rejects.toMatchObject({ code: "stale-checkpoint" });
      }
      for (const [given, newest] of [
        [null, first.opId],
        [second.opId, second.opId],
        [first.opId, second.opId],
      ] as const) {
        await storage.reopen(own, given);
        expect((await storage.readSpace(space))?.checkpoint).toBe(newest);
      }
      await expect(storage.reopen(grantFor(space, "own", 9), null)).rejects.toMatchObject({ code: "stale-epoch" });
    });

    test("a rotation is taken only while its head is the newest, where it names one", async () => {
      await storage.append(own, newRecord());
      const turn = newRotation({ seen: 0 });
      for (const seen of [0, 2]) {
        await expect(storage.rotate(own, { ...turn, seen })).rejects.toEqual(refused("head-moved"));
      }
      expect((await storage.readSpace(space))?.epoch).toBe(1);
      expect(await storage.rotate(own, { ...turn, seen: 1 })).toEqual({ seq: 2, fresh: true });
      // Once it is taken it is the same one, whatever it says it has seen.
      expect(await storage.rotate(own, { ...turn, seen: 0 })).toEqual({ seq: 2, fresh: false });
    });

    test("an append in the same moment before a rotation that has not seen it: the rotation is refused", async () => {
      const both = await Promise.allSettled([
        storage.append(own, newRecord()),
        storage.rotate(own, newRotation({ seen: 0 })),
      ]);
      expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      expect((await readAll()).records).toHaveLength(1);
    });

    test("of two rotations at once, one wins", async () => {
      const both = await Promise.allSettled([storage.rotate(own, newRotation()), storage.rotate(own, newRotation())]);
      expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    });

    test("an append in the same moment as a rotation is refused, not stored under the old epoch", async () => {
      const both = await Promise.allSettled([storage.rotate(own, newRotation()), storage.append(own, newRecord())]);
      expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      expect((await readAll(grantFor(space, "own", 2))).records).toHaveLength(1);
    });
  });

  describe(`${name}: wraps`, () => {
    test("a wrap is had by its tag; unknown tags are null", async () => {
      const wrap = newWrap();
      await storage.putWraps(own, [wrap]);
      expect(await storage.readWrap(wrap.tag, NOW)).toEqual({ bytes: wrap.bytes });
      expect(await storage.readWrap(newId(), NOW)).toBeNull();
    });

    test("a waiting time starts with the first request and is shown to the owner", async () => {
      const wrap = newWrap(3600);
      await storage.putWraps(own, [wrap, newWrap(), newWrap(60)]);
      expect(await storage.listWaits(own, NOW)).toEqual([]);
      expect(await storage.readWrap(wrap.tag, NOW)).toEqual({ secondsLeft: 3600 });
      expect(await storage.readWrap(wrap.tag, NOW + 3599)).toEqual({ secondsLeft: 1 });
      expect(await storage.listWaits(own, NOW + 600)).toEqual([{ tag: wrap.tag, secondsLeft: 3000 }]);
      await reopen();
      expect(await storage.readWrap(wrap.tag, NOW + 3600)).toEqual({ bytes: wrap.bytes });
      expect(await storage.listWaits(own, NOW + 3600)).toEqual([{ tag: wrap.tag, secondsLeft: 0 }]);
    });

    test("two first requests at once start one clock", async () => {
      const wrap = newWrap(100);
      await storage.putWraps(own, [wrap]);
      const both = await Promise.all([storage.readWrap(wrap.tag, NOW), storage.readWrap(wrap.tag, NOW)]);
      expect(both).toEqual([{ secondsLeft: 100 }, { secondsLeft: 100 }]);
    });

    test("putting a wrap again stops its wait", async () => {
      const wrap = newWrap(100);
      await storage.putWraps(own, [wrap]);
      await storage.readWrap(wrap.tag, NOW);
      await storage.putWraps(own, [wrap]);
      expect(await storage.listWaits(own, NOW + 50)).toEqual([]);
      expect(await storage.readWrap(wrap.tag, NOW + 200)).toEqual({ secondsLeft: 100 });
    });

    test("tidying forgets when a wait was reached, not that it was", async () => {
      const wrap = newWrap(100);
      await storage.putWraps(own, [wrap]);
      await storage.readWrap(wrap.tag, NOW);
      await storage.tidy(NOW + 100, TODAY);
      expect(await storage.readWrap(wrap.tag, NOW)).toEqual({ bytes: wrap.bytes });
    });

    test("no more tags than the limit, and none of another space", async () => {
      const many = Array.from({ length: MAX_WRAPS_PER_SPACE }, () => newWrap());
      for (let at = 0; at < many.length; at += 64) await storage.putWraps(own, many.slice(at, at + 64));
      await expect(storage.putWraps(own, [newWrap()])).rejects.toEqual(refused("over-quota"));
      await storage.putWraps(own, [newWrap(0, { tag: (many[0] as (typeof many)[0]).tag })]);
      const other = newSpace();
      await storage.createSpace(other, "open");
      const stolen = storage.putWraps(grantFor(other.space), [newWrap(0, { tag: (many[1] as (typeof many)[0]).tag })]);
      await expect(stolen).rejects.toEqual(refused("op-conflict"));
    });
  });

  const registration = (key: Uint8Array, more = {}) => ({
    key,
    expires: 0,
    singleUse: false,
    quotaBytes: 100_000,
    attachment: Buffer.from("sealed card"),
    ...more,
  });

  describe(`${name}: drops`, () => {
    test("what is dropped waits, in order, until it is cleared", async () => {
      const key = new Uint8Array(randomBytes(32));
      await storage.registerDrop(own, registration(key));
      const [one, two] = [new Uint8Array(randomBytes(100)), new Uint8Array(randomBytes(200))];
      expect(await storage.drop(key, one, NOW)).toBe(space);
      await storage.drop(key, two, NOW);
      await reopen();
      const both = [
        { seq: 1, key, bytes: one },
        { seq: 2, key, bytes: two },
      ];
      expect(await storage.readDrops(own, 0)).toEqual({ drops: both, more: false });
      expect(await storage.readDrops(own, 1)).toEqual({ drops: both.slice(1), more: false });
      await storage.clearDrops(own, 1);
      expect(await storage.readDrops(own, 0)).toEqual({ drops: both.slice(1), more: false });
      await storage.clearDrops(own, 2);
      await storage.drop(key, one, NOW);
      expect((await storage.readDrops(own, 0)).drops.map(({ seq }) => seq)).toEqual([3]);
    });

    test("the same drop twice in a row lies there once", async () => {
      const key = randomBytes(32);
      await storage.registerDrop(own, registration(key, { singleUse: true }));
      const body = randomBytes(50);
      await storage.drop(key, body, NOW);
      expect(await storage.drop(key, body, NOW)).toBe(space);
      expect((await storage.readDrops(own, 0)).drops).toHaveLength(1);
    });

    test("an invitation takes one drop; its card can still be had", async () => {
      const key = randomBytes(32);
      await storage.registerDrop(own, registration(key, { singleUse: true }));
      await storage.drop(key, randomBytes(50), NOW);
      await expect(storage.drop(key, randomBytes(50), NOW)).rejects.toEqual(refused("not-found"));
      expect(await storage.readDropAttachment(key, NOW)).toEqual(new Uint8Array(Buffer.from("sealed card")));
    });

    test("of two different drops at once an invitation takes one", async () => {
      const key = randomBytes(32);
      await storage.registerDrop(own, registration(key, { singleUse: true }));
      const both = await Promise.allSettled([1, 2].map(() => storage.drop(key, randomBytes(9), NOW)));
      expect(new Set(both.map(({ status }) => status))).toEqual(new Set(["fulfilled", "rejected"])); // either
    });

    test("past its time a key is as unknown as any other", async () => {
      const key = randomBytes(32);
      await storage.registerDrop(own, registration(key, { expires: NOW }));
      await storage.drop(key, randomBytes(5), NOW - 1);
      await expect(storage.drop(key, randomBytes(5), NOW)).rejects.toEqual(refused("not-found"));
      await expect(storage.drop(randomBytes(32), randomBytes(5), NOW)).rejects.toEqual(refused("not-found"));
      expect(await storage.readDropAttachment(key, NOW)).toBeNull();
      await storage.tidy(NOW, TODAY);
      expect((await storage.readDrops(own, 0)).drops).toHaveLength(1);
    });

    test("a key's quota counts what lies undelivered", async () => {
      const key = randomBytes(32);
      await storage.registerDrop(own, registration(key, { quotaBytes: 100 }));
      await storage.drop(key, randomBytes(60), NOW);
      await expect(storage.drop(key, randomBytes(41), NOW)).rejects.toEqual(refused("over-quota"));
      await storage.drop(key, randomBytes(40), NOW);
      await storage.clearDrops(own, 1);
      await storage.drop(key, randomBytes(60), NOW);
      const greedy = registration(randomBytes(32), { quotaBytes: MAX_DROP_QUOTA_BYTES + 1 });
      await expect(storage.registerDrop(own, greedy)).rejects.toEqual(refused("over-quota"));
    });

    test("drops count into the space's quota", async () => {
      const key = randomBytes(32);
      await storage.registerDrop(own, registration(key, { quotaBytes: MAX_DROP_QUOTA_BYTES }));
      const count = Math.floor(QUOTA / (MAX_DROP_BYTES + 64));
      for (let i = 0; i < count; i++) await storage.drop(key, randomBytes(MAX_DROP_BYTES), NOW);
      await expect(storage.drop(key, randomBytes(MAX_DROP_BYTES), NOW)).rejects.toEqual(refused("over-quota"));
      const { drops, more } = await storage.readDrops(own, 0);
      expect(drops.length).toBeLessThan(count);
      expect(more).toBe(true);
      await storage.clearDrops(own, count);
      await storage.drop(key, randomBytes(MAX_DROP_BYTES), NOW);
    });

    test("a revoked key is gone with what lay under it", async () => {
      const [key, other] = [randomBytes(32), randomBytes(32)];
      await storage.registerDrop(own, registration(key));
      await storage.registerDrop(own, registration(other));
      await storage.drop(key, randomBytes(50), NOW);
      await storage.drop(other, randomBytes(50), NOW);
      await storage.revokeDrop(own, key);
      await storage.revokeDrop(own, key);
      expect((await storage.readDrops(own, 0)).drops.map(({ seq }) => seq)).toEqual([2]);
      await expect(storage.drop(key, randomBytes(5), NOW)).rejects.toEqual(refused("not-found"));
    });

    test("another mailbox can't take over a key", async () => {
      const key = randomBytes(32);
      await storage.registerDrop(own, registration(key));
      const other = newSpace();
      await storage.createSpace(other, "open");
      await expect(storage.registerDrop(grantFor(other.space), registration(key))).rejects.toEqual(
        refused("op-conflict"),
      );
    });
  });

  describe(`${name}: blobs`, () => {
    test("a blob exists once all its chunks are there and committed", async () => {
      const first = newChunk(space);
      const second = newChunk(space, { blob: first.blob, document: first.document, index: 1 });
      expect(await storage.missingChunks(own, first.blob, 2)).toEqual([0, 1]);
      expect(await storage.admitChunk(own, first)).toBe(true);
      await storage.recordChunk(own, first, TODAY);
      expect(await storage.admitChunk(own, first)).toBe(false);
      expect(await storage.missingChunks(own, first.blob, 2)).toEqual([1]);
      await expect(storage.commitBlob(own, first.blob, [first.hash, second.hash])).rejects.toEqual(
        refused("op-conflict"),
      );
      await storage.recordChunk(own, second, TODAY);
      expect(await storage.hasChunk(own, first.blob, 0)).toBe(false);
      for (const hashes of [[first.hash], [second.hash, first.hash], [first.hash, second.hash, first.hash]]) {
        await expect(storage.commitBlob(own, first.blob, hashes)).rejects.toEqual(refused("op-conflict"));
      }
      await storage.commitBlob(own, first.blob, [first.hash, second.hash]);
      await storage.commitBlob(own, first.blob, [first.hash, second.hash]);
      await reopen();
      expect(await storage.hasChunk(own, first.blob, 1)).toBe(true);
      expect(await storage.hasChunk(own, first.blob, 2)).toBe(false);
    });

    test("a chunk can be replaced until the commit, not after", async () => {
      const chunk = newChunk(space);
      await storage.recordChunk(own, chunk, TODAY);
      const other = { ...chunk, hash: sha256(randomBytes(3)), bytes: 3 };
      await storage.recordChunk(own, other, TODAY);
      await storage.commitBlob(own, chunk.blob, [other.hash]);
      await expect(storage.admitChunk(own, chunk)).rejects.toEqual(refused("op-conflict"));
      expect(await storage.admitChunk(own, other)).toBe(false);
    });

    test("a blob belongs to one document", async () => {
      const chunk = newChunk(space);
      await storage.recordChunk(own, chunk, TODAY);
      const moved = { ...chunk, document: newId<OuterRecord["document"]>(), index: 1 };
      await expect(storage.admitChunk(own, moved)).rejects.toEqual(refused("op-conflict"));
    });

    test("deleting its document deletes the blob and gives its room back", async () => {
      const chunk = newChunk(space, { bytes: QUOTA - 1000 });
      await storage.recordChunk(own, chunk, TODAY);
      await storage.commitBlob(own, chunk.blob, [chunk.hash]);
      const next = newChunk(space, { bytes: 1001 });
      await expect(storage.admitChunk(own, next)).rejects.toEqual(refused("over-quota"));
      expect(await storage.deleteDocument(own, chunk.document)).toEqual([{ space, blob: chunk.blob }]);
      expect(await storage.hasChunk(own, chunk.blob, 0)).toBe(false);
      expect(await storage.admitChunk(own, next)).toBe(true);
      await expect(storage.admitChunk(own, chunk)).rejects.toEqual(refused("document-deleted"));
    });

    test("what is left uncommitted goes, with its share of the quota", async () => {
      const old = newChunk(space, { bytes: QUOTA - 1000 });
      const done = newChunk(space, { bytes: 500 });
      await storage.recordChunk(own, old, TODAY - 2);
      await storage.recordChunk(own, done, TODAY - 2);
      await storage.commitBlob(own, done.blob, [done.hash]);
      const gone = { space, blob: old.blob };
      expect(await storage.tidy(NOW, TODAY - 2)).toEqual({ orphans: [], abandoned: [] });
      for (const _ of [1, 2]) expect((await storage.tidy(NOW, TODAY - 1)).abandoned).toEqual([gone]);
      // Until its files are gone it takes nothing more, or what came anew would go with them.
      expect(await storage.missingChunks(own, old.blob, 1)).toEqual([0]);
      await expect(storage.admitChunk(own, old)).rejects.toEqual(refused("rate-limited"));
      await expect(storage.recordChunk(own, old, TODAY)).rejects.toEqual(refused("rate-limited"));
      const failing = storage.removeAbandoned(gone, () => Promise.reject(new StorageError("storage-failed")));
      await expect(failing).rejects.toEqual(refused("storage-failed"));
      await expect(storage.admitChunk(own, old)).rejects.toEqual(refused("rate-limited"));
      let removed = 0;
      for (const one of [gone, { space, blob: done.blob }]) {
        await storage.removeAbandoned(one, async () => void removed++);
      }
      expect(removed).toBe(1);
      expect(await storage.isBlobKnown(space, old.blob)).toBe(false);
      expect(await storage.isBlobKnown(space, done.blob)).toBe(true);
      expect(await storage.admitChunk(own, newChunk(space, { bytes: QUOTA - 600 }))).toBe(true);
    });

    test("an upload that goes on isn't given up: its last chunk counts", async () => {
      const first = newChunk(space);
      await storage.recordChunk(own, first, TODAY - 2);
      await storage.recordChunk(
        own,
        { ...newChunk(space), blob: first.blob, document: first.document, index: 1 },
        TODAY,
      );
      expect((await storage.tidy(NOW, TODAY - 1)).abandoned).toEqual([]);
      expect((await storage.tidy(NOW, TODAY + 1)).abandoned).toEqual([{ space, blob: first.blob }]);
    });

    test("a chunk that isn't there as its row says is missing again, until the commit", async () => {
      const chunk = newChunk(space, { bytes: QUOTA - 1000 });
      await storage.recordChunk(own, chunk, TODAY);
      expect(await storage.reportChunk(own, chunk.blob, 0, chunk.hash)).toBe(false);
      expect(await storage.reportChunk(own, chunk.blob, 1, null)).toBe(false);
      expect(await storage.missingChunks(own, chunk.blob, 1)).toEqual([]);
      for (const found of [null, sha256(randomBytes(3))]) {
        expect(await storage.reportChunk(own, chunk.blob, 0, found)).toBe(true);
        expect(await storage.missingChunks(own, chunk.blob, 1)).toEqual([0]);
        expect(await storage.admitChunk(own, chunk)).toBe(true); // its room came back, too
        await storage.recordChunk(own, chunk, TODAY);
      }
      await storage.commitBlob(own, chunk.blob, [chunk.hash]);
      expect(await storage.reportChunk(own, chunk.blob, 0, null)).toBe(false);
      expect(await storage.hasChunk(own, chunk.blob, 0)).toBe(true);
    });

    test("blobs are had under the current epoch only", async () => {
      const chunk = newChunk(space);
      await storage.recordChunk(own, chunk, TODAY);
      await storage.commitBlob(own, chunk.blob, [chunk.hash]);
      await storage.rotate(own, newRotation());
      await expect(storage.hasChunk(own, chunk.blob, 0)).rejects.toEqual(refused("stale-epoch"));
      expect(await storage.hasChunk(grantFor(space, "read", 2), chunk.blob, 0)).toBe(true);
    });
  });

  describe(`${name}: the store itself`, () => {
    test("it keeps its identity", async () => {
      const before = storage.identity;
      expect(before.server).toMatch(/^[0-9a-f]{32}$/);
      expect(before.tokenSecret).toHaveLength(32);
      await reopen();
      expect(storage.identity).toEqual(before);
    });

    test("it says that it can be written", async () => {
      expect(await storage.isWritable()).toBe(true);
    });

    test("different writes to one space in the same moment all count", async () => {
      const document = newId<OuterRecord["document"]>();
      await storage.append(own, newRecord({ document, size: 5000 }));
      const chunk = newChunk(space, { bytes: 700 });
      const results = await Promise.all([
        storage.append(own, newRecord({ size: 300 })),
        storage.recordChunk(own, chunk, TODAY),
        storage.append(own, newRecord({ size: 400 })),
        storage.deleteDocument(own, document),
        storage.append(own, newRecord({ size: 500 })),
        storage.append(own, newRecord({ size: 800 })),
      ]);
      const seqs = results.flatMap((one) => (one !== undefined && "seq" in one ? [one.seq] : []));
      expect(seqs).toEqual([2, 3, 4, 5]);
      // Five records' op ids stay, four records, one chunk.
      const bytes = 5 * RECORD_OVERHEAD_BYTES + 300 + 400 + 500 + 800 + 700;
      expect(await storage.sumUsage()).toEqual({ spaces: 1, bytes });
    });

    test("a refusal in the middle of many writes disturbs none of them", async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, i) => storage.append(own, newRecord({ epoch: i % 5 === 0 ? 9 : 1 }))),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(40);
      const { records } = await readAll();
      expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    });
  });
}
