import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  decodeMissing,
  decodeRoom,
  encodeBlobCommit,
  encodeCreateSpace,
  encodeTokenOffer,
} from "../../protocol/codec.ts";
import type { Right } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import {
  ADDRESS_RATES,
  MAX_CHUNK_BYTES,
  MAX_DROP_BYTES,
  POCKET_QUOTA_BYTES,
  SPACE_QUOTA_BYTES,
  TOKEN_SECONDS,
} from "../../protocol/limits.ts";
import { tidy } from "../../sync-server/housekeeping.ts";
import {
  newId,
  newPair,
  newRecord,
  newRotation,
  newSpace,
  newSpaceKeys,
  newWrap,
  proveDropping,
  publicKeys,
  sha256,
} from "./made-up.ts";
import { startNode, type TestNode } from "./node.ts";

let node: TestNode;
beforeEach(async () => {
  node = await startNode();
});
afterEach(() => node.stop());

const code = async (response: Response | Promise<Response>): Promise<string> => {
  const { status, headers, ...rest } = await response;
  void rest;
  const body = await (await response).json();
  expect(headers.get("content-type")).toContain("application/json");
  return `${status} ${body.code}`;
};
const request = (path: string, init?: Omit<RequestInit, "body"> & { body?: Uint8Array }) =>
  node.app.request(path, init as RequestInit) as Promise<Response>;
const post = (path: string, body: Uint8Array, authorization?: string) =>
  request(path, { method: "POST", body, ...(authorization && { headers: { Authorization: authorization } }) });

describe("creating spaces", () => {
  test("openly: once, again, and not over somebody else's", async () => {
    const create = newSpace({ wraps: [newWrap()] });
    expect((await post(paths.spaces, encodeCreateSpace(create))).status).toBe(201);
    expect((await post(paths.spaces, encodeCreateSpace(create))).status).toBe(201);
    const other = newSpace({ space: create.space });
    expect(await code(post(paths.spaces, encodeCreateSpace(other)))).toBe("409 exists");
    expect((await node.storage.readSpace(create.space))?.keys).toEqual(create.keys);
  });

  test("garbage is refused", async () => {
    expect(await code(post(paths.spaces, randomBytes(100)))).toBe("400 bad-frame");
    expect(await code(post(paths.spaces, new Uint8Array(0)))).toBe("400 bad-frame");
    expect(await code(post(paths.spaces, new Uint8Array(300_000)))).toBe("413 too-large");
  });

  test("with tokens: a pocket needs none, a space needs an unspent one", async () => {
    await node.stop();
    node = await startNode({ creation: "token" });
    expect(await (await request(paths.server)).json()).toMatchObject({ creation: "token", protocol: 3 });
    const token = randomBytes(24).toString("base64url");
    await node.storage.addToken(sha256(Buffer.from(token)));
    expect((await post(paths.spaces, encodeCreateSpace(newSpace({ kind: "pocket" })))).status).toBe(201);
    expect(await code(post(paths.spaces, encodeCreateSpace(newSpace())))).toBe("403 no-token");
    expect(await code(post(paths.spaces, encodeCreateSpace(newSpace()), "Bearer wrong"))).toBe("403 no-token");
    expect((await post(paths.spaces, encodeCreateSpace(newSpace()), `Bearer ${token}`)).status).toBe(201);
    expect(await code(post(paths.spaces, encodeCreateSpace(newSpace()), `Bearer ${token}`))).toBe("403 no-token");
  });

  test("a token raises a space of one's own, over its ten-minute token", async () => {
    const offer = (space: string, token: string, authorization?: string) =>
      post(paths.room(space), encodeTokenOffer(token), authorization);
    const roomOf = async (response: Response) => decodeRoom(new Uint8Array(await response.arrayBuffer()));
    const bearer = async (right: Right) => {
      const client = node.connect();
      await client.open(create.space, keys, right);
      const answer = await client.ask({ type: "token", space: create.space });
      return `Bearer ${answer.type === "token" && answer.token}`;
    };
    const keys = newSpaceKeys();
    const create = newSpace({ kind: "pocket", keys: publicKeys(keys) });
    await node.storage.createSpace(create, "pocket-only");
    const [own, write] = [await bearer("own"), await bearer("write")];
    const token = randomBytes(24).toString("base64url");
    await node.storage.addToken(sha256(Buffer.from(token)));

    const before = await request(paths.room(create.space), { headers: { Authorization: own } });
    expect(await roomOf(before)).toMatchObject({ bytes: 0, quota: POCKET_QUOTA_BYTES, most: SPACE_QUOTA_BYTES });
    expect(await code(offer(create.space, token))).toBe("401 expired");
    expect(await code(offer(create.space, token, `Bearer ${token}`))).toBe("401 expired");
    expect(await code(offer(create.space, token, write))).toBe("403 no-right");
    expect(await code(offer(newId(), token, own))).toBe("401 expired");
    expect(await code(offer(create.space, "wrong", own))).toBe("403 no-token");
    expect(await code(offer(create.space, "no token", own))).toBe("400 bad-frame");
    expect(await code(offer(create.space, "x".repeat(65), own))).toBe("413 too-large");
    expect(await node.storage.countTokens()).toBe(1);
    for (let i = 0; i < 2; i++) {
      const raised = await roomOf(await offer(create.space, token, own));
      expect(raised).toEqual({ bytes: 0, quota: SPACE_QUOTA_BYTES, most: SPACE_QUOTA_BYTES, unspent: false });
    }
    expect(await node.storage.countTokens()).toBe(0);
    const turn = { expected: null, seen: null, epoch: 2, keys: publicKeys(newSpaceKeys()), wraps: [], removedTags: [] };
    await node.storage.rotate(
      { space: create.space, epoch: 1, right: "own" },
      { ...turn, record: newRecord({ kind: "control", epoch: 2 }) },
    );
    expect(await code(offer(create.space, token, own))).toBe("401 expired");
  });

  test("not faster than a class needs, per address", async () => {
    const make = (address: string) =>
      request(paths.spaces, {
        method: "POST",
        body: encodeCreateSpace(newSpace()),
        headers: { "X-Test-Address": address },
      });
    for (let i = 0; i < ADDRESS_RATES.creation.burst; i++) expect((await make("school")).status).toBe(201);
    const refusal = await make("school");
    expect(refusal.headers.get("retry-after")).toBe("10");
    expect(await refusal.json()).toEqual({ code: "rate-limited", seconds: 10 });
    expect((await make("elsewhere")).status).toBe(201);
    node.time.nowMs += 10_000;
    expect((await make("school")).status).toBe(201);
  });
});

