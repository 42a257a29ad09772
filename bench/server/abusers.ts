/**
 * A crowd of bad clients, as a process of its own: stalled readers, fragments of one byte, endless pings, sockets that
 * prove nothing, malformed and text messages, uploads that never end. Whoever is thrown out comes back.
 *
 * `node bench/server/abusers.ts <url>` says "ready" when the crowd is in full swing, then each second how much it has
 * done so far, as one line of JSON, and goes on until it is killed.
 */
import { randomBytes } from "node:crypto";
import { connect as connectTcp, type Socket } from "node:net";
import { WebSocket } from "ws";
import { randomId } from "../../crypto/ids.ts";
import type { BlobId, DocumentTag, SpaceId } from "../../crypto/types.ts";
import { paths } from "../../protocol/http.ts";
import { SUBPROTOCOL } from "../../protocol/limits.ts";
import type { Running } from "./contender.ts";
import { connect, createSpace, Writer } from "./ours.ts";

const STALLED = 200;
const EACH = 10;
const SLOW = 50;
/** Between two acts of one of them. */
const ACT_MS = 20;
/** Whoever was thrown out comes back after this: some 300 new connections a second from the whole crowd. */
const AGAIN_MS = 250;

const url = process.argv[2] ?? "";
const server = { url } as Running;
const { hostname, port } = new URL(url);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const done = { connections: 0, messages: 0, pieces: 0, pings: 0, records: 0, uploads: 0 };

/** Keeps `attack` going: when its socket is closed, it begins again. */
function forever(attack: (socket: WebSocket) => void): void {
  const socket = new WebSocket(url.replace("http", "ws") + paths.sync, SUBPROTOCOL, { perMessageDeflate: false });
  done.connections++;
  const tick = setInterval(() => {
    if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < 1_000_000) attack(socket);
  }, ACT_MS);
  socket.on("error", () => undefined);
  socket.on("close", () => {
    clearInterval(tick);
    setTimeout(() => forever(attack), AGAIN_MS);
  });
}

/** A masked continuation of one byte after another: a message that doesn't end. */
function fragments(): void {
  const key = randomBytes(16).toString("base64");
  const socket = connectTcp(Number(port), hostname === "localhost" ? "127.0.0.1" : hostname);
  socket.write(
    `GET ${paths.sync} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
  );
  const piece = Buffer.from([0x00, 0x81, 0, 0, 0, 0, 7]);
  let isFirst = true;
  done.connections++;
  const tick = setInterval(() => {
    if (isFirst) socket.write(Buffer.from([0x02, 0x81, 0, 0, 0, 0, 7]));
    isFirst = false;
    socket.write(Buffer.concat(Array.from({ length: 200 }, () => piece)));
    done.pieces += 200;
  }, ACT_MS);
  again(socket, () => clearInterval(tick), fragments);
}

function slowUpload(): void {
  const path = paths.blobChunk(randomId<SpaceId>(), randomId<BlobId>(), 0);
  const socket = connectTcp(Number(port), hostname === "localhost" ? "127.0.0.1" : hostname);
  done.uploads++;
  socket.write(`PUT ${path} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 130000\r\n\r\n`);
  const tick = setInterval(() => socket.write(randomBytes(1)), 100);
  again(socket, () => clearInterval(tick), slowUpload);
}

function again(socket: Socket, stop: () => void, attack: () => void): void {
  socket.resume();
  socket.on("error", () => undefined);
  socket.on("close", () => {
    stop();
    setTimeout(attack, AGAIN_MS);
  });
}

const space = await createSpace(server);
const writer = await connect(server, space);
/** Opens the space, is live, and then takes nothing more off its line. */
async function stalledReader(): Promise<void> {
  done.connections++;
  const reader = await connect(server, space);
  const request = 2;
  await reader.ask({ type: "pull", request, space, after: 0 });
  reader.socket.pause();
  reader.socket.on("error", () => undefined);
  reader.socket.on("close", () => setTimeout(() => void stalledReader().catch(() => undefined), AGAIN_MS));
}
for (let i = 0; i < STALLED; i++) await stalledReader();

function pings(socket: WebSocket, count: number): void {
  for (let n = 0; n < count; n++) socket.ping();
  done.pings += count;
}
function message(socket: WebSocket, data: Buffer | string): void {
  socket.send(data);
  done.messages++;
}
for (let i = 0; i < EACH; i++) {
  forever((socket) => pings(socket, 1));
  forever((socket) => pings(socket, 50));
  forever(() => undefined);
  forever((socket) => message(socket, randomBytes(100)));
  forever((socket) => message(socket, Buffer.alloc(300_000)));
  forever((socket) => message(socket, "text"));
  fragments();
}
for (let i = 0; i < SLOW; i++) slowUpload();
console.log("ready");
setInterval(() => console.log(JSON.stringify(done)), 1000);

// What the stalled readers don't take: 5 MB for each of them in the first second, and more after it.
const chain = new Writer();
for (let request = 1000; ; request++) {
  const record = chain.write(space, randomId<DocumentTag>(), "update", randomBytes(100_000));
  await writer.ask({ type: "append", request, space, record });
  done.records++;
  await sleep(20);
}
