/** The wire where WebSockets are blocked, against the real server: the same frames, and back to a socket when it goes. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createTransport, type Platform } from "../../../client/transport/transport.ts";
import type { Clock, Wire } from "../../../client/vault/ports.ts";
import type { ClientFrame, ServerFrame } from "../../../protocol/frames.ts";
import { paths } from "../../../protocol/http.ts";
import { attachSockets } from "../../../sync-server/socket.ts";
import { newRecord, proveRight } from "../../sync-server/made-up.ts";
import { startNode, type TestNode } from "../../sync-server/node.ts";

let node: TestNode;
let server: Server;
let base: string;
let isBlocked = true;
let upgrades = 0;
let polled: string[] = [];
const wires: Wire[] = [];

beforeEach(async () => {
  isBlocked = true;
  upgrades = 0;
  polled = [];
  node = await startNode();
  server = createServer(getRequestListener(node.app.fetch));
  // Asked before the server's own: what is blocked here never reaches it, as behind a proxy.
  const blocked = new WeakSet<Duplex>();
  server.on("upgrade", (_: IncomingMessage, stream: Duplex) => {
    upgrades++;
    if (!isBlocked) return;
    blocked.add(stream);
    stream.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  const open = {
    on: (_: "upgrade", take: (request: IncomingMessage, stream: Duplex, head: Buffer) => void) =>
      server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
        if (!blocked.has(stream)) take(request, stream, head);
      }),
  } as unknown as Server;
  attachSockets(open, {
    ...node,
    createNonce: () => crypto.getRandomValues(new Uint8Array(32)),
    maxConnections: 10,
    admit: () => () => {},
    isSecure: () => false,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const wire of wires.splice(0)) wire.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(node.failures).toEqual([]);
  await node.stop();
});

/** Real time that can be put ahead. */
function createClock() {
  let ahead = 0;
  const due = new Set<() => void>();
  const clock: Clock = {
    now: () => Date.now() + ahead,
    after(ms, call) {
      const at = clock.now() + ms;
      const look = (): void => {
        clearTimeout(timer);
        if (clock.now() < at) timer = setTimeout(look, at - clock.now());
        else {
          due.delete(look);
          call();
        }
      };
      let timer = setTimeout(look, ms);
      due.add(look);
      return () => {
        due.delete(look);
        clearTimeout(timer);
      };
    },
  };
  return {
    clock,
    skip(ms: number) {
      ahead += ms;
      for (const look of [...due]) look();
    },
  };
}

function connect(transport: ReturnType<typeof createTransport>) {
  const told: unknown[] = [];
  const frames: ServerFrame[] = [];
  let wake = (): void => {};
  const wire = transport.connect({
    opened: () => {
      told.push("opened");
      wake();
    },
    frame: (frame) => {
      frames.push(frame);
      wake();
    },
    closed: (code) => {
      told.push(code);
      wake();
    },
  });
  wires.push(wire);
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    wire,
    told,
    frames,
    until,
    async ask(frame: ClientFrame & { readonly request: number }): Promise<ServerFrame> {
      wire.send(frame);
      const isIt = (heard: ServerFrame): boolean => "request" in heard && heard.request === frame.request;
      await until(() => frames.some(isIt));
      return frames.find(isIt) as ServerFrame;
    },
  };
}

const counting = (seen: string[]): Platform["fetch"] => {
  return async (url, init) => {
    seen.push(url);
    return fetch(url, init);
  };
};

async function greeted(client: ReturnType<typeof connect>) {
  await client.until(() => client.told.includes("opened"));
  client.wire.send({ type: "hello", protocol: 3 });
  await client.until(() => client.frames.length > 0);
  const [welcome] = client.frames;
  if (welcome?.type !== "welcome") throw new Error("no welcome");
  return welcome;
}

it("goes on over plain requests where the upgrade is refused: open, pull, append, hear", async () => {
  const { space, keys } = await node.createSpace();
  const transport = createTransport(base, { fetch: counting(polled) });
  const client = connect(transport);
  const { nonce, server: id } = await greeted(client);
  const proof = proveRight(keys.own, { nonce, server: id, space, epoch: 1, right: "own" });
  expect(await client.ask({ type: "open", request: 1, space, epoch: 1, right: "own", proof })).toMatchObject({
    type: "opened",
  });
  expect(await client.ask({ type: "pull", request: 2, space, after: 0 })).toMatchObject({ type: "page", more: false });

  // Many at once, the largest too: all in their order, none twice.
  const records = Array.from({ length: 30 }, (_, i) => newRecord({ size: i % 10 === 0 ? 240_000 : 300 }));
  for (const [i, record] of records.entries()) client.wire.send({ type: "append", request: 10 + i, space, record });
  await client.until(() => client.frames.filter(({ type }) => type === "ack").length === 30);
  const acks = client.frames.filter((frame) => frame.type === "ack");
  expect(acks.map(({ request, seq }) => [request, seq])).toEqual(records.map((_, i) => [10 + i, 1 + i]));

  const other = node.connect();
  await other.openLive(space, keys);
  await other.ask({ type: "append", space, record: newRecord() });
  await client.until(() => client.frames.some(({ type }) => type === "live"));
  expect(client.told).toEqual(["opened"]);
  expect(polled.every((url) => url === base + paths.poll)).toBe(true);
});

