/**
 * SIGKILL at random moments under load. Whatever was acknowledged is there afterwards, once, with its bytes; and what was
 * not acknowledged can be sent again without being stored twice. Used for each storage by its own test file.
 *
 * kill -9 leaves what the kernel already has; it is no power cut. That the fsync comes before the ack is shown apart, by
 * settings that are read back and by strace (docs/operations.md §8).
 */
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { encodeBlobCommit } from "../../protocol/codec.ts";
import type { DocumentTag, OpId, OuterRecord, Seq, StoredRecord } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import { type ChildServer, connectSocket, createSpaceOver, type SocketClient } from "./child.ts";
import { newId, newRecord, sha256 } from "./made-up.ts";

const WRITERS = 3;
type SpaceUnderLoad = Awaited<ReturnType<typeof createSpaceOver>>;

interface Kept {
  readonly records: Map<OpId, { record: OuterRecord; seq: Seq }>;
  /** Sent, never acknowledged: may be there or not. */
  readonly unsure: OuterRecord[];
  readonly blobs: { blob: string; content: Uint8Array }[];
}

async function openSpace(server: ChildServer, { space, keys }: SpaceUnderLoad): Promise<SocketClient> {
  const client = await connectSocket(server.url);
  await client.hello();
  const opened = await client.open(space, keys);
  if (opened.type !== "opened") throw new Error(`not opened: ${JSON.stringify(opened)}`);
  return client;
}

/** Sends without waiting for each answer, until the line breaks. */
async function write(client: SocketClient, { space }: SpaceUnderLoad, kept: Kept): Promise<void> {
  const again = kept.unsure.splice(0, 20);
  for (let round = 0; ; round++) {
    const batch = [
      ...again.splice(0),
      ...Array.from({ length: 20 }, () => newRecord({ size: 256 + (round % 5) * 200 })),
    ];
    const answers = await Promise.allSettled(batch.map((record) => client.ask({ type: "append", space, record })));
    for (const [index, answer] of answers.entries()) {
      const record = batch[index] as OuterRecord;
      if (answer.status === "rejected") kept.unsure.push(record);
      else if (answer.value.type === "ack") kept.records.set(record.opId, { record, seq: answer.value.seq });
      else if (answer.value.type === "refused" && answer.value.code === "storage-failed") kept.unsure.push(record);
      else throw new Error(`refused: ${JSON.stringify(answer.value)}`);
    }
    if (answers.some(({ status }) => status === "rejected")) return;
  }
}

async function upload(server: ChildServer, client: SocketClient, { space }: SpaceUnderLoad, kept: Kept): Promise<void> {
  const answer = await client.ask({ type: "token", space });
  if (answer.type !== "token") return;
  const headers = { Authorization: `Bearer ${answer.token}` };
  const document = newId<DocumentTag>();
  for (;;) {
    const blob = newId();
    const content = new Uint8Array(randomBytes(3000));
    const chunk = `${server.url + paths.blobChunk(space, blob, 0)}?document=${document}`;
    const put = await fetch(chunk, { method: "PUT", body: content, headers });
    const body = new Uint8Array(encodeBlobCommit([sha256(content)]));
    const commit = await fetch(server.url + paths.blobCommit(space, blob), { method: "POST", body, headers });
    if (put.status === 204 && commit.status === 204) kept.blobs.push({ blob, content });
  }
}

async function readAll(client: SocketClient, { space }: SpaceUnderLoad): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (let after = 0; ; ) {
    const page = await client.ask({ type: "pull", space, after });
    if (page.type !== "page") throw new Error(page.type);
    records.push(...page.records);
    if (!page.more) return records;
    after = page.records.at(-1)?.seq ?? after;
  }
}

/** Everything that was acknowledged since the last look, and no op twice. */
async function check(server: ChildServer, space: SpaceUnderLoad, kept: Kept): Promise<void> {
  const client = await openSpace(server, space);
  const stored = await readAll(client, space);
  const byOp = new Map(stored.map((record) => [record.opId, record]));
  expect(byOp.size).toBe(stored.length);
  expect(stored.every(({ seq }, index) => index === 0 || seq > (stored[index - 1]?.seq ?? 0))).toBe(true);
  for (const [opId, { record, seq }] of kept.records) {
    const found = byOp.get(opId);
    expect({ opId, seq: found?.seq }).toEqual({ opId, seq });
    expect(Buffer.compare(found?.sealed ?? new Uint8Array(0), record.sealed)).toBe(0);
  }
  const token = await client.ask({ type: "token", space: space.space });
  const headers = { Authorization: `Bearer ${token.type === "token" && token.token}` };
  for (const { blob, content } of kept.blobs.splice(0)) {
    const response = await fetch(server.url + paths.blobChunk(space.space, blob, 0), { headers });
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), content)).toBe(0);
  }
  client.socket.close();
}

export interface Kills {
  readonly cycles: number;
  start(): Promise<ChildServer>;
  /** Something else that dies in some of the cycles, and is there again when it answers. */
  alsoKill?(cycle: number): Promise<void>;
}

/** Kills the server once per cycle, and looks after each at everything that was acknowledged since. */
export async function surviveKills({ cycles, start, alsoKill }: Kills): Promise<void> {
  let server = await start();
  let space = await createSpaceOver(server.url);
  let kept: Kept = { records: new Map(), unsure: [], blobs: [] };
  let acked = 0;
  let resent = 0;
  for (let cycle = 0; cycle < cycles; cycle++) {
    const clients = await Promise.all(Array.from({ length: WRITERS }, () => openSpace(server, space)));
    resent += Math.min(kept.unsure.length, 20 * WRITERS);
    const load = [
      ...clients.map((client) => write(client, space, kept)),
      upload(server, clients[0] as SocketClient, space, kept).catch(() => null),
    ];
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 150));
    await alsoKill?.(cycle);
    await server.kill("SIGKILL");
    await Promise.all(load);
    server = await start();
    await check(server, space, kept);
    if (cycle % 10 === 9 || cycle === cycles - 1) {
      // A fresh space now and then, so that reading all of it stays quick.
      acked += kept.records.size;
      space = await createSpaceOver(server.url);
      kept = { records: new Map(), unsure: [], blobs: [] };
    }
  }
  await server.kill("SIGKILL");
  // The kills did hit work under way: something was acknowledged, and something was cut off and sent again.
  expect(acked).toBeGreaterThan(cycles * 20);
  expect(resent).toBeGreaterThan(0);
}