describe("wraps", () => {
  test("are had by their tag; what isn't there and what was removed look alike", async () => {
    const [wrap, removed] = [newWrap(), newWrap()];
    const { space } = await node.createSpace([wrap, removed]);
    const response = await request(paths.wrap(wrap.tag));
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(wrap.bytes);
    expect(response.headers.get("cache-control")).toBe("no-store");
    await node.storage.rotate(
      { space, epoch: 1, right: "own" },
      {
        expected: null,
        seen: null,
        epoch: 2,
        keys: newSpace().keys,
        wraps: [],
        removedTags: [removed.tag],
        record: newRecord({ kind: "control", epoch: 2 }),
      },
    );
    const answers = await Promise.all([removed.tag, newId()].map((tag) => request(paths.wrap(tag))));
    const [one, two] = await Promise.all(answers.map(async (a) => [a.status, await a.text(), [...a.headers]]));
    expect(one).toEqual(two);
    expect(one?.[0]).toBe(404);
    for (const tag of ["nonsense", newId().toUpperCase().replace(/\d/g, "A"), "../health"]) {
      expect((await request(paths.wrap(tag))).status).not.toBe(200);
    }
  });

  test("with a waiting time are released when it is over", async () => {
    const wrap = newWrap(3600);
    await node.createSpace([wrap]);
    const first = await request(paths.wrap(wrap.tag));
    expect(first.status).toBe(425);
    expect(first.headers.get("retry-after")).toBe("3600");
    expect(await first.json()).toEqual({ code: "waiting", seconds: 3600 });
    node.time.nowMs += 3_599_000;
    expect(await (await request(paths.wrap(wrap.tag))).json()).toEqual({ code: "waiting", seconds: 1 });
    node.time.nowMs += 1_000;
    expect((await request(paths.wrap(wrap.tag))).status).toBe(200);
  });
});