it("hands on the server's close code, and ends with its server", async () => {
  const client = connect(createTransport(base));
  await greeted(client);
  client.wire.send({ type: "hello", protocol: 3 }); // twice is a bad frame
  await client.until(() => client.told.length === 2);
  expect(client.told).toEqual(["opened", 4400]);

  const another = connect(createTransport(base));
  await greeted(another);
  await new Promise((resolve) => setTimeout(resolve, 200)); // it listens again
  node.polls.close();
  await another.until(() => another.told.length === 2);
  expect(another.told).toEqual(["opened", 1001]);
});

it("closes once, and listens no more", async () => {
  const client = connect(createTransport(base, { fetch: counting(polled) }));
  await greeted(client);
  client.wire.close();
  client.wire.close();
  client.wire.send({ type: "hello", protocol: 3 });
  const asked = polled.length;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(client.told).toEqual(["opened", 1000]);
  expect(polled.length).toBe(asked);
});

it("knows that sockets are blocked, looks again in growing pauses, and goes back to one when it gets through", async () => {
  const { clock, skip } = createClock();
  const transport = createTransport(base, { clock });
  const first = connect(transport);
  await greeted(first);
  expect(upgrades).toBe(1);
  const second = connect(transport);
  await greeted(second);
  second.wire.close();
  expect(upgrades).toBe(1); // known, so not tried again
  skip(6 * 60_000);
  await expect.poll(() => upgrades).toBe(2);
  skip(6 * 60_000); // The next pause is twice as long.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(upgrades).toBe(2);

  isBlocked = false;
  skip(6 * 60_000);
  await first.until(() => first.told.length === 2);
  expect(first.told).toEqual(["opened", 1000]);
  const third = connect(createTransport(base, { clock, fetch: counting(polled) }));
  await greeted(third);
  expect(polled).toEqual([]);
  const fourth = connect(transport);
  await greeted(fourth);
  expect(upgrades).toBe(5); // the one that got through, and two wires
});

it("knows it still after a moment without any net", async () => {
  let isDown: boolean = false;
  const transport = createTransport(base, {
    fetch: async (url, init) => {
      if (isDown) throw new TypeError("no net");
      return fetch(url, init);
    },
  });
  const before = connect(transport);
  await greeted(before);
  isDown = true;
  before.wire.close();
  const without = connect(transport);
  await without.until(() => without.told.length > 0);
  expect(without.told).toEqual([1006]);
  isDown = false;
  await greeted(connect(transport));
  expect(upgrades).toBe(1);
});

it("doubts a socket that opens and says nothing", async () => {
  const { clock, skip } = createClock();
  let sockets = 0;
  /** A proxy that takes the upgrade and swallows everything. */
  class Silent extends EventTarget {
    readyState = 1;
    readonly protocol = "lomme.3";
    onopen: (() => void) | null = null;
    constructor() {
      super();
      sockets++;
      queueMicrotask(() => this.onopen?.());
    }
    send(): void {}
    close(): void {}
  }
  const openSocket = (): WebSocket => new Silent() as unknown as WebSocket;
  const transport = createTransport(base, { clock, openSocket });
  const silent = connect(transport);
  await silent.until(() => silent.told.length === 1);
  skip(20_000);
  silent.wire.close(); // as the engine does after twenty seconds without a greeting
  const next = connect(transport);
  await greeted(next);
  expect(sockets).toBe(1);
});

it("is without net when nothing answers, and begins with a socket again", async () => {
  const transport = createTransport(base);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  for (let i = 0; i < 2; i++) {
    const client = connect(transport);
    await client.until(() => client.told.length > 0);
    expect(client.told).toEqual([1006]);
  }
  expect(node.polls.size).toBe(0);
});

it("takes a log-in page of the network for no server, and no bad frame", async () => {
  const page = async (): Promise<Response> => new Response("<html>log in</html>", { status: 200 });
  const client = connect(createTransport(base, { fetch: page }));
  await client.until(() => client.told.length > 0);
  expect(client.told).toEqual([1006]);

  let asked = 0;
  const later: Platform["fetch"] = async (url, init) => (++asked > 3 ? page() : fetch(url, init));
  const other = connect(createTransport(base, { fetch: later }));
  await greeted(other);
  other.wire.send({ type: "close", space: "11".repeat(16) as never });
  await other.until(() => other.told.length === 2);
  expect(other.told).toEqual(["opened", 1006]);
});

