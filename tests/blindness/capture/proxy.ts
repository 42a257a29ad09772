/**
 * A forward proxy between a browser and the sync server that keeps everything that passes: the head and the body of
 * each HTTP request and answer, and each WebSocket message, unmasked and whole. The browser is started with it as its
 * proxy, so addresses and origins stay what they are.
 *
 * Plain HTTP comes as `GET http://localhost:…`; WebSockets come through CONNECT, and their handshake and frames are
 * read out of the tunnel. `change` lets a test put another answer in place of the server's (garbage, a new version).
 */
import { randomBytes } from "node:crypto";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { FrameReader, type Message } from "./frames.ts";

export interface Exchange {
  readonly method: string;
  readonly url: string;
  /** Header lines as they travelled, `name: value`. */
  readonly requestHead: string;
  readonly requestBody: Uint8Array;
  readonly status: number;
  readonly answerHead: string;
  /** As the client sees it, after content encoding. */
  readonly answerBody: Uint8Array;
}

export interface Tunnel {
  readonly to: string;
  /** Handshakes, both ways, as text. */
  readonly heads: string[];
  readonly sent: Message[];
  readonly received: Message[];
  /** Why a direction could not be read (compression, nonsense), if so: a scan must fail on it. */
  readonly faults: string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Uint8Array;
}

export interface CapturingProxy {
  /** For the browser: `http://127.0.0.1:NNNN`. */
  readonly address: string;
  readonly exchanges: readonly Exchange[];
  readonly tunnels: readonly Tunnel[];
  /** Puts `change` between the server's answers and the browser from now on; null for none. */
  readonly setChange: (change: ((url: URL, answer: Answer) => Answer) | null) => void;
  /** Sends messages of random bytes, as long, in place of the server's WebSocket messages; handshakes pass. */
  readonly setGarbage: (on: boolean) => void;
  /** Refuses tunnels, and so WebSockets, as some networks do; plain requests pass. */
  readonly refuseTunnels: () => void;
  readonly close: () => Promise<void>;
}

export async function startCapturingProxy(): Promise<CapturingProxy> {
  const exchanges: Exchange[] = [];
  const tunnels: Tunnel[] = [];
  const sockets = new Set<Socket>();
  let change: ((url: URL, answer: Answer) => Answer) | null = null;
  let garbage = false;
  let refusing = false;

  const server = createServer((request, response) => {
    void forward(request, response, change).then(
      (exchange) => exchanges.push(exchange),
      () => response.destroy(),
    );
  });
  server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const tunnel: Tunnel = { to: request.url ?? "", heads: [], sent: [], received: [], faults: [] };
    tunnels.push(tunnel);
    if (refusing) {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    openTunnel(tunnel, socket, head, (bytes) => (garbage ? randomMessage(bytes.length) : bytes));
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    tunnels,
    setChange: (next) => {
      change = next;
    },
    setGarbage: (on) => {
      garbage = on;
    },
    refuseTunnels: () => {
      refusing = true;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** What is said about the line itself, of which there are two here. */
const OF_ONE_LINE = ["connection", "keep-alive", "proxy-connection"];

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  change: ((url: URL, answer: Answer) => Answer) | null,
): Promise<Exchange> {
  const url = new URL(request.url ?? "");
  const requestBody = await readAll(request);
  // Who changes answers needs whole ones: "304, as before" would leave the change out.
  const headers = without(request.headers, ["host", ...OF_ONE_LINE, ...(change ? ["if-none-match"] : [])]);
  const fromServer = await new Promise<IncomingMessage>((answered, failed) => {
    // A line of its own for each: one that is kept may be shut by the server just as it is used, and who asked for
    // a page would see a broken line.
    const onward = httpRequest(url, {
      method: request.method ?? "GET",
      headers: { ...headers, host: url.host },
      agent: false,
    });
    onward.once("response", answered);
    onward.once("error", failed);
    // Whoever asked has gone: so has the request, and the server hears of it.
    response.once("close", () => onward.destroy());
    onward.end(requestBody);
  });
  const body = decoded(await readAll(fromServer), fromServer.headers["content-encoding"]);
  const plain = without(fromServer.headers, [
    "content-encoding",
    "content-length",
    "transfer-encoding",
    ...OF_ONE_LINE,
  ]);
  const original: Answer = { status: fromServer.statusCode ?? 502, headers: plain, body };
  const answer = change?.(url, original) ?? original;
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
  return {
    method: request.method ?? "",
    url: url.href,
    requestHead: headLines(request.rawHeaders),
    requestBody,
    status: original.status,
    answerHead: headLines(fromServer.rawHeaders),
    answerBody: body,
  };
}

/** @param onWay what becomes of the server's bytes behind the handshake */
function openTunnel(tunnel: Tunnel, client: Socket, head: Buffer, onWay: (bytes: Buffer) => Buffer): void {
  const [host, port] = tunnel.to.split(":");
  const server = connect(Number(port), host === "localhost" ? "127.0.0.1" : host);
  const up = readDirection(tunnel, tunnel.sent, "sent");
  const down = readDirection(tunnel, tunnel.received, "received");
  server.once("connect", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) {
      up(head);
      server.write(head);
    }
    client.on("data", up);
    server.on("data", (bytes: Buffer) => {
      const isHandshake = tunnel.heads.length < 2;
      down(bytes);
      client.write(isHandshake ? bytes : onWay(bytes));
    });
    client.pipe(server);
    server.once("end", () => client.end());
  });
  server.on("error", () => client.destroy());
  client.on("error", () => server.destroy());
  server.on("close", () => client.destroy());
  client.on("close", () => server.destroy());
}

/** A whole binary frame from server to client (unmasked), full of chance. */
function randomMessage(length: number): Buffer {
  const payload = randomBytes(Math.min(Math.max(length, 1), 125));
  return Buffer.concat([Buffer.from([0x82, payload.length]), payload]);
}

/** One direction of a tunnel: the head of the handshake up to the empty line, then frames. */
function readDirection(tunnel: Tunnel, into: Message[], name: string): (bytes: Buffer) => void {
  const frames = new FrameReader();
  let head: Buffer | null = Buffer.alloc(0);
  return (bytes) => {
    let rest: Buffer = bytes;
    if (head) {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const text = head.subarray(0, end).toString("latin1");
      tunnel.heads.push(text);
      if (/^sec-websocket-extensions:.*deflate/im.test(text) && name === "received") {
        tunnel.faults.push("received: the server agreed to compression, the frames can't be read");
      }
      rest = head.subarray(end + 4);
      head = null;
    }
    into.push(...frames.push(rest));
    const fault = frames.fault();
    if (fault && !tunnel.faults.includes(`${name}: ${fault}`)) tunnel.faults.push(`${name}: ${fault}`);
  };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function decoded(body: Buffer, encoding: string | undefined): Buffer {
  if (!encoding || encoding === "identity") return body;
  if (body.length === 0) return body;
  if (encoding === "gzip") return gunzipSync(body);
  if (encoding === "br") return brotliDecompressSync(body);
  throw new Error(`the proxy can't read an answer encoded as ${encoding}`);
}

const without = <T extends Record<string, unknown>>(headers: T, names: readonly string[]): T =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))) as T;

const headLines = (raw: readonly string[]): string =>
  raw.reduce((text, part, i) => text + part + (i % 2 === 0 ? ": " : "\n"), "");
