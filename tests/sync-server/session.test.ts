import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeClientFrame } from "../../protocol/codec.ts";
import type { OuterRecord, ServerFrame } from "../../protocol/frames.ts";
import { openDatabase } from "../../sync-server/storage/sqlite/database.ts";
import { closeAll } from "../../sync-server/storage/sqlite/replay.ts";
import { newId, newPair, newRecord, newRotation, newSpaceKeys, newWrap, proveRight, publicKeys } from "./made-up.ts";
import { settle, startNode, type TestClient, type TestNode } from "./node.ts";

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(async () => {
  expect(node.failures).toEqual([]);
  await node.stop();
});

const refused = (code: string) => expect.objectContaining({ type: "refused", code });
const liveOpIds = (client: TestClient) => client.heard("live").map(({ record }) => record.opId);

describe("hello", () => {
  test("is answered with who the server is and 32 fresh bytes", () => {
    const [one, two] = [node.connect(), node.connect()];
    for (const client of [one, two]) client.send({ type: "hello", protocol: 3 });
    const nonces = [one, two].map((client) => client.heard("welcome")[0]?.nonce);
    expect(one.heard("welcome")[0]).toMatchObject({ protocol: 3, server: node.storage.identity.server });
    expect(nonces[0]).toHaveLength(32);
    expect(nonces[0]).not.toEqual(nonces[1]);
  });

  test.each([
    ["another version", [{ type: "hello", protocol: 1 }], 4406],
    [
      "a second hello",
      [
        { type: "hello", protocol: 3 },
        { type: "hello", protocol: 3 },
      ],
      4400,
    ],
    ["anything before it", [{ type: "close", space: newId() }], 4400],
  ] as const)("%s closes the connection", (_, frames, code) => {
    const client = node.connect();
    for (const frame of frames) client.send(frame as never);
    expect(client.closed?.code).toBe(code);
  });

  test("a message may hold several frames, which are taken in their order and counted", async () => {
    const { space, keys } = await node.createSpace();
    const client = node.connect();
    await client.openLive(space, keys);
    const appends = [101, 102, 103].map((request) => {
      return { type: "append", request, space, record: newRecord() } as const;
    });
    expect(client.session.receive(Buffer.concat(appends.map(encodeClientFrame)))).toBe(3);
    await settle();
    expect(client.heard("ack").map(({ request, seq }) => [request, seq])).toEqual([
      [101, 1],
      [102, 2],
      [103, 3],
    ]);
    // One bad frame at its end, and nothing of a message is done.
    const more = encodeClientFrame({ type: "append", request: 104, space, record: newRecord() });
    client.session.receive(Buffer.concat([more, Buffer.of(99)]));
    await settle();
    expect(client.closed?.code).toBe(4400);
    expect((await node.storage.readSpace(space))?.head).toBe(3);
  });

  test("what comes after a hello that isn't taken is not done", () => {
    const client = node.connect();
    const hello = encodeClientFrame({ type: "hello", protocol: 1 });
    client.session.receive(Buffer.concat([hello, encodeClientFrame({ type: "hello", protocol: 3 })]));
    expect([client.closed?.code, client.heard("welcome")]).toEqual([4406, []]);
  });

  test("a frame that is none closes the connection, and nothing of it is done", () => {
    const client = node.connect();
    client.session.receive(Buffer.of(1, 1, 0));
    expect(client.closed?.code).toBe(4400);
    expect(client.frames).toEqual([]);
  });
});

