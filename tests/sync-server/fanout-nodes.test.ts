/**
 * Two nodes over one store, without a port: sessions on both, hints that are dropped, doubled, late or absent. What one
 * node acknowledges is heard on the other once and in order, whatever happens to the hints.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SpaceId } from "../../protocol/frames.ts";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import { decodeHint, encodeHint, type Hint, type HintListener, type Hints } from "../../sync-server/fanout/hints.ts";
import { createNodesFanout } from "../../sync-server/fanout/nodes.ts";
import type { Fanout } from "../../sync-server/fanout/port.ts";
import { createMetrics } from "../../sync-server/metrics.ts";
import type { Storage } from "../../sync-server/storage/port.ts";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
import { createTokens } from "../../sync-server/tokens.ts";
import { Turns } from "../../sync-server/turns.ts";
import { newDirectory, newId, newRecord, newSpaceKeys, publicKeys, randomKeys, type SpaceKeys } from "./made-up.ts";
import { connectClient, type TestClient } from "./node.ts";

/** Hints between the nodes of a test: through the codec, as unreliable as the test wants. */
function createBus() {
  const nodes = new Map<HintListener, Set<SpaceId>>();
  const bus = {
    isConnected: true as boolean,
    /** How often a hint arrives. */
    copies: () => 1,
    join(listener: HintListener): Hints {
      const spaces = new Set<SpaceId>();
      nodes.set(listener, spaces);
      return {
        listen: (space) => void spaces.add(space),
        unlisten: (space) => void spaces.delete(space),
        send(space, hint) {
          if (!bus.isConnected) return;
          const bytes = encodeHint(hint);
          for (const [other, heard] of nodes) {
            if (other === listener || !heard.has(space)) continue;
            for (let copy = bus.copies(); copy > 0; copy--) setImmediate(() => other.hear(space, decodeHint(bytes)));
          }
        },
        settled: async () => {},
        get isConnected() {
          return bus.isConnected;
        },
        close: async () => void nodes.delete(listener),
      };
    },
  };
  return bus;
}

let directory: string;
let storage: Storage;
let bus: ReturnType<typeof createBus>;
let space: SpaceId;
let keys: SpaceKeys;
const fanouts: Fanout[] = [];
const failures: unknown[] = [];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "Date"] });
  directory = await newDirectory("fanout");
  storage = await openSqliteStorage({ file: join(directory, "lomme.sqlite") });
  bus = createBus();
  space = newId<SpaceId>();
  keys = newSpaceKeys();
  await storage.createSpace({ space, kind: "space", keys: publicKeys(keys), wraps: [] }, "open");
});
afterEach(async () => {
  await Promise.all(fanouts.splice(0).map((fanout) => fanout.close()));
  await storage.close();
  await rm(directory, { recursive: true });
  vi.useRealTimers();
  expect(failures.splice(0)).toEqual([]);
});

/** A node: its own fan-out over the shared store. Answers how to connect a client to it. */
function startNode(hints: boolean = true): () => TestClient {
  const onFailure = (error: unknown): void => void failures.push(error);
  const fanout = createNodesFanout({ storage, onFailure, ...(hints && { hints: bus.join }) });
  fanouts.push(fanout);
  const deps = {
    storage,
    fanout,
    blobs: createDiskBlobs(join(directory, "blobs")),
    tokens: createTokens(storage.identity.tokenSecret),
    clock: { nowMs: () => Date.now() },
    onFailure,
    metrics: createMetrics(),
    turns: new Turns(),
  };
  return () => connectClient(deps);
}

const settle = async (turns = 20): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
};
/** A look at the store happens at the most this much later. */
const LOOK_MS = 5_500;
const passLook = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  await settle();
};
const seqsOf = (client: TestClient): number[] => client.heard("live").map(({ record }) => record.seq);

