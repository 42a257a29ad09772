/** The server as a process: what it prints, how it stops, and what a real socket may do to it. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { decodeServerFrames, encodeClientFrame } from "../../protocol/codec.ts";
import { paths } from "../../protocol/http.ts";
import { MAX_FRAME_BYTES, PROTOCOL_VERSION, SUBPROTOCOL } from "../../protocol/limits.ts";
import { createCertificate } from "./certificate.ts";
import { type ChildServer, connectSocket, createSpaceOver, NODE, startChild } from "./child.ts";
import { newRecord } from "./made-up.ts";

let directory: string;
let server: ChildServer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lomme-main-"));
  server = await startChild(join(directory, "data"));
});
afterAll(async () => {
  await server.kill("SIGKILL");
  await rm(directory, { recursive: true });
});

test("it says where it listens and that anybody may create spaces", async () => {
  expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
  await expect.poll(() => server.output()).toContain("open creation");
});

test("a second one on the same data says why it doesn't start", async () => {
  await expect(startChild(join(directory, "data"))).rejects.toThrow("another server is running");
});

test.each([
  [{ PORT: "eighty" }, "PORT must be a whole number"],
  [{ CREATION: "maybe" }, "CREATION must be one of: open, token."],
  [{ TLS_CERT: "cert.pem" }, "TLS_CERT and TLS_KEY must be given together."],
])("a setting that can't be meant is refused in one line: %o", (env, sentence) => {
  const run = spawnSync(NODE, ["sync-server/main.ts"], {
    env: { PATH: process.env.PATH, DATA_DIR: join(directory, "other"), ...env },
    encoding: "utf8",
  });
  expect(run.status).toBe(1);
  expect(run.stderr.trim().split("\n")).toEqual([expect.stringContaining(sentence)]);
});

test("two devices over real sockets", async () => {
  const { space, keys } = await createSpaceOver(server.url);
  const [one, two] = [await connectSocket(server.url), await connectSocket(server.url)];
  for (const client of [one, two]) {
    await client.hello();
    expect(await client.open(space, keys)).toMatchObject({ type: "opened", head: 0 });
    expect(await client.ask({ type: "pull", space, after: 0 })).toMatchObject({ type: "page", more: false });
  }
  const heard = new Promise((resolve) => two.onFrame((frame) => frame.type === "live" && resolve(frame)));
  const record = newRecord({ size: 200_000 });
  expect(await one.ask({ type: "append", space, record })).toMatchObject({ type: "ack", seq: 1 });
  expect(await heard).toEqual({ type: "live", space, record: { seq: 1, ...record } });
  one.socket.close();
  two.socket.close();
});

describe("a socket that misbehaves", () => {
  /** Opens the upgrade by hand, so that any bytes can follow. */
  async function rawSocket(head: string[] = []): Promise<{ socket: Socket; answer: string; ended: Promise<Buffer> }> {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname === "localhost" ? "127.0.0.1" : hostname);
    const lines = [
      "GET /sync HTTP/1.1",
      "Host: localhost",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      ...(head.length > 0 ? head : ["Sec-WebSocket-Protocol: lomme.3"]),
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    const answer = await new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString())));
    const parts: Buffer[] = [];
    socket.on("data", (data: Buffer) => parts.push(data));
    socket.on("error", () => {});
    const ended = new Promise<Buffer>((resolve) => socket.on("close", () => resolve(Buffer.concat(parts))));
    return { socket, answer, ended };
  }
  const masked = (first: number, payload: Buffer): Buffer => {
    const length =
      payload.length < 126 ? [0x80 | payload.length] : [0x80 | 127, 0, 0, 0, 0, ...sizeBytes(payload.length)];
    return Buffer.concat([Buffer.of(first, ...length, 0, 0, 0, 0), payload]);
  };
  const sizeBytes = (size: number): number[] => [24, 16, 8, 0].map((shift) => (size >>> shift) & 255);
  const closeCode = (data: Buffer): number => data.readUInt16BE(data.lastIndexOf(0x88) + 2);

  test("is refused without our subprotocol, or at another address", async () => {
    expect((await rawSocket(["Sec-WebSocket-Protocol: other"])).answer).toContain("400 Bad Request");
    expect((await fetch(`${server.url}/sync`)).headers.get("upgrade")).toBeNull();
  });

  test("what is refused before it is a request carries the security headers too", async () => {
    const { port } = new URL(server.url);
    const say = async (lines: readonly string[]): Promise<string> => {
      const socket = connect(Number(port), "127.0.0.1");
      let said = "";
      socket.on("data", (data) => {
        said += data;
      });
      socket.write(`${lines.join("\r\n")}\r\n\r\n`);
      await new Promise((resolve) => socket.on("close", resolve));
      return said.toLowerCase();
    };
    const upgrade = ["Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const key = `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`;
    const ours = `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`;
    const answers = {
      400: await say(["GET /sync HTTP/1.1", ...upgrade, key, "Sec-WebSocket-Protocol: other"]),
      404: await say(["GET /elsewhere HTTP/1.1", ...upgrade, key, ours]),
      "400 ": await say(["GET /sync HTTP/1.1", ...upgrade, "Sec-WebSocket-Key: short", ours]),
      "400 b": await say(["no HTTP at all"]),
      431: await say(["GET / HTTP/1.1", "Host: x", `X-Long: ${"x".repeat(20_000)}`]),
    };
    for (const [status, answer] of Object.entries(answers)) {
      expect(answer, status).toContain(`http/1.1 ${status}`);
      expect(answer, status).toContain("content-security-policy: default-src 'none'; ");
      for (const header of ["cross-origin-opener-policy", "x-content-type-options", "permissions-policy", "referrer"]) {
        expect(answer, status).toContain(header);
      }
      expect(answer, status).not.toContain("strict-transport-security");
    }
  });

  test("text is closed with 1003, a frame too big with 1009, garbage with 4400", async () => {
    const text = await rawSocket();
    text.socket.write(masked(0x81, Buffer.from("hello")));
    expect(closeCode(await text.ended)).toBe(1003);
    const big = await rawSocket();
    big.socket.write(masked(0x82, Buffer.alloc(MAX_FRAME_BYTES + 1)));
    expect(closeCode(await big.ended)).toBe(1009);
    const garbage = await rawSocket();
    garbage.socket.write(masked(0x82, randomBytes(50)));
    expect(closeCode(await garbage.ended)).toBe(4400);
  }, 12_000);

  test("one byte per fragment, or ping upon ping, ends soon", async () => {
    const crumbs = await rawSocket();
    crumbs.socket.write(Buffer.concat([masked(0x02, Buffer.of(1)), ...Array(3000).fill(masked(0x00, Buffer.of(0)))]));
    expect([1008, 1009]).toContain(closeCode(await crumbs.ended));
    const pings = await rawSocket();
    pings.socket.write(Buffer.concat(Array(200).fill(masked(0x89, Buffer.of(1)))));
    expect(closeCode(await pings.ended)).toBe(4502);
  }, 12_000);

  test("one that proves nothing is closed after five seconds", async () => {
    const started = Date.now();
    const idle = await rawSocket();
    expect(closeCode(await idle.ended)).toBe(4501);
    expect(Date.now() - started).toBeGreaterThan(4900);
    expect(Date.now() - started).toBeLessThan(8500);
  }, 12_000);
});