it("waits and asks again where the server says that it is too early", async () => {
  let refusals = 0;
  const refusing: Platform["fetch"] = async (url, init) => {
    const isUp = init.body instanceof Uint8Array && init.body.length > 2;
    if (isUp && refusals < 2) {
      refusals++;
      return new Response('{"code":"rate-limited","seconds":1}', { status: 429, headers: { "Retry-After": "1" } });
    }
    return fetch(url, init);
  };
  const { clock, skip } = createClock();
  const client = connect(createTransport(base, { clock, fetch: refusing }));
  await client.until(() => client.told.includes("opened"));
  client.wire.send({ type: "hello", protocol: 3 });
  for (let i = 1; i <= 2; i++) {
    await expect.poll(() => refusals).toBe(i);
    await new Promise((resolve) => setTimeout(resolve, 20));
    skip(1_000);
  }
  await client.until(() => client.frames.length > 0);
  expect(client.frames[0]?.type).toBe("welcome");
  expect(client.told).toEqual(["opened"]);
});

/** Open and caught up, over this fetch. */
async function openedOver(fetching: Platform["fetch"], clock?: Clock) {
  const { space, keys } = await node.createSpace();
  const client = connect(createTransport(base, { fetch: fetching, ...(clock && { clock }) }));
  const { nonce, server: id } = await greeted(client);
  const proof = proveRight(keys.own, { nonce, server: id, space, epoch: 1, right: "own" });
  await client.ask({ type: "open", request: 1, space, epoch: 1, right: "own", proof });
  await client.ask({ type: "pull", request: 2, space, after: 0 });
  return { client, space, keys };
}

const isNamed = ({ headers }: RequestInit): boolean => new Headers(headers).has("Authorization");

it("loses nothing and says nothing twice when each request comes twice, as browsers do where a line broke", async () => {
  let again = 0;
  const { client, space } = await openedOver(async (url, init) => {
    if (!isNamed(init)) return fetch(url, init);
    // Its answer is lost, and nobody is told.
    await (await fetch(url, init)).arrayBuffer();
    again++;
    return fetch(url, init);
  });
  for (let i = 0; i < 5; i++) client.wire.send({ type: "append", request: 10 + i, space, record: newRecord() });
  await client.until(() => client.frames.filter(({ type }) => type === "ack").length >= 5);
  expect(client.frames.map(({ type }) => type)).toEqual(["welcome", "opened", "page", ...Array(5).fill("ack")]);
  expect(client.told).toEqual(["opened"]);
  expect(again).toBeGreaterThan(5);
});

it("sends a request again that failed, before the server or behind it; what fails twice is the end", async () => {
  const begun = new Set<string>();
  let isDown: boolean = false;
  const { client, space } = await openedOver(async (url, init) => {
    if (!isNamed(init)) return fetch(url, init);
    const name = Buffer.from(init.body as Uint8Array).toString("hex");
    const once = begun.size % 2 === 0 ? "before" : "behind";
    const failing = isDown ? "before" : begun.has(name) ? null : once;
    begun.add(name);
    if (failing === "before") throw new TypeError("failed");
    const response = await fetch(url, init);
    if (failing === null) return response;
    await response.arrayBuffer();
    throw new TypeError("failed");
  });
  client.wire.send({ type: "append", request: 9, space, record: newRecord() });
  await client.until(() => client.frames.some(({ type }) => type === "ack"));
  expect(client.frames.map(({ type }) => type)).toEqual(["welcome", "opened", "page", "ack"]);
  expect(client.told).toEqual(["opened"]);
  isDown = true;
  client.wire.send({ type: "append", request: 10, space, record: newRecord() });
  await client.until(() => client.told.length === 2);
  expect(client.told).toEqual(["opened", 1006]);
});

it("gives up an answer that stops in its middle, and asks for it again", async () => {
  const { clock, skip } = createClock();
  let stopped = 0;
  const { client, space } = await openedOver(async (url, init) => {
    const response = await fetch(url, init);
    const isAnswer = isNamed(init) && response.status === 200;
    if (!isAnswer || stopped > 0) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    stopped++;
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 2));
        init.signal?.addEventListener("abort", () => controller.error(new Error("aborted")));
        setTimeout(() => skip(21_000));
      },
    });
    return new Response(body, { headers: response.headers });
  }, clock);
  expect(stopped).toBe(1);
  client.wire.send({ type: "append", request: 9, space, record: newRecord() });
  await client.until(() => client.frames.some(({ type }) => type === "ack"));
  expect(client.told).toEqual(["opened"]);
});

it("carries so much up at a time as gets through on a slow line", async () => {
  const sizes: number[] = [];
  const { client, space } = await openedOver(async (url, init) => {
    sizes.push((init.body as Uint8Array).length);
    return fetch(url, init);
  });
  for (let i = 0; i < 12; i++) {
    client.wire.send({
      type: "append",
      request: 10 + i,
      space,
      record: newRecord({ size: i === 3 ? 240_000 : 40_000 }),
    });
  }
  await client.until(() => client.frames.filter(({ type }) => type === "ack").length === 12);
  const large = sizes.filter((size) => size > 132_000);
  expect(large).toHaveLength(1); // one frame that is more by itself
  expect(large[0]).toBeLessThan(250_000);
});