describe("drops", () => {
  const prepare = async (more = {}) => {
    const { space, keys } = await node.createSpace();
    const owner = node.connect();
    await owner.openLive(space, keys);
    const pair = newPair();
    const drop = { key: pair.publicKey, expires: 0, singleUse: true, quotaBytes: 100_000, attachment: randomBytes(99) };
    await owner.ask({ type: "registerDrop", space, drop: { ...drop, ...more } });
    const hex = Buffer.from(pair.publicKey).toString("hex");
    const proof = (purpose: "drop" | "card", body: Uint8Array, by = pair) =>
      `Drop ${Buffer.from(proveDropping(by, node.storage.identity.server, purpose, body)).toString("hex")}`;
    return { space, owner, pair, drop, hex, proof };
  };

  test("an invitation from the card to the mailbox", async () => {
    const { space, owner, hex, proof, drop } = await prepare();
    const card = await request(paths.dropAttachment(hex), {
      headers: { Authorization: proof("card", new Uint8Array(0)) },
    });
    expect(new Uint8Array(await card.arrayBuffer())).toEqual(new Uint8Array(drop.attachment));
    const body = randomBytes(1000);
    expect((await post(paths.drop(hex), body, proof("drop", body))).status).toBe(204);
    expect(owner.heard("dropped")).toEqual([{ type: "dropped", space }]);
    expect(await owner.ask({ type: "pullDrops", space, after: 0 })).toMatchObject({
      drops: [{ seq: 1, key: drop.key, bytes: new Uint8Array(body) }],
      more: false,
    });
    expect((await post(paths.drop(hex), body, proof("drop", body))).status).toBe(204);
    const other = randomBytes(10);
    expect(await code(post(paths.drop(hex), other, proof("drop", other)))).toBe("404 not-found");
    await owner.ask({ type: "clearDrops", space, through: 1 });
    expect(await owner.ask({ type: "pullDrops", space, after: 0 })).toMatchObject({ drops: [] });
  });

  test("only with the key's own proof, for this purpose and this body", async () => {
    const { hex, proof } = await prepare();
    const body = randomBytes(50);
    const wrong = [
      undefined,
      "Drop",
      "Drop 00",
      `Bearer ${"00".repeat(64)}`,
      proof("card", body),
      proof("drop", randomBytes(50)),
      proof("drop", body, newPair()),
    ];
    for (const authorization of wrong) {
      expect(await code(post(paths.drop(hex), body, authorization))).toBe("403 bad-proof");
    }
    expect(await code(request(paths.dropAttachment(hex)))).toBe("403 bad-proof");
  });

  test("unknown and expired keys are alike; sizes have their limit", async () => {
    const { hex, proof } = await prepare({ expires: Math.floor(node.time.nowMs / 1000) + 60 });
    const tooLarge = new Uint8Array(MAX_DROP_BYTES + 1);
    expect(await code(post(paths.drop(hex), tooLarge, proof("drop", tooLarge)))).toBe("413 too-large");
    const empty = new Uint8Array(0);
    expect(await code(post(paths.drop(hex), empty, proof("drop", empty)))).toBe("400 bad-frame");
    node.time.nowMs += 60_000;
    const body = randomBytes(5);
    expect(await code(post(paths.drop(hex), body, proof("drop", body)))).toBe("404 not-found");
    const stranger = newPair();
    const strangerHex = Buffer.from(stranger.publicKey).toString("hex");
    expect(await code(post(paths.drop(strangerHex), body, proof("drop", body, stranger)))).toBe("404 not-found");
    expect(await code(post(paths.drop("zz"), body))).toBe("404 not-found");
  });
});