test("on SIGTERM it answers what is under way, tells its clients to come back, and ends", async () => {
  const other = await startChild(join(directory, "stopping"));
  const { space, keys } = await createSpaceOver(other.url);
  const client = await connectSocket(other.url);
  await client.hello();
  await client.open(space, keys);
  const acks = Array.from({ length: 200 }, () => client.ask({ type: "append", space, record: newRecord() }));
  await acks[0];
  const code = await other.kill("SIGTERM");
  expect(code).toBe(0);
  const settled = await Promise.allSettled(acks);
  const acked = settled.filter((one) => one.status === "fulfilled").length;
  expect((await client.closed).code).toBe(1001);
  const again = await startChild(join(directory, "stopping"));
  const reader = await connectSocket(again.url);
  await reader.hello();
  const opened = await reader.open(space, keys);
  expect(opened.type === "opened" && opened.head).toBeGreaterThanOrEqual(acked);
  await again.kill("SIGKILL");
}, 15_000);

test("on SIGTERM it is gone within ten seconds, though somebody sends slowly", async () => {
  const other = await startChild(join(directory, "held-up"));
  const slow = connect(Number(new URL(other.url).port), "127.0.0.1");
  slow.on("error", () => undefined);
  slow.write("POST /api/spaces HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nhalf");
  const crumbs = setInterval(() => slow.write("x"), 200);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const started = Date.now();
  const code = await other.kill("SIGTERM");
  const seconds = (Date.now() - started) / 1000;
  clearInterval(crumbs);
  slow.destroy();
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(10);
}, 30_000);

test("with a certificate it speaks TLS, over HTTP and WebSocket, and tells browsers to stay there", async () => {
  const { cert, key } = createCertificate();
  const [TLS_CERT, TLS_KEY] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  await writeFile(TLS_CERT, cert);
  await writeFile(TLS_KEY, key);
  const other = await startChild(join(directory, "tls"), { TLS_CERT, TLS_KEY });
  expect(other.url).toMatch(/^https:/);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${other.url}/health`, { ca: cert }, resolve).on("error", reject);
  });
  answer.resume();
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["strict-transport-security"]).toMatch(/max-age=\d{8}/);
  const socket = new WebSocket(other.url.replace("https", "wss") + paths.sync, SUBPROTOCOL, { ca: cert });
  socket.on("open", () => socket.send(encodeClientFrame({ type: "hello", protocol: PROTOCOL_VERSION })));
  const [welcome] = await once(socket, "message");
  expect(decodeServerFrames(welcome as Buffer)).toMatchObject([{ type: "welcome" }]);
  socket.terminate();
  await other.kill("SIGKILL");
});

test("its log says nothing about anybody", async () => {
  const output = server.output();
  expect(output).not.toMatch(/[0-9a-f]{32}|127\.0\.0\.1|::1/);
});
