/**
 * What travels up and what the server keeps: 500 keys of one person alone, and 5,000 notes written without net. The whole
 * client below the page runs here in Node (vault, sync, transport, crypto) against the real server; beside it the stock
 * y-websocket provider and server with the same letters in the clear. Counted is every WebSocket message with its frame.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { appendText } from "../../client/documents/entry.ts";
import { plainToRichText } from "../../client/documents/rich-text.ts";
import { createTransport } from "../../client/transport/transport.ts";
import type { VaultApi } from "../../client/vault/api.ts";
import { createDocument } from "../../client/vault/own-documents.ts";
import type { Pocket } from "../../client/vault/pocket.ts";
import { RECORD_OVERHEAD_BYTES } from "../../protocol/limits.ts";
import { startServer, type TestServer } from "../../tests/browser/harness/server.ts";
import { connectOver } from "../../tests/client/vault/connect-over.ts";
import { CHILD, Device, PICTURES } from "../../tests/client/vault/device.ts";
import { openPage, type } from "../../tests/client/vault/page.ts";
import { liveLife } from "../../tests/realistic/life.ts";
import { lifeOf } from "../../tests/realistic/sizes.ts";
import { startYWebsocket } from "./y-websocket.ts";

const KEYS = 500;
const KEY_MS = 30;
const NOTES = 5_000;
const NOTE_CHARACTERS = 200;
/** Nothing has moved for so long: it is over. */
const QUIET_MS = 4_000;
const LATEST_MS = 600_000;

export interface WireFigures {
  readonly keys500UpBytes: number;
  readonly keys500StoredBytes: number;
  readonly plainKeys500UpBytes: number;
  readonly notes5000UpBytes: number;
  readonly notes5000StoredBytes: number;
  readonly plainNotes5000UpBytes: number;
}

/** Bytes that went up, with two to ten bytes of frame and four of mask for each message. */
class Meter {
  bytes = 0;
  add(message: Uint8Array): void {
    const { length } = message;
    this.bytes += length + 6 + (length < 126 ? 0 : length < 65_536 ? 2 : 8);
  }
}

function openMetered(meter: Meter) {
  return (url: string, protocol: string): globalThis.WebSocket => {
    const socket = new globalThis.WebSocket(url, protocol);
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      meter.add(data as Uint8Array);
      send(data);
    };
    return socket;
  };
}

export async function measureWire(): Promise<WireFigures> {
  const letters = textOf(KEYS);
  const notes = Array.from({ length: NOTES }, (_, at) => textOf(NOTE_CHARACTERS, at));
  const keys = await ourKeys(letters);
  const ours = await ourNotes(notes);
  return {
    keys500UpBytes: keys.up,
    keys500StoredBytes: keys.stored,
    plainKeys500UpBytes: await plainBytes(async (doc) => {
      const text = doc.getText("text");
      for (const letter of letters) {
        text.insert(text.length, letter);
        await sleep(KEY_MS);
      }
    }),
    notes5000UpBytes: ours.up,
    notes5000StoredBytes: ours.stored,
    plainNotes5000UpBytes: await plainBytes(async (doc) => {
      const all = doc.getMap<Y.Text>("notes");
      for (const [at, note] of notes.entries()) all.set(`note-${at}`, new Y.Text(note));
    }),
  };
}

interface Cost {
  readonly up: number;
  readonly stored: number;
}

async function ourKeys(letters: string): Promise<Cost> {
  return withServer(async (server, meter, device) => {
    const vault = device.start();
    await vault.createPocket(CHILD);
    const document = await vault.createDocument("entry");
    const page = await openPage(vault, document);
    await allSent(vault, meter);
    const before = { up: meter.bytes, stored: storedBytes(server) };
    for (const letter of letters) {
      type(page, letter);
      await sleep(KEY_MS);
    }
    await allSent(vault, meter);
    page.close();
    return { up: meter.bytes - before.up, stored: storedBytes(server) - before.stored };
  });
}

async function ourNotes(notes: readonly string[]): Promise<Cost> {
  return withServer(async (server, meter, device) => {
    const online = device.connect;
    const opened: Pocket[] = [];
    const offline = await Device.create();
    device.connect = async (pocket) => {
      opened.push(pocket);
      return offline.connect(pocket);
    };
    const id = await device.start().createPocket(CHILD);
    const [pocket] = opened;
    if (pocket === undefined) throw new Error("no pocket was opened");
    for (const note of notes) {
      await createDocument(pocket, "entry", (doc) => appendText(doc, plainToRichText(note)));
    }
    device.connect = online;
    const vault = device.start();
    await vault.unlock(id, PICTURES);
    await allSent(vault, meter);
    return { up: meter.bytes, stored: storedBytes(server) };
  });
}

async function withServer(work: (server: TestServer, meter: Meter, device: Device) => Promise<Cost>): Promise<Cost> {
  const server = await startServer();
  const meter = new Meter();
  const device = await Device.create();
  const transport = createTransport(server.origin, { openSocket: openMetered(meter) });
  connectOver(device, transport);
  try {
    return await work(server, meter, device);
  } finally {
    for (const stop of device.stops) await stop();
    await server.remove();
  }
}

/** Waits until the server has acknowledged everything and nothing more goes up. */
async function allSent(vault: VaultApi, meter: Meter): Promise<void> {
  const latest = Date.now() + LATEST_MS;
  let last = -1;
  let since = Date.now();
  while (Date.now() < latest) {
    const { unsent, connection } = await vault.syncState();
    if (unsent > 0 || connection !== "on" || meter.bytes !== last) since = Date.now();
    last = meter.bytes;
    if (Date.now() - since > QUIET_MS) return;
    await sleep(100);
  }
  throw new Error("not everything was sent");
}

function storedBytes({ dataDir }: TestServer): number {
  const database = new DatabaseSync(join(dataDir, "lomme.sqlite"), { readOnly: true });
  try {
    const row = database.prepare("SELECT count(*) AS records, total(length(sealed)) AS bytes FROM records").get();
    return Number(row?.bytes) + Number(row?.records) * RECORD_OVERHEAD_BYTES;
  } finally {
    database.close();
  }
}

async function plainBytes(write: (doc: Y.Doc) => Promise<void>): Promise<number> {
  const server = await startYWebsocket();
  const meter = new Meter();
  class Metered extends WebSocket {
    override send(data: Uint8Array): void {
      meter.add(data);
      super.send(data);
    }
  }
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(server.url, "bench", doc, {
    WebSocketPolyfill: Metered as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  try {
    await new Promise<void>((synced) => provider.once("sync", () => synced()));
    const before = meter.bytes;
    await write(doc);
    for (let last = -1; last !== meter.bytes; await sleep(1_000)) last = meter.bytes;
    return meter.bytes - before;
  } finally {
    provider.destroy();
    doc.destroy();
    server.stop();
  }
}

const life = [...liveLife(lifeOf(2_000))].map(({ paragraphs }) => paragraphs.join(" "));

/** So many characters of what children write. */
function textOf(characters: number, from = 0): string {
  let text = "";
  for (let at = from; text.length < characters; at++) text += `${life[at % life.length]} `;
  return text.slice(0, characters);
}
