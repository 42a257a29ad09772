/**
 * Two nodes as processes over PostgreSQL, NATS and S3, chosen by configuration alone; devices on both. A node and NATS are
 * killed in the middle: every acknowledged op is there exactly once, and what one node takes is live on the other.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeBlobCommit } from "../../protocol/codec.ts";
import type { DocumentTag, OpId, OuterRecord, Seq, StoredRecord } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import {
  type ChildServer,
  connectSocket,
  createSpaceOver,
  NODE,
  ROOT,
  type SocketClient,
  startChild,
} from "./child.ts";
import { newId, newRecord, newWrap, sha256 } from "./made-up.ts";
import { startNats } from "./nats.ts";
import { startPostgres } from "./postgres.ts";
import { startS3, type TestS3 } from "./s3.ts";

const [cluster, nats] = await Promise.all([startPostgres(), startNats()]);
const reason = [cluster, nats].find((one) => typeof one === "string");
type SpaceUnderTest = Awaited<ReturnType<typeof createSpaceOver>>;

/** A device that lives on one node and goes to the other when its line breaks; it hears and sends without end. */
function startDevice(nodes: () => readonly ChildServer[], home: number, { space, keys }: SpaceUnderTest) {
  const acked = new Map<OpId, Seq>();
  const heard = new Map<OpId, Seq>();
  const pending: OuterRecord[] = [];
  const state: { isOver: boolean; writes: boolean } = { isOver: false, writes: true };
  async function live(server: ChildServer): Promise<void> {
    const client = await connectSocket(server.url);
    const onRecord = ({ opId, seq }: StoredRecord): void => void heard.set(opId, seq);
    client.onFrame((frame) => frame.type === "live" && onRecord(frame.record));
    await client.hello();
    const opened = await client.open(space, keys);
    if (opened.type !== "opened") throw new Error(`not opened: ${JSON.stringify(opened)}`);
    for (let after = 0, more = true; more; ) {
      const page = await client.ask({ type: "pull", space, after });
      if (page.type !== "page") throw new Error(page.type);
      page.records.forEach(onRecord);
      after = page.records.at(-1)?.seq ?? after;
      more = page.more;
    }
    while (!state.isOver) {
      if (state.writes && pending.length === 0) pending.push(newRecord({ size: 300 }), newRecord({ size: 300 }));
      const answers = await Promise.allSettled(pending.map((record) => client.ask({ type: "append", space, record })));
      for (const answer of answers) {
        if (answer.status === "rejected") throw answer.reason;
        if (answer.value.type === "ack") acked.set(answer.value.opId, answer.value.seq);
        else if (answer.value.type !== "refused" || answer.value.code !== "storage-failed") {
          throw new Error(`unexpected: ${JSON.stringify(answer.value)}`);
        }
      }
      pending.splice(0, pending.length, ...pending.filter(({ opId }) => !acked.has(opId)));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    client.socket.close();
  }
  const running = (async () => {
    for (let turn = 0; !state.isOver; turn++) {
      const all = nodes();
      await live(all[(home + turn) % all.length] as ChildServer).catch(() => null);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    acked,
    heard,
    /** Sends no more, and hears on. */
    rest: () => {
      state.writes = false;
    },
    async stop() {
      state.isOver = true;
      await running;
    },
  };
}

describe.skipIf(reason !== undefined)(`many nodes${reason === undefined ? "" : `: ${String(reason)}`}`, () => {
  if (typeof cluster === "string" || typeof nats === "string") return;
  let s3: TestS3;
  let env: NodeJS.ProcessEnv;
  let nodes: ChildServer[];
  /** Nodes keep nothing of their own: a directory that must never come to be. */
  const nowhere = join(tmpdir(), `lomme-no-data-${randomBytes(6).toString("hex")}`);
  const startNode = (): Promise<ChildServer> => startChild(nowhere, env);

  beforeAll(async () => {
    s3 = await startS3();
    const [store, journal] = [await cluster.createDatabase(), await cluster.createDatabase()];
    const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.options;
    env = {
      DATABASE_URL: store,
      JOURNAL_DATABASE_URL: journal,
      NATS_URL: nats.url,
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    };
    nodes = await Promise.all([startNode(), startNode()]);
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.kill("SIGKILL")));
    await nats.kill();
    await s3.dispose();
    await cluster.dispose();
  });

  const openOn = async (node: number, { space, keys }: SpaceUnderTest): Promise<SocketClient> => {
    const client = await connectSocket((nodes[node] as ChildServer).url);
    await client.hello();
    expect(await client.open(space, keys)).toMatchObject({ type: "opened" });
    expect(await client.ask({ type: "pull", space, after: 0 })).toMatchObject({ type: "page", more: false });
    return client;
  };
  const url = (node: number): string => (nodes[node] as ChildServer).url;

  test("a record on one node is live on the other within a moment, carried by a hint", async () => {
    const made = await createSpaceOver(url(0));
    const [one, two] = [await openOn(0, made), await openOn(1, made)];
    const delays: number[] = [];
    for (let round = 0; round < 10; round++) {
      const record = newRecord();
      const heard = new Promise((resolve) =>
        two.onFrame((frame) => frame.type === "live" && frame.record.opId === record.opId && resolve(frame)),
      );
      const started = performance.now();
      await one.ask({ type: "append", space: made.space, record });
      await heard;
      delays.push(performance.now() - started);
    }
    // The looks at the store come every five seconds; hints have to be what is this quick.
    expect(delays.toSorted((a, b) => a - b)[5]).toBeLessThan(500);
    one.socket.close();
    two.socket.close();
  });

  test("a token of one node is good on the other, and a photo put on one is had from the other", async () => {
    const made = await createSpaceOver(url(0));
    const { space } = made;
    const [one, two] = [await openOn(0, made), await openOn(1, made)];
    const token = await one.ask({ type: "token", space });
    const headers = { Authorization: `Bearer ${token.type === "token" && token.token}` };
    const [blob, content] = [newId(), new Uint8Array(randomBytes(5000))];
    const chunk = paths.blobChunk(space, blob, 0);
    const put = await fetch(`${url(1)}${chunk}?document=${newId<DocumentTag>()}`, {
      method: "PUT",
      body: content,
      headers,
    });
    const body = new Uint8Array(encodeBlobCommit([sha256(content)]));
    const commit = await fetch(url(0) + paths.blobCommit(space, blob), { method: "POST", body, headers });
    expect([put.status, commit.status]).toEqual([204, 204]);
    for (const node of [0, 1]) {
      const got = await fetch(url(node) + chunk, { headers });
      expect(Buffer.from(await got.arrayBuffer()).equals(Buffer.from(content))).toBe(true);
    }
    // A waiting time that was started on one node runs on the other.
    const wrap = newWrap(3600);
    expect(await two.ask({ type: "putWraps", space, wraps: [wrap] })).toMatchObject({ type: "done" });
    expect((await fetch(url(0) + paths.wrap(wrap.tag))).status).toBe(425);
    const waits = await two.ask({ type: "listWaits", space });
    expect(waits).toMatchObject({ type: "waits", waits: [{ tag: wrap.tag }] });
    // And a rotation on one ends the token on both.
    const record = newRecord({ kind: "control", epoch: 2 });
    const keys = { own: randomBytes(32), write: randomBytes(32), read: randomBytes(32) };
    const ended = new Promise((resolve) => two.onFrame((frame) => frame.type === "ended" && resolve(frame.code)));
    await one.ask({
      type: "rotate",
      space,
      expected: null,
      seen: null,
      epoch: 2,
      keys,
      wraps: [],
      removedTags: [],
      record,
    });
    expect(await ended).toBe("epoch-over");
    for (const node of [0, 1]) expect((await fetch(url(node) + chunk, { headers })).status).toBe(401);
    one.socket.close();
    two.socket.close();
  });

  test("NATS and a node are killed in the middle: every acknowledged op is there once, and everybody hears all", async () => {
    const made = await createSpaceOver(url(0));
    const devices = [0, 1, 0, 1].map((home) => startDevice(() => nodes, home, made));
    const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    await pass(1000);
    await nats.kill();
    await pass(1000);
    await nodes[1]?.kill("SIGKILL");
    await pass(500);
    nodes[1] = await startNode();
    await nats.start();
    await pass(1500);
    for (const device of devices) device.rest();
    const acked = () => new Map(devices.flatMap((device) => [...device.acked]));
    // Nobody sends any more; what is still missing somewhere comes by hints or by the next look.
    await expect
      .poll(() => devices.map(({ heard, acked: own }) => new Set([...heard.keys(), ...own.keys()]).size), {
        timeout: 15_000,
      })
      .toEqual(devices.map(() => acked().size));
    await Promise.all(devices.map((device) => device.stop()));
    const reader = await connectSocket(url(1));
    await reader.hello();
    await reader.open(made.space, made.keys);
    const stored: StoredRecord[] = [];
    for (let after = 0, more = true; more; ) {
      const page = await reader.ask({ type: "pull", space: made.space, after });
      if (page.type !== "page") throw new Error(page.type);
      stored.push(...page.records);
      after = page.records.at(-1)?.seq ?? after;
      more = page.more;
    }
    reader.socket.close();
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
    const byOp = new Map(stored.map(({ opId, seq }) => [opId, seq]));
    expect(byOp.size).toBe(stored.length);
    for (const device of devices) {
      expect(device.acked.size).toBeGreaterThan(20);
      for (const [op, seq] of [...device.acked, ...device.heard])
        expect({ op, seq: byOp.get(op) }).toEqual({ op, seq });
    }
  });

  test("a node keeps nothing on its own disk, and its log says nothing about anybody", () => {
    expect(existsSync(nowhere)).toBe(false);
    for (const node of nodes) expect(node.output()).not.toMatch(/[0-9a-f]{32}|127\.0\.0\.1/);
  });

  test.each([
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL must look like postgres://user:password@host/database."],
    [{ NATS_URL: "nats://127.0.0.1" }, "NATS_URL and JOURNAL_DATABASE_URL need DATABASE_URL"],
    [
      { S3_BUCKET: "lomme" },
      "S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be given together.",
    ],
    [{ DATABASE_URL: "postgres://lomme@127.0.0.1:1/none" }, "DATABASE_URL can't be used:"],
    [{ DATABASE_URL: "postgres://x/y", DATABASE_CONNECTIONS: "many" }, "DATABASE_CONNECTIONS must be a whole number"],
  ])("a mistake is answered in one line: %o", async (mistake, sentence) => {
    const failed = await startChild(nowhere, mistake).catch((error: Error) => error.message);
    expect(String(failed).trim().split("\n")).toEqual([expect.stringContaining(sentence)]);
  });
});

test("a server of one machine never loads the clients of PostgreSQL, NATS and S3", async () => {
  const directory = await mkdtemp(join(tmpdir(), "lomme-default-"));
  const program = `
    const { registerHooks } = await import("node:module");
    registerHooks({ resolve: (name, context, next) => { console.log("loads " + name); return next(name, context); } });
    const { readConfig } = await import("./sync-server/config.ts");
    const { createLog } = await import("./sync-server/log.ts");
    const { createServer } = await import("./sync-server/server.ts");
    const server = await createServer(readConfig({ PORT: "0", DATA_DIR: ${JSON.stringify(directory)} }, "."), createLog("silent"));
    await server.close(0);`;
  const run = spawnSync(NODE, ["--input-type=module", "-e", program], { cwd: ROOT, encoding: "utf8" });
  expect(run.stdout).toContain("loads node:sqlite");
  expect(run.stdout).not.toMatch(/loads (pg|@nats-io|aws4fetch)/);
  await rm(directory, { recursive: true });
});