describe("blobs", () => {
  const prepare = async (right: Right = "write") => {
    const { space, keys } = await node.createSpace();
    const client = node.connect();
    await client.open(space, keys, right);
    const answer = await client.ask({ type: "token", space });
    if (answer.type !== "token") throw new Error(`no token: ${answer.type}`);
    const authorization = { Authorization: `Bearer ${answer.token}` };
    const document = newId();
    const blob = newId();
    const chunks = [randomBytes(MAX_CHUNK_BYTES), randomBytes(1000)];
    return {
      space,
      keys,
      document,
      blob,
      chunks,
      client,
      put: (index: number, body: Uint8Array, more: { document?: string; blob?: string } = {}) =>
        request(`${paths.blobChunk(space, more.blob ?? blob, index)}?document=${more.document ?? document}`, {
          method: "PUT",
          body,
          headers: authorization,
        }),
      get: (index: number, headers: Record<string, string> = authorization) =>
        request(paths.blobChunk(space, blob, index), { headers }),
      missing: async (count: number) => {
        const response = await request(`${paths.blobMissing(space, blob)}?chunks=${count}`, { headers: authorization });
        return decodeMissing(new Uint8Array(await response.arrayBuffer()));
      },
      commit: (hashes: Uint8Array[]) =>
        request(paths.blobCommit(space, blob), {
          method: "POST",
          body: encodeBlobCommit(hashes),
          headers: authorization,
        }),
    };
  };

  test("are uploaded in pieces, resumed, committed and read", async () => {
    const { put, get, missing, commit, chunks } = await prepare();
    const [first, second] = chunks as [Buffer, Buffer];
    expect((await put(0, first)).status).toBe(204);
    expect((await put(0, first)).status).toBe(204);
    expect(await missing(2)).toEqual([1]);
    expect(await code(get(0))).toBe("404 not-found");
    expect(await code(commit([sha256(first), sha256(second)]))).toBe("409 op-conflict");
    expect((await put(1, second)).status).toBe(204);
    expect(await code(commit([sha256(second), sha256(first)]))).toBe("409 op-conflict");
    expect((await commit([sha256(first), sha256(second)])).status).toBe(204);
    expect((await commit([sha256(first), sha256(second)])).status).toBe(204);
    expect(Buffer.from(await (await get(0)).arrayBuffer()).equals(first)).toBe(true);
    expect(Buffer.from(await (await get(1)).arrayBuffer()).equals(second)).toBe(true);
    expect(await code(get(2))).toBe("404 not-found");
    expect(await code(put(0, second))).toBe("409 op-conflict");
  });

  test("the commit looks at what lies on the disk, not only at the rows", async () => {
    const { put, commit, chunks, space, blob } = await prepare();
    const [first] = chunks as [Buffer];
    await put(0, first);
    const spoiled = Buffer.from(first);
    spoiled[9] = (spoiled[9] ?? 0) ^ 1;
    await node.blobs.write(space, blob as never, 0, spoiled, 20_000);
    expect(await code(commit([sha256(first)]))).toBe("409 op-conflict");
  });

  test("a token holds for its space, its rung, its ten minutes and its epoch", async () => {
    const reader = await prepare("read");
    expect(await code(reader.put(0, randomBytes(5)))).toBe("403 no-right");
    const writer = await prepare();
    await writer.put(0, writer.chunks[1] as Buffer);
    await writer.commit([sha256(writer.chunks[1] as Buffer)]);
    expect((await writer.get(0)).status).toBe(200);
    expect(await code(writer.get(0, {}))).toBe("401 expired");
    expect(await code(writer.get(0, { Authorization: "Bearer nonsense" }))).toBe("401 expired");
    const other = await prepare();
    const foreign = await other.client.ask({ type: "token", space: other.space });
    const authorization = { Authorization: `Bearer ${foreign.type === "token" && foreign.token}` };
    expect(await code(writer.get(0, authorization))).toBe("401 expired");
    node.time.nowMs += TOKEN_SECONDS * 1000;
    expect(await code(writer.get(0))).toBe("401 expired");
    node.time.nowMs -= 1000;
    expect((await writer.get(0)).status).toBe(200);
    const owner = node.connect();
    await owner.open(writer.space, writer.keys);
    await owner.ask({
      type: "rotate",
      space: writer.space,
      ...newRotation({ keys: publicKeys(writer.keys) }),
    });
    expect(await code(writer.get(0))).toBe("401 expired");
    expect(await code(writer.put(1, randomBytes(5)))).toBe("401 expired");
  });

  test("odd requests are refused", async () => {
    const { put } = await prepare();
    expect(await code(put(0, new Uint8Array(MAX_CHUNK_BYTES + 1)))).toBe("413 too-large");
    expect(await code(put(0, new Uint8Array(0)))).toBe("400 bad-frame");
    expect(await code(put(4096, randomBytes(4)))).toBe("400 bad-frame");
    expect(await code(put(-1, randomBytes(4)))).toBe("400 bad-frame");
    expect(await code(put(0, randomBytes(4), { document: "x" }))).toBe("400 bad-frame");
    expect(await code(put(0, randomBytes(4), { blob: "..%2f..%2fetc" }))).toBe("404 not-found");
  });

  test("go with their document, from the disk too", async () => {
    const { put, get, commit, chunks, client, space, document, blob } = await prepare();
    const [, chunk] = chunks as [Buffer, Buffer];
    await put(0, chunk);
    await commit([sha256(chunk)]);
    await client.open(space, (await prepare()).keys).catch(() => null);
    const orphans = await node.storage.deleteDocument({ space, epoch: 1, right: "own" }, document as never);
    expect(orphans).toEqual([{ space, blob }]);
    expect(await code(get(0))).toBe("404 not-found");
    expect(await code(put(1, chunk))).toBe("410 document-deleted");
  });

  test("files that no row knows, and uploads left half done, go after two days", async () => {
    const { put, space, blob } = await prepare();
    const whole = await prepare();
    const content = whole.chunks[1] as Buffer;
    await whole.put(0, content);
    await whole.commit([sha256(content)]);
    await put(0, randomBytes(100));
    const stray = newId<never>();
    const day = Math.floor(node.time.nowMs / 86_400_000);
    await node.blobs.write(space, stray, 0, randomBytes(9), day);
    await tidy(node);
    expect(await node.blobs.read(space, stray, 0)).not.toBeNull();
    node.time.nowMs += 2 * 86_400_000;
    await tidy(node);
    expect(await node.blobs.read(space, stray, 0)).toBeNull();
    expect(await node.blobs.read(space, blob as never, 0)).toBeNull();
    expect(await node.storage.isBlobKnown(space, blob as never)).toBe(false);
    expect(await node.blobs.read(whole.space, whole.blob as never, 0)).toEqual(content);
  });
});

