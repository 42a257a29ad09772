/**
 * Lomme's server as `npm start` runs it: same main, same limits, same checks, acknowledged after fsync. Bodies are signed
 * and sealed beforehand by crypto/, as shipped.
 */
import { hash } from "node:crypto";
import * as Y from "yjs";
import { proveCapability } from "../../crypto/capabilities.ts";
import { randomId } from "../../crypto/ids.ts";
import { hashInner, type InnerFields, NO_PREVIOUS, signInner, verifyInner } from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder, type Ladder } from "../../crypto/ladder.ts";
import { openRecord, sealRecord } from "../../crypto/records.ts";
import { ready, signingPairFromSeed } from "../../crypto/sodium.ts";
import type {
  AuthorPrivateKey,
  AuthorPublicKey,
  ChainId,
  DocumentTag,
  Hash32,
  RecordKind,
  SealedRecord,
  ServerNonce,
  SpaceId,
} from "../../crypto/types.ts";
import { decodeServerFrames, encodeClientFrame, encodeCreateSpace } from "../../protocol/codec.ts";
import type { OuterRecord, ServerFrame, StoredRecord } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import { PROTOCOL_VERSION, SUBPROTOCOL } from "../../protocol/limits.ts";
import { type Client, type Contender, openSocket, type Prepared, type Running, startProcess } from "./contender.ts";
import { appendCharacters } from "./text.ts";

await ready();
const author = signingPairFromSeed(crypto.getRandomValues(new Uint8Array(32))) as {
  publicKey: AuthorPublicKey;
  privateKey: AuthorPrivateKey;
};
const ladders = new Map<string, Ladder>();

/** Signed and sealed, one after another in one chain. */
export class Writer {
  readonly #chain = randomId<ChainId>();
  #counter = 0;
  #previous: Hash32 = NO_PREVIOUS;

  write(space: SpaceId, document: DocumentTag, kind: RecordKind, payload: Uint8Array): OuterRecord {
    const opId = randomId<OuterRecord["opId"]>();
    this.#counter++;
    const fields: InnerFields = {
      space,
      document,
      kind,
      opId,
      chain: this.#chain,
      counter: this.#counter,
      previous: this.#previous,
      heads: NO_PREVIOUS,
      clientIds: [],
      payload,
    };
    const inner = signInner(fields, author.privateKey);
    this.#previous = hashInner(inner);
    const outer = { space, document, kind, epoch: 1, opId };
    return { document, kind, epoch: 1, opId, sealed: sealRecord(inner, outer, ladderOf(space).contentKey) };
  }
}

function ladderOf(space: string): Ladder {
  const ladder = ladders.get(space);
  if (ladder === undefined) throw new Error("an unknown space");
  return ladder;
}

