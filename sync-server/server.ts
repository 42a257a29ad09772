/** Builds the server from a configuration: store, blobs, fan-out, HTTP app, sockets. Used by main.ts and by tests. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { HTTP_HEAD_BYTES, HTTP_HEAD_MS, HTTP_REQUEST_MS } from "../protocol/limits.ts";
import { createApp } from "./app.ts";
import { systemClock, today } from "./clock.ts";
import { type Config, isLoopback } from "./config.ts";
import { openBlobs, openFanout, openStorage } from "./engines.ts";
import { answerRaw } from "./headers.ts";
import { keepHouse } from "./housekeeping.ts";
import type { Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { createPolls } from "./poll.ts";
import { createAddressRates } from "./routes/deps.ts";
import { attachSockets, type Sockets } from "./socket.ts";
import { staticClient } from "./static.ts";
import { createTokens } from "./tokens.ts";
import { Turns } from "./turns.ts";

export interface RunningServer {
  readonly port: number;
  /** As a browser on this machine would write it. */
  readonly url: string;
  readonly sockets: Sockets;
  /** Lets requests under way finish, at most `timeoutMs`, then closes everything. */
  close(timeoutMs: number): Promise<void>;
}

const HTTP_OPTIONS: ServerOptions = {
  headersTimeout: HTTP_HEAD_MS,
  connectionsCheckingInterval: 5_000,
  requestTimeout: HTTP_REQUEST_MS,
  keepAliveTimeout: 30_000,
  maxHeaderSize: HTTP_HEAD_BYTES,
};

/** How Node would answer what it can't read; everything else is a bad request. */
const NOT_HTTP: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** @throws when the store can't be opened or the port is taken */
export async function createServer(config: Config, log: Log): Promise<RunningServer> {
  const metrics = createMetrics();
  const blobs = await openBlobs(config);
  const chunks = { blobs, today: today(systemClock) };
  const storage = await openStorage(config, chunks, { onCommit: metrics.commit });
  const onFailure = (error: unknown): void => {
    metrics.count("failures");
    log.failure("something failed; nothing was acknowledged", error);
  };
  const shared = {
    storage,
    blobs,
    fanout: await openFanout(config, storage, { onFailure }),
    tokens: createTokens(storage.identity.tokenSecret),
    clock: systemClock,
    rates: createAddressRates(),
    onFailure,
    metrics,
    turns: new Turns(),
  };
  const connections = {
    ...shared,
    createNonce: () => randomBytes(32),
    maxConnections: config.maxConnections,
  };
  const isSecure = (forwarded: unknown): boolean => config.tls !== null || (config.trustProxy && forwarded === "https");
  const admit = limitPerAddress(config);
  const polls = createPolls(connections);
  const app = createApp({
    ...shared,
    polls,
    admit: (context) => admit(incoming(context)),
    creation: config.creation,
    addressOf: (context) => addressOf(incoming(context), config.trustProxy),
    isLocal: (context) => isFromHere(incoming(context)),
    connections: () => sockets.size + polls.size,
    metricsToken: config.metricsToken,
    isSecure: (request) => isSecure(request.headers.get("X-Forwarded-Proto")),
    client: await staticClient(config.clientDir),
  });
  const server = await createListener(config, getRequestListener(app.fetch));
  const sockets = attachSockets(server, {
    ...connections,
    admit,
    isSecure: (request) => isSecure(request.headers["x-forwarded-proto"]),
  });
  server.on("clientError", (error: NodeJS.ErrnoException, stream) => {
    const { _httpMessage: begun } = stream as Duplex & { readonly _httpMessage?: ServerResponse };
    if (begun?.headersSent === true || error.code === "ECONNRESET") stream.destroy();
    else answerRaw(stream, NOT_HTTP[error.code ?? ""] ?? "400 Bad Request", config.tls !== null);
  });
  const stopKeeping = keepHouse(shared);
  const port = await listen(server, config);

  return {
    port,
    url: `${config.tls === null ? "http" : "https"}://${isLoopback(config.host) ? "localhost" : config.host}:${port}`,
    sockets,
    async close(timeoutMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Kept-alive connections end as they fall idle, so that nobody waits for their timeout.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      // From the beginning, not after the sockets: whoever sends slowly holds up nobody for longer.
      const late = setTimeout(() => server.closeAllConnections(), timeoutMs);
      polls.close();
      await sockets.drain(timeoutMs);
      await closed;
      clearTimeout(late);
      clearInterval(idle);
      await stopKeeping();
      await shared.fanout.close();
      await storage.close();
    },
  };
}

async function createListener(config: Config, listener: ReturnType<typeof getRequestListener>): Promise<Server> {
  const onRequest = (...[request, response]: Parameters<typeof listener>): void => void listener(request, response);
  if (config.tls === null) return createHttpServer(HTTP_OPTIONS, onRequest);
  const [cert, key] = await Promise.all([readFile(config.tls.cert), readFile(config.tls.key)]);
  return createHttpsServer({ ...HTTP_OPTIONS, cert, key }, onRequest);
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

const incoming = (context: Context): IncomingMessage => (context as Context<{ Bindings: HttpBindings }>).env.incoming;

const isLoopbackAddress = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);

/** A proxy on this machine forwards for others, and says so. */
const isFromHere = (request: IncomingMessage): boolean =>
  isLoopbackAddress(request.socket.remoteAddress ?? "") && request.headers["x-forwarded-for"] === undefined;

function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = request.headers["x-forwarded-for"];
  // The last entry is the one our own proxy wrote; those before it are the client's own words.
  if (trustProxy && typeof forwarded === "string") return forwarded.split(",").at(-1)?.trim() ?? "";
  return request.socket.remoteAddress ?? "";
}

/** Counts connections per address while they last. */
function limitPerAddress(config: Config): (request: IncomingMessage) => (() => void) | null {
  const counts = new Map<string, number>();
  return (request) => {
    const address = addressOf(request, config.trustProxy);
    const count = counts.get(address) ?? 0;
    if (count >= config.maxConnectionsPerAddress && !isLoopbackAddress(address)) return null;
    counts.set(address, count + 1);
    return () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    };
  };
}
