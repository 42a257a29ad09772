/** The same story where WebSockets are blocked: every frame through POST /api/poll. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodePollDown, decodeServerFrame, encodeClientFrame, encodePollUp } from "../../protocol/codec.ts";
import type { ClientFrame, Right, ServerFrame, SpaceId, WrapTag } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import { newId, newRecord, newRotation, proveRight, publicKeys, type SpaceKeys } from "./made-up.ts";
import { settle, startNode, type TestNode } from "./node.ts";

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(async () => {
  expect(node.failures).toEqual([]);
  await node.stop();
});

const post = (body: Uint8Array, id?: string, signal?: AbortSignal) =>
  node.app.request(paths.poll, {
    method: "POST",
    body: new Uint8Array(body),
    ...(id !== undefined && { headers: { Authorization: `Poll ${id}` } }),
    ...(signal && { signal }),
  }) as Promise<Response>;

const LISTEN = encodePollUp({ number: 0, frames: [] });

async function connect() {
  const begun = await post(LISTEN);
  expect(begun.status).toBe(201);
  const id = await begun.text();
  let sent = 0;
  let heard = 0;
  /** One request up; `number` is the next unless it is an earlier one that comes again. */
  const up = (frames: readonly ClientFrame[], number = ++sent, signal?: AbortSignal): Promise<Response> =>
    post(encodePollUp({ number, frames: frames.map(encodeClientFrame) }), id, signal);
  const down = (number = heard, signal?: AbortSignal): Promise<Response> =>
    post(encodePollUp({ number, frames: [] }), id, signal);
  const send = async (...frames: ClientFrame[]): Promise<void> => {
    expect((await up(frames)).status).toBe(204);
  };
  const read = async (response: Response): Promise<{ close: number; frames: ServerFrame[] }> => {
    expect(response.status).toBe(200);
    const { close, frames } = decodePollDown(new Uint8Array(await response.arrayBuffer()));
    return { close, frames: frames.map(decodeServerFrame) };
  };
  const poll = async (...frames: ClientFrame[]) => {
    if (frames.length > 0) await send(...frames);
    const told = await read(await down());
    if (told.frames.length > 0) heard++;
    return told;
  };
  return { id, poll, send, up, down, read, sent: () => sent, heard: () => heard };
}

async function open(space: SpaceId, keys: SpaceKeys, right: Right = "own") {
  const client = await connect();
  const { frames } = await client.poll({ type: "hello", protocol: 3 });
  const [welcome] = frames;
  if (welcome?.type !== "welcome") throw new Error("no welcome");
  const { nonce, server } = welcome;
  const proof = proveRight(keys[right], { nonce, server, space, epoch: 1, right });
  const opened = await client.poll({ type: "open", request: 1, space, epoch: 1, right, proof });
  expect(opened.frames).toMatchObject([{ type: "opened", request: 1 }]);
  const pulled = await client.poll({ type: "pull", request: 2, space, after: 0 });
  expect(pulled.frames).toMatchObject([{ type: "page", more: false }]);
  return client;
}

test("open, append, hear, rotate: as over a socket", async () => {
  const { space, keys } = await node.createSpace();
  const author = await open(space, keys);
  const reader = await open(space, keys, "read");
  const listening = reader.poll();
  const record = newRecord();
  const { frames } = await author.poll({ type: "append", request: 3, space, record });
  expect(frames).toEqual([{ type: "ack", request: 3, opId: record.opId, seq: 1 }]);
  expect((await listening).frames).toEqual([{ type: "live", space, record: { seq: 1, ...record } }]);
  const overSocket = node.connect();
  await overSocket.openLive(space, keys);
  const other = newRecord();
  await overSocket.ask({ type: "append", space, record: other });
  expect((await reader.poll()).frames).toMatchObject([{ type: "live", record: { seq: 2 } }]);
  await overSocket.ask({
    type: "rotate",
    space,
    ...newRotation({ keys: publicKeys(keys) }),
  });
  expect((await reader.poll()).frames).toEqual([{ type: "ended", space, code: "epoch-over" }]);
});