describe("opening a space", () => {
  test("with each rung's own proof", async () => {
    const { space, keys } = await node.createSpace();
    for (const right of ["own", "write", "read"] as const) {
      const client = node.connect();
      const opened = await client.open(space, keys, right);
      expect(opened).toEqual({ type: "opened", request: 1, space, head: 0, epoch: 1, checkpoint: null });
      expect(client.session.hasProved).toBe(true);
    }
  });

  test("not with another key, another rung's key, a wrong epoch, or for a space that isn't", async () => {
    const { space, keys } = await node.createSpace();
    const client = node.connect();
    expect(await client.open(space, newSpaceKeys())).toEqual(refused("bad-proof"));
    expect(await client.open(space, { ...keys, own: keys.read })).toEqual(refused("bad-proof"));
    expect(await client.open(space, keys, "own", 2)).toEqual(refused("epoch-ahead"));
    expect(await client.open(newId(), keys)).toEqual(refused("no-such-space"));
    expect(client.session.hasProved).toBe(false);
    expect(await client.ask({ type: "pull", space, after: 0 })).toEqual(refused("not-open"));
  });

  test("twice in one message, or while the store fails: nothing listens on that nobody can close", async () => {
    const { space, keys } = await node.createSpace();
    const [client, owner] = [node.connect(), node.connect()];
    client.send({ type: "hello", protocol: 3 });
    const { nonce, server } = client.heard("welcome")[0] as { nonce: Uint8Array; server: string };
    const proof = proveRight(keys.own, { nonce, server, space, epoch: 1, right: "own" });
    const opens = [71, 72].map((request) =>
      encodeClientFrame({ type: "open", request, space, epoch: 1, right: "own", proof }),
    );
    client.session.receive(Buffer.concat(opens));
    await settle();
    expect(client.heard("opened")).toHaveLength(2);
    client.send({ type: "close", space });
    let reads = 0;
    const { readSpace } = node.storage;
    node.storage.readSpace = async (id) => {
      if (++reads === 2) throw new Error("as if the database were away");
      return readSpace(id);
    };
    expect(await client.ask({ type: "open", space, epoch: 1, right: "own", proof })).toEqual(refused("storage-failed"));
    node.storage.readSpace = readSpace;
    expect(node.failures.splice(0)).toHaveLength(1);
    await owner.openLive(space, keys);
    await owner.ask({ type: "rotate", space, ...newRotation() });
    await settle();
    expect(client.heard("ended")).toEqual([]);
  });

  test("not with a proof made for another connection", async () => {
    const { space, keys } = await node.createSpace();
    const [one, two] = [node.connect(), node.connect()];
    await one.open(space, keys);
    await two.open(space, keys);
    const [{ nonce, server } = { nonce: new Uint8Array(32), server: "" }] = one.heard("welcome");
    const proof = proveRight(keys.own, { nonce, server, space, epoch: 1, right: "own" });
    expect(await two.ask({ type: "open", space, epoch: 1, right: "own", proof })).toEqual(refused("bad-proof"));
  });

  test("after a restore without its journal the owner opens the space again, with its newest checkpoint", async () => {
    const { space, keys } = await node.createSpace();
    const [owner, member] = [node.connect(), node.connect()];
    await owner.openLive(space, keys);
    const [first, second] = [newRecord({ kind: "control" }), newRecord({ kind: "control" })];
    await owner.ask({ type: "checkpoint", space, expected: null, record: first });
    await owner.ask({ type: "append", space, record: second }); // as a lost one comes back
    const db = openDatabase(join(node.directory, "lomme.sqlite"));
    closeAll(db);
    db.raw.close();
    expect(await owner.ask({ type: "reopen", space, checkpoint: newId() })).toEqual(refused("stale-checkpoint"));
    expect(await member.open(space, keys, "write")).toEqual(refused("restored"));
    expect(await owner.ask({ type: "reopen", space, checkpoint: second.opId })).toMatchObject({ type: "done" });
    expect(await member.open(space, keys, "write")).toMatchObject({ type: "opened", checkpoint: second.opId });
    // Never back to an earlier one, and a member has no say in it.
    expect(await owner.ask({ type: "reopen", space, checkpoint: first.opId })).toMatchObject({ type: "done" });
    expect((await node.storage.readSpace(space))?.checkpoint).toBe(second.opId);
    expect(await member.ask({ type: "reopen", space, checkpoint: null })).toEqual(refused("no-right"));
  });

  test("after a restore without its journal only the owner gets in, and repeats a rotation, until it is opened again", async () => {
    const { space, keys } = await node.createSpace();
    const db = openDatabase(join(node.directory, "lomme.sqlite"));
    closeAll(db);
    db.raw.close();
    const [owner, member] = [node.connect(), node.connect()];
    expect(await member.open(space, keys, "write")).toEqual(refused("restored"));
    expect(await member.open(space, keys, "read")).toEqual(refused("restored"));
    expect(await member.open(space, newSpaceKeys(), "read")).toEqual(refused("bad-proof"));
    await owner.openLive(space, keys);
    const renewed = newSpaceKeys();
    await owner.ask({
      type: "rotate",
      space,
      ...newRotation({ keys: publicKeys(renewed) }),
    });
    // What was withdrawn is not deleted here yet: open to the others only when the owner says so.
    expect(await member.open(space, keys, "own", 1)).toEqual(refused("stale-epoch"));
    expect(await member.open(space, renewed, "read", 2)).toEqual(refused("restored"));
    expect(await owner.ask({ type: "reopen", space, checkpoint: null })).toMatchObject({ type: "done" });
    expect(await member.open(space, renewed, "read", 2)).toMatchObject({ type: "opened" });
  });

  test("proofs are checked at a rate that bounds the work", async () => {
    const { space, keys } = await node.createSpace();
    const client = node.connect();
    const answers: ServerFrame[] = [];
    for (let i = 0; i < 1001; i++) answers.push(await client.open(space, keys));
    expect(answers.filter(({ type }) => type === "opened")).toHaveLength(1000);
    expect(answers.at(-1)).toEqual(refused("rate-limited"));
    node.time.nowMs += 100;
    expect(await client.open(space, keys)).toMatchObject({ type: "opened" });
  });

  test("guessing ends the connection", async () => {
    const { space } = await node.createSpace();
    const client = node.connect();
    for (let i = 0; i < 19; i++) expect(await client.open(space, newSpaceKeys())).toEqual(refused("bad-proof"));
    expect(client.closed).toBeNull();
    void client.open(space, newSpaceKeys()); // closed instead of answered
    await settle();
    expect(client.closed?.code).toBe(4502);
  });
});