export async function createSpace(server: Running): Promise<SpaceId> {
  const space = randomId<SpaceId>();
  const ladder = deriveLadder({ right: "own", seed: createOwnSeed(), space, epoch: 1 });
  ladders.set(space, ladder);
  const { own, write, read } = ladder.capabilities;
  if (own === undefined || write === undefined) throw new Error("an owner has all rungs");
  const keys = { own: own.publicKey, write: write.publicKey, read: read.publicKey };
  const body = new Uint8Array(encodeCreateSpace({ space, kind: "space", keys, wraps: [] }));
  for (;;) {
    const response = await fetch(server.url + paths.spaces, { method: "POST", body });
    if (response.status === 201) return space;
    if (response.status !== 429) throw new Error(`creating a space: ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

export interface OurClient extends Client {
  ask(frame: Parameters<typeof encodeClientFrame>[0] & { request: number }): Promise<ServerFrame>;
}

export async function connect(server: Running, space: SpaceId): Promise<OurClient> {
  const socket = await openSocket(server.url.replace("http", "ws") + paths.sync, SUBPROTOCOL);
  const waiting = new Map<number, (frame: ServerFrame) => void>();
  let welcome: (frame: Extract<ServerFrame, { type: "welcome" }>) => void = () => {};
  const client: OurClient = {
    socket,
    onBody: () => {},
    onAck: () => {},
    received: 0,
    ask(frame) {
      const answer = new Promise<ServerFrame>((resolve) => waiting.set(frame.request, resolve));
      socket.send(encodeClientFrame(frame));
      return answer;
    },
  };
  socket.on("message", (data: Buffer) => {
    client.received += data.length;
    for (const frame of decodeServerFrames(data)) {
      if (frame.type === "live") client.onBody(frame.record.sealed);
      else if (frame.type === "welcome") welcome(frame);
      else if ("request" in frame) {
        const resolve = waiting.get(frame.request);
        waiting.delete(frame.request);
        if (resolve !== undefined) resolve(frame);
        else if (frame.type === "ack") client.onAck();
        else throw new Error(`unexpected ${JSON.stringify(frame)}`);
      }
    }
  });
  const welcomed = new Promise<Extract<ServerFrame, { type: "welcome" }>>((resolve) => {
    welcome = resolve;
  });
  socket.send(encodeClientFrame({ type: "hello", protocol: PROTOCOL_VERSION }));
  const { nonce, server: serverId } = await welcomed;
  const { own } = ladderOf(space).capabilities;
  if (own === undefined) throw new Error("an owner has all rungs");
  const challenge = { nonce: nonce as ServerNonce, serverId, space, epoch: 1, right: "own" } as const;
  const proof = proveCapability(own.privateKey, challenge);
  const opened = await client.ask({ type: "open", request: 1, space, epoch: 1, right: "own", proof });
  if (opened.type !== "opened") throw new Error(`not opened: ${JSON.stringify(opened)}`);
  return client;
}

export async function pullAll(
  client: OurClient,
  space: SpaceId,
  take: (records: readonly StoredRecord[]) => void,
): Promise<void> {
  for (let after = 0, request = 2; ; request++) {
    const page = await client.ask({ type: "pull", request, space, after });
    if (page.type !== "page") throw new Error(page.type);
    take(page.records);
    if (!page.more) return;
    after = page.records.at(-1)?.seq ?? after;
  }
}

const open = (space: SpaceId, record: StoredRecord) =>
  openRecord(record.sealed as SealedRecord, { space, ...record }, ladderOf(space).contentKey);

export function startOurs(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const set = { PORT: "0", DATA_DIR: dataDir, LOG_LEVEL: "error", ...env };
  return startProcess(
    ["--initial-old-space-size=64", "sync-server/main.ts"],
    set,
    (output) => /listening on (\S+)\n/.exec(output)?.[1] ?? null,
  );
}

export const ours: Contender = {
  name: "ours",
  acknowledges: true,
  start: startOurs,
  async createDocuments(server, count) {
    const spaces: string[] = [];
    for (let i = 0; i < count; i++) spaces.push(await createSpace(server));
    return spaces;
  },
  async join(server, document) {
    const space = document as SpaceId;
    const client = await connect(server, space);
    await pullAll(client, space, () => {});
    return client;
  },
  prepare(documents, clients, count) {
    const writers = Array.from({ length: clients }, () => ({ writer: new Writer(), tag: randomId<DocumentTag>() }));
    const texts = writers.map(() => appendCharacters(Math.ceil(count / clients)));
    return Array.from({ length: count }, (_, i): Prepared => {
      const client = i % clients;
      const space = documents[client % documents.length] as SpaceId;
      const { writer, tag } = writers[client] as (typeof writers)[number];
      const update = texts[client]?.[Math.floor(i / clients)] as Uint8Array;
      const record = writer.write(space, tag, "update", update);
      const frame = encodeClientFrame({ type: "append", request: 1000 + i, space, record });
      return { client, frame, body: record.sealed };
    });
  },
  expect(bodies) {
    const missing = new Set(bodies.map((body) => hash("sha1", body)));
    return (body) => (missing.delete(hash("sha1", body)) ? 1 : 0);
  },
  async write(server, characters) {
    const space = await createSpace(server);
    const client = await connect(server, space);
    const doc = new Y.Doc();
    for (const update of appendCharacters(characters)) Y.applyUpdate(doc, update);
    const record = new Writer().write(space, randomId(), "snapshot", Y.encodeStateAsUpdate(doc));
    await client.ask({ type: "append", request: 2, space, record });
    client.socket.terminate();
    return space;
  },
  async catchUp(server, document) {
    const space = document as SpaceId;
    const client = await connect(server, space);
    const doc = new Y.Doc();
    await pullAll(client, space, (records) => {
      for (const record of records) {
        const opened = open(space, record);
        if (!verifyInner(opened.inner, author.publicKey)) throw new Error("a signature that doesn't hold");
        Y.applyUpdate(doc, opened.payload);
      }
    });
    client.socket.terminate();
    return { text: doc.getText("text").toString(), bytes: client.received };
  },
};

/**
 * A fresh device and one space of `documents` documents with four records each: seconds from the first byte to the last
 * record opened, each chain walked back by its hashes and its newest signature verified.
 */
export async function coldStart(server: Running, documents: number): Promise<{ seconds: number; records: number }> {
  const space = await createSpace(server);
  const uploader = await connect(server, space);
  const writer = new Writer();
  const update = appendCharacters(1)[0] as Uint8Array;
  const tags = Array.from({ length: documents }, () => randomId<DocumentTag>());
  let request = 1000;
  for (let round = 0; round < 4; round++) {
    for (let at = 0; at < tags.length; at += 500) {
      const batch = tags.slice(at, at + 500).map((tag) => writer.write(space, tag, "update", update));
      await Promise.all(batch.map((record) => uploader.ask({ type: "append", request: request++, space, record })));
    }
  }
  uploader.socket.terminate();

  const started = performance.now();
  const device = await connect(server, space);
  const heads = new Map<string, { hash: Hash32; inner: ReturnType<typeof open>["inner"] }>();
  let records = 0;
  await pullAll(device, space, (page) => {
    for (const record of page) {
      const { inner, chain, previous } = open(space, record);
      const head = heads.get(chain)?.hash ?? NO_PREVIOUS;
      if (Buffer.compare(head, previous) !== 0) throw new Error("a chain that doesn't join");
      heads.set(chain, { hash: hashInner(inner), inner });
      records++;
    }
  });
  for (const { inner } of heads.values()) {
    if (!verifyInner(inner, author.publicKey)) throw new Error("a signature that doesn't hold");
  }
  const seconds = (performance.now() - started) / 1000;
  device.socket.terminate();
  return { seconds, records };
}