test("several frames go up at once and are answered in order", async () => {
  const { space, keys } = await node.createSpace();
  const author = await open(space, keys);
  const appends = [3, 4, 5].map((request) => ({ type: "append", request, space, record: newRecord() }) as const);
  const got: ServerFrame[] = (await author.poll(...appends)).frames;
  while (got.length < 3) got.push(...(await author.poll()).frames);
  expect(got.map((frame) => frame.type === "ack" && frame.seq)).toEqual([1, 2, 3]);
});

test("what is sent doesn't wait for something to be said, nor end the listening", async () => {
  const { space, keys } = await node.createSpace();
  const author = await open(space, keys);
  const listening = author.poll();
  await settle();
  await author.send({ type: "ephemeral", space, document: newRecord().document, bytes: new Uint8Array([1]) });
  await author.send({ type: "append", request: 9, space, record: newRecord() });
  expect((await listening).frames).toMatchObject([{ type: "ack", request: 9 }]);
});

test("the next request that listens makes the one before return", async () => {
  const { space, keys } = await node.createSpace();
  const author = await open(space, keys);
  const first = author.poll();
  await settle();
  const second = author.poll();
  expect((await first).frames).toEqual([]);
  await author.send({ type: "append", request: 9, space, record: newRecord() });
  expect((await second).frames).toMatchObject([{ type: "ack" }]);
});

test("waits listed over polling", async () => {
  const tag = newId<WrapTag>();
  const { space, keys } = await node.createSpace([{ tag, bytes: new Uint8Array([1]), waitSeconds: 60 }]);
  await node.app.request(paths.wrap(tag));
  const owner = await open(space, keys);
  const { frames } = await owner.poll({ type: "listWaits", request: 5, space });
  expect(frames).toEqual([{ type: "waits", request: 5, space, waits: [{ tag, secondsLeft: 60 }] }]);
});

test("one that doesn't fetch its answers sends nothing more, and one request is taken in at a time", async () => {
  const { space, keys } = await node.createSpace();
  const author = node.connect();
  await author.openLive(space, keys);
  for (let i = 0; i < 10; i++) await author.ask({ type: "append", space, record: newRecord({ size: 200_000 }) });
  const reader = await connect();
  const { frames } = await reader.poll({ type: "hello", protocol: 3 });
  const [welcome] = frames;
  if (welcome?.type !== "welcome") throw new Error("no welcome");
  const proof = proveRight(keys.read, { nonce: welcome.nonce, server: welcome.server, space, epoch: 1, right: "read" });
  await reader.poll({ type: "open", request: 1, space, epoch: 1, right: "read", proof });
  const pulls = Array.from({ length: 9 }, (_, after) => ({ type: "pull", request: 10 + after, space, after }) as const);
  await reader.send(...pulls);
  await settle();
  let taken = false;
  const ephemeral = { type: "ephemeral", space, document: newRecord().document, bytes: new Uint8Array(1) } as const;
  const sending = reader.send(ephemeral).then(() => {
    taken = true;
  });
  await settle();
  expect(taken).toBe(false);
  expect((await reader.up([ephemeral])).status).toBe(404);
  const pages: ServerFrame[] = [];
  while (pages.length < 9) pages.push(...(await reader.poll()).frames);
  await sending;
  expect(pages.map((page) => page.type === "page" && page.request)).toEqual(pulls.map(({ request }) => request));
});

test("what doesn't fit one answer comes with the next, and what wasn't fetched is read again from the store", async () => {
  const { space, keys } = await node.createSpace();
  const author = node.connect();
  await author.openLive(space, keys);
  const reader = await open(space, keys, "read");
  for (let i = 0; i < 30; i++) await author.ask({ type: "append", space, record: newRecord({ size: 100_000 }) });
  const seqs: number[] = [];
  while (seqs.length < 30) {
    const { frames } = await reader.poll();
    expect(frames.length).toBeLessThanOrEqual(5);
    for (const frame of frames) if (frame.type === "live") seqs.push(frame.record.seq);
  }
  expect(seqs).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
});