describe("rungs", () => {
  test("each may do what it may, and no more", async () => {
    const { space, keys } = await node.createSpace();
    const record = (kind: OuterRecord["kind"]) => newRecord({ kind });
    const drop = {
      key: newPair().publicKey,
      expires: 0,
      singleUse: false,
      quotaBytes: 10,
      attachment: new Uint8Array(0),
    };
    const asks = {
      pull: { type: "pull", space, after: 0 },
      token: { type: "token", space },
      update: { type: "append", space, record: record("update") },
      said: { type: "append", space, record: record("said") },
      void: { type: "append", space, record: record("void") },
      snapshot: { type: "append", space, record: record("snapshot") },
      control: { type: "append", space, record: record("control") },
      checkpoint: { type: "checkpoint", space, expected: null, record: record("control") },
      putWraps: { type: "putWraps", space, wraps: [newWrap()] },
      listWaits: { type: "listWaits", space },
      deleteDocument: { type: "deleteDocument", space, document: newId() },
      registerDrop: { type: "registerDrop", space, drop },
      revokeDrop: { type: "revokeDrop", space, key: drop.key },
      pullDrops: { type: "pullDrops", space, after: 0 },
      clearDrops: { type: "clearDrops", space, through: 0 },
      prune: { type: "prune", space, document: newId(), before: 0 },
      rotate: {
        type: "rotate",
        space,
        expected: newId(),
        seen: null,
        epoch: 2,
        keys: publicKeys(keys),
        wraps: [],
        removedTags: [],
        record: newRecord({ kind: "control", epoch: 2 }),
      },
      deleteSpace: { type: "deleteSpace", space },
    } as const;
    const may: Record<string, string[]> = {};
    for (const right of ["read", "write", "own"] as const) {
      const client = node.connect();
      await client.open(space, keys, right);
      may[right] = [];
      for (const [name, frame] of Object.entries(asks)) {
        const answer = await client.ask(frame as never);
        if (!(answer.type === "refused" && answer.code === "no-right")) may[right].push(name);
      }
    }
    expect(may.read).toEqual(["pull", "token"]);
    expect(may.write).toEqual(["pull", "token", "update", "said", "void"]);
    // prune is refused with no-right too, as there is no snapshot
    expect(may.own).toEqual(Object.keys(asks).filter((name) => name !== "prune"));
  });
});

