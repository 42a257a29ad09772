import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type WebSocket as ServerSocket, WebSocketServer } from "ws";
import { createTransport } from "../../../client/transport/transport.ts";
import type { Wire } from "../../../client/vault/ports.ts";
import { decodeClientFrame, decodeClientFrames, encodeServerFrame } from "../../../protocol/codec.ts";
import type { DocumentTag, ServerFrame, ServerId, SpaceId } from "../../../protocol/frames.ts";

const tag = "44".repeat(16) as DocumentTag;
const welcome: ServerFrame = {
  type: "welcome",
  protocol: 3,
  server: "ab".repeat(16) as ServerId,
  incarnation: "cd".repeat(16),
  nonce: new Uint8Array(32).fill(7),
};

/** What the wire told, as one list, and a promise for the next thing told. */
function listen() {
  const told: unknown[] = [];
  let wake = (): void => {};
  const tell = (what: unknown): void => {
    told.push(what);
    wake();
  };
  return {
    told,
    events: {
      opened: () => tell("opened"),
      frame: (frame: ServerFrame) => tell(frame),
      closed: (code: number) => tell(code),
    },
    until: async (count: number) => {
      while (told.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return told;
    },
  };
}

describe("wire, over a real WebSocket", () => {
  let server: WebSocketServer;
  let base: string;
  let wire: Wire | null = null;
  let subprotocol: string | false = "lomme.3";

  beforeEach(async () => {
    subprotocol = "lomme.3";
    server = new WebSocketServer({ port: 0, host: "127.0.0.1", path: "/sync", handleProtocols: () => subprotocol });
    await once(server, "listening");
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    wire?.close();
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  const connect = async () => {
    const ear = listen();
    const accepted = once(server, "connection") as Promise<[ServerSocket]>;
    wire = createTransport(base).connect(ear.events);
    const [socket] = await accepted;
    await ear.until(1);
    return { ear, socket, wire };
  };

  it("sends and receives frames as bytes", async () => {
    const { ear, socket, wire } = await connect();
    const received = once(socket, "message");
    wire.send({ type: "hello", protocol: 3 });
    const [data, binary] = (await received) as [Buffer, boolean];
    expect(binary).toBe(true);
    expect(decodeClientFrame(new Uint8Array(data))).toEqual({ type: "hello", protocol: 3 });
    socket.send(encodeServerFrame(welcome));
    expect(await ear.until(2)).toEqual(["opened", welcome]);
  });

  it("sends what one turn has to say as one message, and takes many frames from one, in order", async () => {
    const { ear, socket, wire } = await connect();
    const messages: Uint8Array[] = [];
    socket.on("message", (data: Buffer) => messages.push(new Uint8Array(data)));
    const spaces = ["11", "22", "33"].map((byte) => byte.repeat(16) as SpaceId);
    for (const space of spaces) wire.send({ type: "close", space });
    const large = {
      type: "ephemeral",
      space: spaces[0] as SpaceId,
      document: tag,
      bytes: new Uint8Array(4_000),
    } as const;
    for (let i = 0; i < 66; i++) wire.send(large); // more than one message may hold
    await expect.poll(() => messages.flatMap(decodeClientFrames).length).toBe(69);
    expect(messages.length).toBe(2);
    expect(messages.flatMap(decodeClientFrames).slice(0, 4)).toEqual([
      ...spaces.map((space) => ({ type: "close", space })),
      large,
    ]);
    socket.send(Buffer.concat([encodeServerFrame(welcome), encodeServerFrame({ type: "done", request: 7 })]));
    expect(await ear.until(3)).toEqual(["opened", welcome, { type: "done", request: 7 }]);
  });

  it("hands on the server's close code, once", async () => {
    const { ear, socket } = await connect();
    socket.close(4502);
    expect(await ear.until(2)).toEqual(["opened", 4502]);
  });

  it("drops what is sent after the end, and tells of its own closing once", async () => {
    const { ear, wire } = await connect();
    wire.close();
    wire.close();
    wire.send({ type: "hello", protocol: 3 });
    expect(await ear.until(2)).toEqual(["opened", 1000]);
  });

  it.each([
    ["garbage", Uint8Array.of(1, 2, 3), 4400],
    ["nothing", new Uint8Array(), 4400],
    ["a frame with a byte left over", Uint8Array.of(...encodeServerFrame(welcome), 0), 4400],
    ["text", "hello", 1003],
  ])("ends on %s without telling a frame", async (_, data, code) => {
    const { ear, socket } = await connect();
    socket.send(data);
    socket.send(encodeServerFrame(welcome));
    expect(await ear.until(2)).toEqual(["opened", code]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ear.told).toHaveLength(2);
  });

  it("does not speak with a server that doesn't echo the subprotocol", async () => {
    subprotocol = false;
    const ear = listen();
    wire = createTransport(base).connect(ear.events);
    const [code] = await ear.until(1);
    // Node's WebSocket refuses the handshake by itself, a browser leaves it to us.
    expect([1006, 4406]).toContain(code);
    expect(ear.told).not.toContain("opened");
  });

  it("tells 1006 when nobody answers, and when the address is none", async () => {
    const nobody = listen();
    createTransport("http://127.0.0.1:1").connect(nobody.events);
    expect(await nobody.until(1)).toEqual([1006]);
    const none = listen();
    createTransport("no address").connect(none.events);
    expect(await none.until(1)).toEqual([1006]);
  });
});
