import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { textCanary } from "../canary.ts";
import { createScanner } from "../scan.ts";
import { everythingCaptured } from "./everything.ts";
import { type CapturingProxy, startCapturingProxy } from "./proxy.ts";

const WORD = "blishøne9qzt4w";
let proxy: CapturingProxy;
let port = 0;
let stop: () => void;

beforeEach(async () => {
  const server = createServer((incoming, answer) => {
    incoming.resume().on("end", () => answer.writeHead(201, { "x-kind": "test" }).end(`answer to ${incoming.url}`));
  });
  new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
    socket.on("message", (data) => socket.send(data));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
  stop = () => server.close();
  proxy = await startCapturingProxy();
});
afterEach(async () => {
  await proxy.close();
  stop();
});

/** Asks through the proxy as a browser does: the whole address in the request line. */
async function ask(method: string, path: string, body: string): Promise<{ status: number | undefined; text: string }> {
  const { hostname, port: proxyPort } = new URL(proxy.address);
  const asked = request({ hostname, port: proxyPort, method, path: `http://127.0.0.1:${port}${path}`, agent: false });
  asked.end(body);
  const [answer] = await once(asked, "response");
  let text = "";
  for await (const part of answer) text += part;
  return { status: answer.statusCode, text };
}

async function connectThrough(): Promise<WebSocket> {
  const { hostname, port: proxyPort } = new URL(proxy.address);
  const tunnel = request({ hostname, port: proxyPort, method: "CONNECT", path: `127.0.0.1:${port}`, agent: false });
  tunnel.end();
  const [, socket] = (await once(tunnel, "connect")) as [unknown, Socket];
  const client = new WebSocket(`ws://127.0.0.1:${port}/sync`, {
    createConnection: () => socket,
    perMessageDeflate: false,
  });
  await once(client, "open");
  return client;
}

describe("the capturing proxy", () => {
  it("keeps bodies and heads of requests and answers, and passes them on", async () => {
    expect(await ask("PUT", "/api/spaces/1", `body with ${WORD}`)).toEqual({
      status: 201,
      text: "answer to /api/spaces/1",
    });
    const [exchange] = proxy.exchanges;
    expect(exchange?.method).toBe("PUT");
    expect(Buffer.from(exchange?.requestBody ?? []).toString()).toBe(`body with ${WORD}`);
    expect(Buffer.from(exchange?.answerBody ?? []).toString()).toBe("answer to /api/spaces/1");
    expect(exchange?.answerHead).toContain("x-kind: test");
  });

  it("keeps what travels in a WebSocket, both ways, unmasked and in one piece", async () => {
    const client = await connectThrough();
    client.send(Buffer.from("first half of it, "), { fin: false });
    client.send(Buffer.from(WORD), { fin: true });
    await once(client, "message");
    client.terminate();
    const [tunnel] = proxy.tunnels;
    expect(tunnel?.faults).toEqual([]);
    expect(tunnel?.sent.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([`first half of it, ${WORD}`]);
    expect(tunnel?.received.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([`first half of it, ${WORD}`]);
    expect(tunnel?.heads.join("\n")).toContain("101 Switching Protocols");
  });

  it("gives a scanner everything: a canary in a frame, a body, an address and a header is found", async () => {
    await ask("PUT", "/plain", Buffer.from(WORD, "utf16le").toString("base64"));
    await ask("GET", `/${encodeURIComponent(WORD)}`, "");
    const client = await connectThrough();
    client.send(Buffer.from(WORD).toString("hex"));
    await once(client, "message");
    client.terminate();
    const scanner = createScanner([textCanary(WORD)]);
    const places = [...everythingCaptured(proxy)]
      .flatMap(({ bytes, where }) => scanner.scan(bytes, where))
      .map(({ where }) => where);
    expect(places.some((where) => where.includes("request body of PUT"))).toBe(true);
    expect(places.some((where) => where.includes("address of GET"))).toBe(true);
    expect(places.some((where) => where.includes("sent message 1"))).toBe(true);
    expect(places.some((where) => where.includes("received message 1"))).toBe(true);
  });

  it("can send garbage in place of the server's messages, and stops when told", async () => {
    const client = await connectThrough();
    proxy.setGarbage(true);
    client.send("as it was");
    const [spoilt] = await once(client, "message");
    expect(String(spoilt)).not.toBe("as it was");
    proxy.setGarbage(false);
    client.send("as it was");
    expect(String((await once(client, "message"))[0])).toBe("as it was");
    client.terminate();
  });

  it("can put another answer in place of the server's", async () => {
    proxy.setChange((url, answer) =>
      url.pathname === "/garbage" ? { ...answer, body: Buffer.from("garbage") } : answer,
    );
    expect((await ask("GET", "/garbage", "")).text).toBe("garbage");
    expect((await ask("GET", "/else", "")).text).toBe("answer to /else");
  });
});