test("a connection ends with its close code, and is unknown then", async () => {
  const { id } = await connect();
  expect((await post(new Uint8Array([7]), id)).status).toBe(400);
  expect((await post(encodePollUp({ number: 1, frames: [new Uint8Array([99])] }), id)).status).toBe(204);
  const garbage = await post(LISTEN, id);
  expect(decodePollDown(new Uint8Array(await garbage.arrayBuffer()))).toEqual({ close: 4400, frames: [] });
  expect((await post(LISTEN, id)).status).toBe(404);
  expect((await post(LISTEN, "00".repeat(16))).status).toBe(404);
  expect(node.polls.size).toBe(0);
});

test("one that proves nothing is closed, one that doesn't come back is forgotten", async () => {
  const idle = await connect();
  const { space, keys } = await node.createSpace();
  await open(space, keys);
  expect(node.polls.size).toBe(2);
  const waiting = idle.poll();
  node.time.nowMs += 6_000;
  expect(await waiting).toEqual({ close: 4501, frames: [] });
  expect(node.polls.size).toBe(1);
  node.time.nowMs += 31_000;
  await expect.poll(() => node.polls.size).toBe(0);
});

test("a client that gives up its request holds nothing", async () => {
  const { space, keys } = await node.createSpace();
  const author = await open(space, keys);
  const abort = new AbortController();
  const waiting = author.down(undefined, abort.signal).catch(() => null);
  await settle();
  abort.abort();
  await waiting;
  node.time.nowMs += 31_000;
  await expect.poll(() => node.polls.size).toBe(0);
});

test("no more than the limit at a time", async () => {
  for (let i = 0; i < 5; i++) await connect();
  expect((await post(LISTEN)).status).toBe(429);
});

test("frames that come twice, since the answer was lost and somebody sent them again, are taken in once", async () => {
  const client = await connect();
  const hello: ClientFrame = { type: "hello", protocol: 3 };
  // At the same time, and once more later: a second hello would be a bad frame, and the connection over.
  const both = await Promise.all([client.up([hello], 1), client.up([hello], 1)]);
  expect(both.map(({ status }) => status)).toEqual([204, 204]);
  expect((await client.up([hello], 1)).status).toBe(204);
  expect(await client.poll()).toMatchObject({ close: 0, frames: [{ type: "welcome" }] });
  // One that was lost before: what comes behind it is not taken.
  expect((await client.up([{ type: "close", space: newId<SpaceId>() }], 3)).status).toBe(404);
});

test("an answer is kept until the next request says that it came", async () => {
  const { space, keys } = await node.createSpace();
  const author = await open(space, keys);
  await author.send({ type: "append", request: 9, space, record: newRecord() });
  const lost = await author.read(await author.down());
  expect(lost.frames).toMatchObject([{ type: "ack", request: 9 }]);
  await author.send({ type: "append", request: 10, space, record: newRecord() });
  expect(await author.poll()).toEqual(lost);
  expect((await author.poll()).frames).toMatchObject([{ type: "ack", request: 10 }]);
  expect((await author.down(author.heard() - 2)).status).toBe(404);
  expect((await author.down(author.heard() + 1)).status).toBe(404);
});

test("what there is to say goes to nobody who has gone, and not to an older request", async () => {
  const { space, keys } = await node.createSpace();
  const author = await open(space, keys);
  const abort = new AbortController();
  const gone = author.down(undefined, abort.signal).catch(() => null);
  await settle();
  abort.abort();
  await author.send({ type: "append", request: 9, space, record: newRecord() });
  await gone;
  expect((await author.poll()).frames).toMatchObject([{ type: "ack", request: 9 }]);

  const older = author.down();
  await settle();
  const newer = author.poll();
  await author.send({ type: "append", request: 10, space, record: newRecord() });
  expect((await author.read(await older)).frames).toEqual([]);
  expect((await newer).frames).toMatchObject([{ type: "ack", request: 10 }]);
});
