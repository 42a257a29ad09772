/**
 * y-websocket's bundled server and Hocuspocus, plaintext and in memory, spoken to in their own protocols over plain
 * sockets, so that the bench's clients cost the same for everybody.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { type Client, type Contender, openSocket, type Prepared, type Running, startProcess } from "./contender.ts";
import { appendCharacters } from "./text.ts";

const SYNC = 0;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

interface Dialect {
  readonly name: "yWebsocket" | "hocuspocus";
  start(): Promise<Running>;
  url(server: Running, document: string): string;
  /** Before anything else; resolves when updates may be sent. */
  greet(send: (frame: Uint8Array) => void, document: string): void;
  /** What stands before a sync message. */
  writeHead(encoder: encoding.Encoder, document: string): void;
  /** True when a sync message follows. */
  readHead(decoder: decoding.Decoder): boolean;
}

/** Both are dependencies of the bench alone. @throws when they aren't installed, which fails the command */
const { resolve } = createRequire(import.meta.url);

let port = 21_000 + (process.pid % 20_000);

const yWebsocketDialect: Dialect = {
  name: "yWebsocket",
  start() {
    const module = resolve("y-websocket-2/package.json");
    const here = String(++port);
    return startProcess([join(dirname(module), "bin/server.cjs")], { HOST: "127.0.0.1", PORT: here }, (output) =>
      output.includes("running at") ? `ws://127.0.0.1:${here}` : null,
    );
  },
  url: (server, document) => `${server.url}/${document}`,
  greet: () => {},
  writeHead: (encoder) => encoding.writeVarUint(encoder, SYNC),
  readHead: (decoder) => decoding.readVarUint(decoder) === SYNC,
};

const HOCUSPOCUS_AUTH = 2;
const hocuspocusDialect: Dialect = {
  name: "hocuspocus",
  start() {
    const here = String(++port);
    const script = fileURLToPath(new URL("hocuspocus.mjs", import.meta.url));
    return startProcess([script, resolve("@hocuspocus/server")], { PORT: here }, (output) =>
      output.includes("ready") ? `ws://127.0.0.1:${here}` : null,
    );
  },
  url: (server) => server.url,
  greet(send, document) {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, document);
    encoding.writeVarUint(encoder, HOCUSPOCUS_AUTH);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, "token");
    send(encoding.toUint8Array(encoder));
  },
  writeHead(encoder, document) {
    encoding.writeVarString(encoder, document);
    encoding.writeVarUint(encoder, SYNC);
  },
  readHead(decoder) {
    decoding.readVarString(decoder);
    return decoding.readVarUint(decoder) === SYNC;
  },
};

function createPeer(dialect: Dialect): Contender {
  const syncFrame = (document: string, type: number, body: Uint8Array): Uint8Array => {
    const encoder = encoding.createEncoder();
    dialect.writeHead(encoder, document);
    encoding.writeVarUint(encoder, type);
    encoding.writeVarUint8Array(encoder, body);
    return encoding.toUint8Array(encoder);
  };

  /** Joined when the server has answered the first step with the second. */
  async function join(server: Running, document: string, doc = new Y.Doc()): Promise<Client> {
    const socket = await openSocket(dialect.url(server, document));
    const client: Client = { socket, onBody: () => {}, onAck: () => {}, received: 0 };
    const joined = new Promise<void>((resolve) => {
      socket.on("message", (data: Buffer) => {
        client.received += data.length;
        const decoder = decoding.createDecoder(data);
        if (!dialect.readHead(decoder)) return;
        const type = decoding.readVarUint(decoder);
        const body = decoding.readVarUint8Array(decoder);
        if (type === UPDATE) client.onBody(body);
        else if (type === STEP_2) {
          Y.applyUpdate(doc, body);
          resolve();
        }
      });
    });
    dialect.greet((frame) => socket.send(frame), document);
    socket.send(syncFrame(document, STEP_1, Y.encodeStateVector(doc)));
    await joined;
    return client;
  }

  const newName = (): string => `document-${crypto.randomUUID()}`;
  return {
    name: dialect.name,
    acknowledges: false,
    start: () => dialect.start(),
    createDocuments: async (_, count) => Array.from({ length: count }, newName),
    join,
    prepare(documents, clients, count) {
      const texts = Array.from({ length: clients }, () => appendCharacters(Math.ceil(count / clients)));
      return Array.from({ length: count }, (_, i): Prepared => {
        const client = i % clients;
        const body = texts[client]?.[Math.floor(i / clients)] as Uint8Array;
        return { client, body, frame: syncFrame(documents[client % documents.length] as string, UPDATE, body) };
      });
    },
    // A peer may merge several updates into one (Hocuspocus does), so clocks are compared, not bytes.
    expect(bodies) {
      const clocks = new Map<number, number>();
      const wanted = new Map<number, number>();
      for (const body of bodies) for (const [client, to] of Y.parseUpdateMeta(body).to) wanted.set(client, to);
      return (body) => {
        let settled = 0;
        for (const [client, to] of Y.parseUpdateMeta(body).to) {
          const seen = clocks.get(client) ?? 0;
          if (to <= seen || to > (wanted.get(client) ?? 0)) continue;
          clocks.set(client, to);
          settled += to - seen;
        }
        return settled;
      };
    },
    async write(server, characters) {
      const document = newName();
      const client = await join(server, document);
      // Somebody else stays in, so that the document stays in memory; all of it has arrived when they have heard it.
      const other = await join(server, document);
      const updates = appendCharacters(characters);
      const settle = this.expect(updates);
      let missing = characters;
      const arrived = new Promise<void>((resolve) => {
        other.onBody = (body) => {
          missing -= settle(body);
          if (missing === 0) resolve();
        };
      });
      for (const update of updates) client.socket.send(syncFrame(document, UPDATE, update));
      await arrived;
      client.socket.terminate();
      return document;
    },
    async catchUp(server, document) {
      const doc = new Y.Doc();
      const client = await join(server, document, doc);
      client.socket.terminate();
      return { text: doc.getText("text").toString(), bytes: client.received };
    },
  };
}

export const peers: readonly Contender[] = [createPeer(yWebsocketDialect), createPeer(hocuspocusDialect)];