describe("the rest", () => {
  test("health is ok while the store can be written, and failing when it can't", async () => {
    expect(await (await request("/health")).json()).toEqual({ status: "ok" });
    const broken = await startNode();
    await broken.storage.close();
    const answer = await broken.app.request("/health");
    expect([answer.status, await answer.json()]).toEqual([503, { status: "failing" }]);
    await broken.stop();
  });

  test("metrics count without naming anybody, for this machine or with the token", async () => {
    const { space, keys } = await node.createSpace();
    const client = node.connect();
    await client.open(space, keys);
    await client.ask({ type: "append", space, record: newRecord({ size: 436 }) });
    await client.ask({ type: "append", space, record: newRecord({ epoch: 7 }) });
    const text = await (await request("/metrics")).text();
    for (const line of [
      'lomme_frames_total{type="append"} 2',
      'lomme_refusals_total{code="stale-epoch"} 1',
      "lomme_spaces 1",
      "lomme_stored_bytes 500",
      "lomme_failures_total 0",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(Number(/lomme_commit_seconds_count (\d+)/.exec(text)?.[1])).toBeGreaterThan(1);
    expect(text).not.toMatch(/[0-9a-f]{32}/);
    // Every line is one Prometheus can read.
    for (const line of text.trim().split("\n"))
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{[a-z]+="[^"]*"\})? [\d.e+-]+)$/);
    const elsewhere = { "X-Test-Address": "elsewhere" };
    expect((await request("/metrics", { headers: elsewhere })).status).toBe(404);
    expect((await request("/metrics", { headers: { ...elsewhere, Authorization: "Bearer guess" } })).status).toBe(404);
    const token = { ...elsewhere, Authorization: "Bearer let me in" };
    expect((await request("/metrics", { headers: token })).status).toBe(200);
  });

  test("an address that is nobody's is 404 with a code", async () => {
    expect(await code(request("/api/nothing"))).toBe("404 not-found");
    expect(await code(post("/api/spaces/x", new Uint8Array(1)))).toBe("404 not-found");
  });

  test("what fails inside says so without detail, and is reported", async () => {
    await node.storage.close();
    const answer = await request(paths.wrap(newId()));
    expect([answer.status, await answer.json()]).toEqual([500, { code: "internal" }]);
    expect(node.failures).toHaveLength(1);
    node = await startNode();
  });
});
