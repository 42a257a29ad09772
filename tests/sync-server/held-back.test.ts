/**
 * A WebSocket over a line in memory that takes bytes when the test says so: what a channel does when it finds its reader
 * behind, and when that is over.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { Duplex } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeServerFrames, encodeClientFrame, encodeServerFrame } from "../../protocol/codec.ts";
import type { ClientFrame, ServerFrame, SpaceId } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import { SEND_BUFFER_PAUSE_BYTES, SUBPROTOCOL } from "../../protocol/limits.ts";
import { attachSockets, type Sockets } from "../../sync-server/socket.ts";
import { newRecord, proveRight } from "./made-up.ts";
import { startNode, type TestNode } from "./node.ts";

let node: TestNode;
let server: Server;
let sockets: Sockets;
beforeEach(async () => {
  node = await startNode();
  server = createServer();
  sockets = attachSockets(server, {
    ...node,
    createNonce: () => new Uint8Array(32),
    maxConnections: 5,
    admit: () => () => undefined,
    isSecure: () => false,
  });
});
afterEach(async () => {
  await sockets.drain(0);
  expect(node.failures).toEqual([]);
  await node.stop();
});

/** The server's end of a line: what it writes is taken at once, or held until `takes` is true again. */
class Line extends Duplex {
  readonly frames: ServerFrame[] = [];
  #takes: boolean = true;
  #held: (() => void) | null = null;
  #came: Buffer = Buffer.alloc(0);
  #isUpgraded: boolean = false;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const take = (): void => {
      this.#came = Buffer.concat([this.#came, chunk]);
      this.#readMessages();
      done();
    };
    if (this.#takes) take();
    else this.#held = take;
  }

  set takes(takes: boolean) {
    this.#takes = takes;
    const held = this.#held;
    this.#held = null;
    if (takes) held?.();
  }

  /** What a client says, masked with zeros. */
  say(frame: ClientFrame): void {
    const bytes = encodeClientFrame(frame);
    this.push(Buffer.concat([Buffer.of(0x82, 0x80 | 126, bytes.length >> 8, bytes.length & 255, 0, 0, 0, 0), bytes]));
  }

  #readMessages(): void {
    if (!this.#isUpgraded) {
      const end = this.#came.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#isUpgraded = true;
      this.#came = this.#came.subarray(end + 4);
    }
    for (;;) {
      const short = (this.#came[1] ?? 0) & 127;
      const head = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (this.#came.length < head) return;
      const size =
        short === 127 ? Number(this.#came.readBigUInt64BE(2)) : short === 126 ? this.#came.readUInt16BE(2) : short;
      if (this.#came.length < head + size) return;
      if (this.#came[0] === 0x82) this.frames.push(...decodeServerFrames(this.#came.subarray(head, head + size)));
      this.#came = this.#came.subarray(head + size);
    }
  }

  async next<Type extends ServerFrame["type"]>(type: Type): Promise<Extract<ServerFrame, { type: Type }>> {
    const is = (frame: ServerFrame): frame is Extract<ServerFrame, { type: Type }> => frame.type === type;
    await expect.poll(() => this.frames.some(is)).toBe(true);
    return this.frames.find(is) as Extract<ServerFrame, { type: Type }>;
  }
}

async function read(space: SpaceId, keys: Awaited<ReturnType<TestNode["createSpace"]>>["keys"]): Promise<Line> {
  const line = new Line();
  const headers = {
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": Buffer.alloc(16).toString("base64"),
    "sec-websocket-protocol": SUBPROTOCOL,
  };
  server.emit(
    "upgrade",
    { method: "GET", url: paths.sync, headers } as unknown as IncomingMessage,
    line,
    Buffer.alloc(0),
  );
  line.say({ type: "hello", protocol: 3 });
  const { nonce, server: id } = await line.next("welcome");
  const proof = proveRight(keys.own, { nonce, server: id, space, epoch: 1, right: "own" });
  line.say({ type: "open", request: 1, space, epoch: 1, right: "own", proof });
  await line.next("opened");
  line.say({ type: "pull", request: 2, space, after: 0 });
  await line.next("page");
  return line;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test("a reader held back just before its line is free again hears of what it missed, though nothing was paused", async () => {
  const { space, keys } = await node.createSpace();
  const line = await read(space, keys);
  const size = Math.ceil(SEND_BUFFER_PAUSE_BYTES / 4.8);
  const records = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const record = newRecord({ size });
      const { seq } = await node.storage.append({ space, epoch: 1, right: "own" }, record);
      return { seq, frame: encodeServerFrame({ type: "live", space, record: { seq, ...record } }) };
    }),
  );
  const publish = (from: number, to: number): void => {
    for (const record of records.slice(from, to)) node.fanout.publish(space, { type: "record", ...record });
  };

  // Four on the line, which takes nothing: not yet too much, so nothing is paused.
  line.takes = false;
  for (let at = 0; at < 4; at++) {
    publish(at, at + 1);
    for (let turn = 0; turn < 5; turn++) await nextTurn();
  }
  // The fifth waits for its turn; the sixth finds that this is too much. Then the line takes the four, before the fifth goes.
  publish(4, 6);
  line.takes = true;
  await expect
    .poll(() => line.frames.flatMap((frame) => (frame.type === "live" ? [frame.record.seq] : [])))
    .toEqual([1, 2, 3, 4, 5, 6]);
});