describe("two nodes", () => {
  test("a record on one is live on the other, with its bytes, once", async () => {
    const [one, two, three] = [startNode()(), startNode(), startNode()];
    const [a, b] = [two(), two()];
    const c = three();
    for (const client of [one, a, b, c]) await client.openLive(space, keys);
    await settle();
    const record = newRecord();
    await one.ask({ type: "append", space, record });
    await settle();
    for (const client of [a, b, c])
      expect(client.heard("live")).toEqual([{ type: "live", space, record: { seq: 1, ...record } }]);
    expect(one.heard("live")).toEqual([]);
  });

  test("a lost hint delays by a look at the store", async () => {
    const [one, two] = [startNode()(), startNode()()];
    for (const client of [one, two]) await client.openLive(space, keys);
    await settle();
    bus.copies = () => 0;
    for (let i = 0; i < 5; i++) await one.ask({ type: "append", space, record: newRecord() });
    await settle();
    expect(seqsOf(two)).toEqual([]);
    await passLook();
    expect(seqsOf(two)).toEqual([1, 2, 3, 4, 5]);
  });

  test("without any way for hints the looks do it, sooner", async () => {
    const [one, two] = [startNode(false)(), startNode(false)()];
    for (const client of [one, two]) await client.openLive(space, keys);
    await settle();
    await one.ask({ type: "append", space, record: newRecord() });
    await vi.advanceTimersByTimeAsync(1_500);
    await settle();
    expect(seqsOf(two)).toEqual([1]);
  });

  test.each([1, 0])(
    "a rotation ends the old epoch's channels on the other node, hints arriving: %i",
    async (copies) => {
      const [owner, member] = [startNode()(), startNode()()];
      await owner.openLive(space, keys, "own");
      await member.openLive(space, keys, "write");
      await settle();
      bus.copies = () => copies;
      const record = newRecord({ kind: "control", epoch: 2 });
      const turn = { expected: null, seen: null, epoch: 2, keys: publicKeys(keys), wraps: [], removedTags: [], record };
      expect(await owner.ask({ type: "rotate", space, ...turn })).toMatchObject({ type: "ack" });
      await owner.ask({ type: "append", space, record: newRecord({ epoch: 2 }) });
      await (copies === 1 ? settle() : passLook());
      expect(member.heard("ended")).toEqual([{ type: "ended", space, code: "epoch-over" }]);
      expect(seqsOf(member)).toEqual([]);
      expect(owner.heard("ended")).toEqual([]);
    },
  );

  test("a deleted space and a drop are heard on the other, with hints and without", async () => {
    for (const copies of [1, 0]) {
      const [id, itsKeys] = [newId<SpaceId>(), newSpaceKeys()];
      await storage.createSpace({ space: id, kind: "space", keys: publicKeys(itsKeys), wraps: [] }, "open");
      const [one, two] = [startNode()(), startNode()()];
      for (const client of [one, two]) await client.openLive(id, itsKeys);
      await settle();
      bus.copies = () => copies;
      const key = new Uint8Array(32).fill(copies + 1);
      const drop = { key, expires: 0, singleUse: false, quotaBytes: 1000, attachment: new Uint8Array(1) };
      await one.ask({ type: "registerDrop", space: id, drop });
      await storage.drop(key, new Uint8Array(9), 0);
      const publisher = fanouts.at(-2);
      publisher?.publish(id, { type: "dropped" });
      await (copies === 1 ? settle() : passLook());
      expect(two.heard("dropped").length).toBeGreaterThan(0);
      await one.ask({ type: "deleteSpace", space: id });
      await (copies === 1 ? settle() : passLook());
      expect(two.heard("ended")).toEqual([{ type: "ended", space: id, code: "space-deleted" }]);
    }
  });

  test("presence goes to the other node, sealed as it came", async () => {
    const [one, two] = [startNode()(), startNode()()];
    for (const client of [one, two]) await client.openLive(space, keys);
    await settle();
    const presence = { space, document: newId<never>(), bytes: new Uint8Array([1, 2, 3]) };
    one.send({ type: "ephemeral", ...presence });
    await settle();
    expect(two.heard("ephemeral")).toEqual([{ type: "ephemeral", ...presence }]);
  });

  test("presence of a new epoch isn't heard by one who was removed, even when the rotation's hint was lost", async () => {
    const [owner, member] = [startNode()(), startNode()()];
    await owner.openLive(space, keys, "own");
    await member.openLive(space, keys, "write");
    await settle();
    bus.copies = () => 0;
    const record = newRecord({ kind: "control", epoch: 2 });
    const turn = { expected: null, seen: null, epoch: 2, keys: publicKeys(keys), wraps: [], removedTags: [], record };
    await owner.ask({ type: "rotate", space, ...turn });
    bus.copies = () => 1;
    owner.send({ type: "ephemeral", space, document: newId<never>(), bytes: new Uint8Array([1]) });
    await settle();
    expect(member.heard("ephemeral")).toEqual([]);
    expect(member.heard("ended")).toEqual([{ type: "ended", space, code: "epoch-over" }]);
  });

  test("what is written between listening and the first look isn't missed", async () => {
    const [one, two] = [startNode()(), startNode()()];
    await one.openLive(space, keys);
    const opening = two.openLive(space, keys);
    const acks = Array.from({ length: 30 }, () => one.ask({ type: "append", space, record: newRecord() }));
    await Promise.all([opening, ...acks]);
    bus.copies = () => 0;
    await passLook();
    const pulled = two.heard("page").flatMap(({ records }) => records.map(({ seq }) => seq));
    expect([...pulled, ...seqsOf(two)]).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });

  test("whatever is lost or doubled, everybody has every record once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 2 }), fc.nat(6)), {
          minLength: 1,
          maxLength: 12,
        }),
        async (steps) => {
          const [id, itsKeys] = [newId<SpaceId>(), newSpaceKeys()];
          await storage.createSpace({ space: id, kind: "space", keys: publicKeys(itsKeys), wraps: [] }, "open");
          bus.isConnected = true;
          const clients = [startNode()(), startNode()(), startNode()()];
          for (const client of clients) await client.openLive(id, itsKeys);
          await settle(3);
          const own = clients.map(() => new Set<number>());
          let count = 0;
          for (const [who, records, copies, pause] of steps) {
            bus.copies = () => copies;
            bus.isConnected = pause !== 6;
            const acks = Array.from({ length: records }, () =>
              clients[who]?.ask({ type: "append", space: id, record: newRecord({ size: 10 }) }),
            );
            if (pause < 3) await settle(pause);
            for (const ack of await Promise.all(acks)) if (ack?.type === "ack") own[who]?.add(ack.seq);
            count += records;
          }
          bus.isConnected = true;
          await settle();
          await passLook();
          for (const [index, client] of clients.entries()) {
            const heard = seqsOf(client);
            expect(heard).toEqual([...heard].sort((a, b) => a - b));
            expect(new Set(heard).size).toBe(heard.length);
            const all = new Set([...heard, ...(own[index] as Set<number>)]);
            expect(all.size).toBe(count);
          }
          await Promise.all(fanouts.splice(0).map((fanout) => fanout.close()));
        },
      ),
      { numRuns: process.env.SLOW === "1" ? 500 : 15 },
    );
  });
});

describe("hints", () => {
  test("come out as they went in, and nothing else does", () => {
    const hints: Hint[] = [
      { type: "head", head: 2 ** 40 },
      { type: "rotated", epoch: 7 },
      { type: "deleted" },
      { type: "dropped" },
      { type: "ephemeral", epoch: 3, frame: randomKeys().own },
    ];
    for (const hint of hints) expect(decodeHint(encodeHint(hint))).toEqual(hint);
    for (const bad of [[], [0], [6], [1], [3, 0], [5, 200]]) {
      expect(() => decodeHint(Uint8Array.from(bad))).toThrow("bad-frame");
    }
  });
});
