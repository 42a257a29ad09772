/**
 * A whole server without a port: real SQLite file, real blobs on disk, the real app and real sessions, a clock to turn.
 * Clients are in memory: what they send goes through the codec into a session, and what they get is decoded again.
 */
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { MiddlewareHandler } from "hono";
import type { Close } from "../../protocol/closes.ts";
import { decodeServerFrame, encodeClientFrame } from "../../protocol/codec.ts";
import type { ClientFrame, Right, ServerFrame, SpaceId, TaggedWrap } from "../../protocol/frames.ts";
import { createApp } from "../../sync-server/app.ts";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import type { BlobStore } from "../../sync-server/blobs/port.ts";
import { createLocalFanout } from "../../sync-server/fanout/local.ts";
import { createMetrics } from "../../sync-server/metrics.ts";
import { createPolls } from "../../sync-server/poll.ts";
import { createAddressRates } from "../../sync-server/routes/deps.ts";
import { createSession } from "../../sync-server/session.ts";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
import { createTokens } from "../../sync-server/tokens.ts";
import { Turns } from "../../sync-server/turns.ts";
import { newDirectory, newId, newSpaceKeys, proveRight, publicKeys, type SpaceKeys } from "./made-up.ts";

/** 2026-11-21 10:00:00 UTC. */
export const START_MS = 1_795_255_200_000;

export interface NodeOptions {
  readonly creation?: "open" | "token";
  readonly client?: MiddlewareHandler;
  readonly isSecure?: boolean;
  readonly blobs?: BlobStore;
}

export type TestNode = Awaited<ReturnType<typeof startNode>>;

export async function startNode(options: NodeOptions = {}) {
  const directory = await newDirectory("node");
  const metrics = createMetrics();
  const storage = await openSqliteStorage({ file: join(directory, "lomme.sqlite"), onCommit: metrics.commit });
  const failures: unknown[] = [];
  const time = { nowMs: START_MS };
  const shared = {
    storage,
    blobs: options.blobs ?? createDiskBlobs(join(directory, "blobs")),
    fanout: createLocalFanout(),
    tokens: createTokens(storage.identity.tokenSecret),
    clock: { nowMs: () => time.nowMs },
    rates: createAddressRates(),
    onFailure: (error: unknown) => failures.push(error),
    metrics,
    turns: new Turns(),
  };
  const polls = createPolls({ ...shared, createNonce: () => randomBytes(32), maxConnections: 5 });
  const app = createApp({
    ...shared,
    polls,
    admit: () => () => {},
    creation: options.creation ?? "open",
    addressOf: (context) => context.req.header("X-Test-Address") ?? "someone",
    isLocal: (context) => context.req.header("X-Test-Address") === undefined,
    connections: () => 0,
    metricsToken: "let me in",
    isSecure: () => options.isSecure ?? false,
    ...(options.client && { client: options.client }),
  });

  return {
    ...shared,
    app,
    polls,
    directory,
    failures,
    time,
    connect: () => connectClient(shared),
    /** A space whose private keys the test holds. */
    async createSpace(wraps: readonly TaggedWrap[] = []): Promise<{ space: SpaceId; keys: SpaceKeys }> {
      const space = newId<SpaceId>();
      const keys = newSpaceKeys();
      await storage.createSpace({ space, kind: "space", keys: publicKeys(keys), wraps }, "open");
      return { space, keys };
    },
    async stop() {
      polls.close();
      await storage.close().catch(() => null);
      await rm(directory, { recursive: true });
    },
  };
}

type SessionDeps = Parameters<typeof createSession>[0];
type Asked = Extract<ClientFrame, { request: number }>;
type Unnumbered<Frame> = Frame extends unknown ? Omit<Frame, "request"> : never;

export type TestClient = ReturnType<typeof connectClient>;

export function connectClient(deps: Omit<SessionDeps, "createNonce">) {
  const frames: ServerFrame[] = [];
  const raw: Uint8Array[] = [];
  const waiting = new Map<number, (frame: ServerFrame) => void>();
  const client = { congested: false, closed: null as Close | null, charged: 0 };
  let requests = 0;

  const session = createSession(
    { ...deps, createNonce: () => randomBytes(32) },
    {
      send(bytes) {
        raw.push(bytes);
        const frame = decodeServerFrame(bytes);
        frames.push(frame);
        if ("request" in frame) waiting.get(frame.request)?.(frame);
      },
      close(close) {
        client.closed ??= close;
        session.end();
      },
      isCongested: () => client.congested,
      charge(bytes) {
        client.charged += bytes;
      },
    },
  );
  const send = (frame: ClientFrame): void => {
    session.receive(encodeClientFrame(frame));
  };
  const ask = (frame: Unnumbered<Asked>): Promise<ServerFrame> => {
    const request = ++requests;
    const answer = new Promise<ServerFrame>((resolve) => waiting.set(request, resolve));
    send({ ...frame, request } as Asked);
    return answer;
  };
  const hello = (): Extract<ServerFrame, { type: "welcome" }> => {
    send({ type: "hello", protocol: 3 });
    return frames.find((frame) => frame.type === "welcome") as Extract<ServerFrame, { type: "welcome" }>;
  };
  let welcome: ReturnType<typeof hello> | null = null;

  return Object.assign(client, {
    session,
    frames,
    raw,
    send,
    ask,
    /** Everything of this type that came so far. */
    heard: <Type extends ServerFrame["type"]>(type: Type) =>
      frames.filter((frame): frame is Extract<ServerFrame, { type: Type }> => frame.type === type),
    /** Says hello where it wasn't said, and opens the space with a proof. */
    open(space: SpaceId, keys: SpaceKeys, right: Right = "own", epoch = 1): Promise<ServerFrame> {
      welcome ??= hello();
      const { nonce, server } = welcome;
      const proof = proveRight(keys[right], { nonce, server, space, epoch, right });
      return ask({ type: "open", space, epoch, right, proof });
    },
    /** Opens, and pulls everything, so that the channel is live. */
    async openLive(space: SpaceId, keys: SpaceKeys, right: Right = "own", epoch = 1): Promise<void> {
      await this.open(space, keys, right, epoch);
      for (let after = 0; ; ) {
        const page = await ask({ type: "pull", space, after });
        if (page.type !== "page") throw new Error(`expected a page, got ${page.type}`);
        if (!page.more) return;
        after = page.records.at(-1)?.seq ?? after;
      }
    },
  });
}

/** Lets everything that waits for the store or the disk come to its end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 2));
}