describe("records", () => {
  test("reach everybody who has the space open, once, and the author as an ack", async () => {
    const { space, keys } = await node.createSpace();
    const [author, reader, stranger] = [node.connect(), node.connect(), node.connect()];
    await author.openLive(space, keys);
    await reader.openLive(space, keys, "read");
    const other = await node.createSpace();
    await stranger.openLive(other.space, other.keys);
    const record = newRecord();
    expect(await author.ask({ type: "append", space, record })).toMatchObject({
      type: "ack",
      opId: record.opId,
      seq: 1,
    });
    expect(reader.heard("live")).toEqual([{ type: "live", space, record: { seq: 1, ...record } }]);
    expect(author.heard("live")).toEqual([]);
    expect(stranger.heard("live")).toEqual([]);
    expect(await author.ask({ type: "append", space, record })).toMatchObject({ type: "ack", seq: 1 });
    expect(reader.heard("live")).toHaveLength(1);
  });

  test("two writers at once: each hears the other's in order, and numbers have no gap", async () => {
    const { space, keys } = await node.createSpace();
    const [one, two, reader] = [node.connect(), node.connect(), node.connect()];
    for (const client of [one, two, reader]) await client.openLive(space, keys, "write");
    const acks = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        (i % 2 === 0 ? one : two).ask({ type: "append", space, record: newRecord() }),
      ),
    );
    await settle();
    expect(acks.map((ack) => ack.type === "ack" && ack.seq).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
    expect(reader.heard("live").map(({ record }) => record.seq)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    for (const client of [one, two]) {
      const seqs = client.frames.flatMap((frame) =>
        frame.type === "live" ? [frame.record.seq] : frame.type === "ack" ? [frame.seq] : [],
      );
      expect(new Set(seqs).size).toBe(200);
      const live = client.heard("live").map(({ record }) => record.seq);
      expect(live).toEqual([...live].sort((a, b) => a - b));
    }
  });

  test("nothing is lost between the last page and what comes live", async () => {
    const { space, keys } = await node.createSpace();
    const author = node.connect();
    await author.openLive(space, keys);
    for (let i = 0; i < 5; i++) await author.ask({ type: "append", space, record: newRecord() });
    const late = node.connect();
    await late.open(space, keys, "read");
    // Both at once: the page is read while records are being committed.
    const writes = Array.from({ length: 50 }, () => author.ask({ type: "append", space, record: newRecord() }));
    await late.ask({ type: "pull", space, after: 0 });
    await Promise.all(writes);
    await settle();
    const got = late.frames.flatMap((frame) =>
      frame.type === "page" ? frame.records.map(({ seq }) => seq) : frame.type === "live" ? [frame.record.seq] : [],
    );
    expect(got).toEqual(Array.from({ length: 55 }, (_, i) => i + 1));
  });

  test("before the last page nothing comes live", async () => {
    const { space, keys } = await node.createSpace();
    const [author, idle] = [node.connect(), node.connect()];
    await author.openLive(space, keys);
    await idle.open(space, keys, "read");
    await author.ask({ type: "append", space, record: newRecord() });
    await settle();
    expect(idle.heard("live")).toEqual([]);
  });

  test("a congested client is sent nothing live, and all of it, in order, when it has caught up", async () => {
    const { space, keys } = await node.createSpace();
    const [author, slow] = [node.connect(), node.connect()];
    await author.openLive(space, keys);
    await slow.openLive(space, keys, "read");
    const records = Array.from({ length: 700 }, () => newRecord());
    await author.ask({ type: "append", space, record: records[0] as OuterRecord });
    slow.congested = true;
    await Promise.all(records.slice(1).map((record) => author.ask({ type: "append", space, record })));
    expect(slow.heard("live")).toHaveLength(1);
    slow.congested = false;
    slow.session.drained();
    await settle();
    expect(liveOpIds(slow)).toEqual(records.map(({ opId }) => opId));
  });

  test("a client that asks for many pages at once gets them one by one, as it takes them", async () => {
    const { space, keys } = await node.createSpace();
    const client = node.connect();
    await client.openLive(space, keys);
    await client.ask({ type: "append", space, record: newRecord() });
    const pages = (): number => client.heard("page").length;
    const before = pages();
    client.congested = true;
    const asks = Array.from({ length: 5000 }, () => client.ask({ type: "pull", space, after: 0 }));
    await settle();
    expect(pages()).toBe(before);
    expect(client.heard("refused")).toHaveLength(5000 - 4096);
    client.congested = false;
    let turns = 0;
    const count = (): void => {
      turns++;
      if (pages() < before + 4096) setImmediate(count);
    };
    setImmediate(count);
    client.session.drained();
    await Promise.all(asks);
    expect(pages()).toBe(before + 4096);
    expect(turns).toBeGreaterThanOrEqual(4096); // everybody else had a turn between two of them
  }, 30_000);

  test("a client that catches up leaves the others a turn between two pages", async () => {
    const { space, keys } = await node.createSpace();
    const [writer, slow] = [node.connect(), node.connect()];
    await writer.openLive(space, keys);
    await slow.openLive(space, keys);
    slow.congested = true;
    for (let i = 0; i < 20; i++) await writer.ask({ type: "append", space, record: newRecord({ size: 200_000 }) });
    slow.congested = false;
    slow.session.drained();
    let turns = 0;
    for (; slow.heard("live").length < 20 && turns < 1000; turns++) await new Promise(setImmediate);
    expect(slow.heard("live")).toHaveLength(20);
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  test("a writer is charged with what its records are to all who hear them, and for nobody with nothing", async () => {
    const { space, keys } = await node.createSpace();
    const [writer, ...readers] = [node.connect(), node.connect(), node.connect(), node.connect()];
    await writer.openLive(space, keys);
    await writer.ask({ type: "append", space, record: newRecord({ size: 1000 }) });
    expect(writer.charged).toBe(0);
    for (const reader of readers) await reader.openLive(space, keys, "read");
    await writer.ask({ type: "append", space, record: newRecord({ size: 1000 }) });
    await settle();
    const frames = readers.map(({ raw }) => raw.at(-1)?.length ?? 0);
    expect(frames.every((size) => size > 1000)).toBe(true);
    expect(writer.charged).toBe(frames.reduce((sum, size) => sum + size, 0));
  });

  test("a removed member's catch-up stops where it is", async () => {
    const { space, keys } = await node.createSpace();
    const [owner, member] = [node.connect(), node.connect()];
    await owner.openLive(space, keys);
    await member.openLive(space, keys, "read");
    member.congested = true;
    for (let i = 0; i < 5; i++) await owner.ask({ type: "append", space, record: newRecord() });
    await owner.ask({
      type: "rotate",
      space,
      ...newRotation({ keys: publicKeys(keys) }),
    });
    member.congested = false;
    member.session.drained();
    await settle();
    expect(member.heard("live")).toEqual([]);
    expect(member.heard("ended")).toHaveLength(1);
  });

  test("a closed channel hears nothing more", async () => {
    const { space, keys } = await node.createSpace();
    const [author, reader, gone] = [node.connect(), node.connect(), node.connect()];
    for (const client of [author, reader, gone]) await client.openLive(space, keys);
    reader.send({ type: "close", space });
    gone.session.end();
    await author.ask({ type: "append", space, record: newRecord() });
    await settle();
    expect(reader.heard("live")).toEqual([]);
    expect(gone.heard("live")).toEqual([]);
    expect(await reader.ask({ type: "pull", space, after: 0 })).toEqual(refused("not-open"));
  });
});

describe("ephemeral", () => {
  const body = new Uint8Array([1, 2, 3]);

  test("goes to the others who have the space open and is stored nowhere", async () => {
    const { space, keys } = await node.createSpace();
    const [one, two] = [node.connect(), node.connect()];
    await one.openLive(space, keys);
    await two.openLive(space, keys, "read");
    const document = newId<OuterRecord["document"]>();
    one.send({ type: "ephemeral", space, document, bytes: body });
    expect(two.heard("ephemeral")).toEqual([{ type: "ephemeral", space, document, bytes: body }]);
    expect(one.heard("ephemeral")).toEqual([]);
    expect((await node.storage.readSpace(space))?.head).toBe(0);
  });

  test("not from a reader, not without the space, not faster than its rate", async () => {
    const { space, keys } = await node.createSpace();
    const [writer, reader, listener] = [node.connect(), node.connect(), node.connect()];
    await writer.openLive(space, keys, "write");
    await reader.openLive(space, keys, "read");
    await listener.openLive(space, keys, "read");
    const document = newId<OuterRecord["document"]>();
    reader.send({ type: "ephemeral", space, document, bytes: body });
    writer.send({ type: "ephemeral", space: newId(), document, bytes: body });
    expect(listener.heard("ephemeral")).toHaveLength(0);
    for (let i = 0; i < 500; i++) writer.send({ type: "ephemeral", space, document, bytes: body });
    expect(listener.heard("ephemeral")).toHaveLength(100);
    node.time.nowMs += 1000;
    for (let i = 0; i < 500; i++) writer.send({ type: "ephemeral", space, document, bytes: body });
    expect(listener.heard("ephemeral")).toHaveLength(150);
  });
});

describe("rotation", () => {
  const rotateFrame = (space: OuterRecord["document"] | string, keys = newSpaceKeys(), more = {}) => ({
    keys,
    frame: {
      type: "rotate",
      space,
      ...newRotation({ keys: publicKeys(keys), ...more }),
    } as never,
  });

  test("ends every other channel at once; the owner goes on in the new epoch", async () => {
    const { space, keys } = await node.createSpace();
    const [owner, member, otherDevice] = [node.connect(), node.connect(), node.connect()];
    await owner.openLive(space, keys);
    await member.openLive(space, keys, "write");
    await otherDevice.openLive(space, keys);
    const turn = rotateFrame(space);
    expect(await owner.ask(turn.frame)).toMatchObject({ type: "ack", seq: 1 });
    for (const client of [member, otherDevice]) {
      expect(client.heard("ended")).toEqual([{ type: "ended", space, code: "epoch-over" }]);
      expect(await client.ask({ type: "pull", space, after: 0 })).toEqual(refused("not-open"));
      expect(await client.open(space, keys)).toEqual(refused("stale-epoch"));
    }
    expect(await owner.ask({ type: "append", space, record: newRecord({ epoch: 2 }) })).toMatchObject({ type: "ack" });
    // The one who was removed hears nothing of it, not even a size; who has the new keys hears it.
    await otherDevice.openLive(space, turn.keys, "own", 2);
    expect(otherDevice.heard("page").at(-1)?.records).toHaveLength(2);
    await owner.ask({ type: "append", space, record: newRecord({ epoch: 2 }) });
    expect(otherDevice.heard("live")).toHaveLength(1);
    expect(member.heard("live")).toEqual([]);
    expect(owner.heard("ended")).toEqual([]);
  });

  test("with the removed member's old proof the new number doesn't help", async () => {
    const { space, keys } = await node.createSpace();
    const [owner, member] = [node.connect(), node.connect()];
    await owner.openLive(space, keys);
    await member.openLive(space, keys, "write");
    await owner.ask(rotateFrame(space).frame);
    expect(await member.open(space, keys, "write", 2)).toEqual(refused("bad-proof"));
  });

  test("of two owners' devices at once, one wins; the other is told", async () => {
    const { space, keys } = await node.createSpace();
    const [one, two] = [node.connect(), node.connect()];
    await one.openLive(space, keys);
    await two.openLive(space, keys);
    const answers = await Promise.all([one.ask(rotateFrame(space).frame), two.ask(rotateFrame(space).frame)]);
    expect(answers.map(({ type }) => type).sort()).toEqual(["ack", "refused"]);
    await settle();
    expect(two.heard("ended")).toHaveLength(1);
    expect(one.heard("ended")).toHaveLength(0);
  });

  test("carries a control record, and so does a checkpoint", async () => {
    const { space, keys } = await node.createSpace();
    const owner = node.connect();
    await owner.openLive(space, keys);
    const wrong = rotateFrame(space, newSpaceKeys(), { record: newRecord({ kind: "said", epoch: 2 }) });
    expect(await owner.ask(wrong.frame)).toEqual(refused("bad-frame"));
    const checkpoint = { type: "checkpoint", space, expected: null, record: newRecord({ kind: "update" }) } as const;
    expect(await owner.ask(checkpoint)).toEqual(refused("bad-frame"));
    expect((await node.storage.readSpace(space))?.epoch).toBe(1);
  });

  test("a checkpoint reaches the others like any record", async () => {
    const { space, keys } = await node.createSpace();
    const [owner, member] = [node.connect(), node.connect()];
    await owner.openLive(space, keys);
    await member.openLive(space, keys, "read");
    const record = newRecord({ kind: "control" });
    await owner.ask({ type: "checkpoint", space, expected: null, record });
    expect(liveOpIds(member)).toEqual([record.opId]);
    const next = newRecord({ kind: "control" });
    expect(await owner.ask({ type: "checkpoint", space, expected: null, record: next })).toEqual(
      refused("stale-checkpoint"),
    );
    const opened = (await node.connect().open(space, keys)) as Extract<ServerFrame, { type: "opened" }>;
    expect(opened.checkpoint).toBe(record.opId);
  });
});

describe("deletion", () => {
  test("a deleted space ends for everybody", async () => {
    const { space, keys } = await node.createSpace();
    const [owner, member] = [node.connect(), node.connect()];
    await owner.openLive(space, keys);
    await member.openLive(space, keys, "read");
    expect(await owner.ask({ type: "deleteSpace", space })).toMatchObject({ type: "done" });
    expect(member.heard("ended")).toEqual([{ type: "ended", space, code: "space-deleted" }]);
    expect(await member.open(space, keys)).toEqual(refused("no-such-space"));
    expect(await owner.ask({ type: "pull", space, after: 0 })).toEqual(refused("not-open"));
  });
});

describe("waits and drops", () => {
  test("the owner sees a wait that somebody started and stops it", async () => {
    const { space, keys } = await node.createSpace();
    const wrap = newWrap(3600);
    const owner = node.connect();
    await owner.openLive(space, keys);
    await owner.ask({ type: "putWraps", space, wraps: [wrap] });
    await node.app.request(`/api/wraps/${wrap.tag}`);
    node.time.nowMs += 600_000;
    expect(await owner.ask({ type: "listWaits", space })).toMatchObject({
      waits: [{ tag: wrap.tag, secondsLeft: 3000 }],
    });
    await owner.ask({ type: "putWraps", space, wraps: [wrap] });
    expect(await owner.ask({ type: "listWaits", space })).toMatchObject({ waits: [] });
  });

  test("an open mailbox is told of a drop; a member's channel isn't", async () => {
    const { space, keys } = await node.createSpace();
    const [owner, member] = [node.connect(), node.connect()];
    await owner.openLive(space, keys);
    await member.openLive(space, keys, "write");
    node.fanout.publish(space, { type: "dropped" });
    expect(owner.heard("dropped")).toEqual([{ type: "dropped", space }]);
    expect(member.heard("dropped")).toEqual([]);
  });
});
