/** What gets lost outside of the vault comes back from it: a server without its data, a damaged page of summaries. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { createTransport } from "../../../client/transport/transport.ts";
import type { Transport } from "../../../client/vault/ports.ts";
import { startServer, type TestServer } from "../../browser/harness/server.ts";
import { connectOver } from "./connect-over.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type Page, type } from "./page.ts";

let server: TestServer | null = null;
const pages: Page[] = [];
const devices: Device[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  for (const device of devices.splice(0)) for (const stop of device.stops.splice(0)) await stop();
  await server?.remove();
  server = null;
});

async function connected(transport: Transport) {
  const device = await Device.create();
  devices.push(device);
  connectOver(device, transport, { random: () => 0 });
  return device;
}

describe("lost and found", () => {
  it("gives a server that lost everything all of the pocket back, inner verbatim", async () => {
    server = await startServer();
    const device = await connected(createTransport(server.origin));
    const vault = device.start();
    await vault.createPocket(CHILD);
    const document = await vault.createDocument("entry");
    const page = await openPage(vault, document);
    pages.push(page);
    type(page, "det første");
    const sent = () => vault.syncState().then(({ connection, unsent }) => connection === "on" && unsent === 0);
    await until(async () => (await vault.timeline("entry"))[0]?.excerpt === "det første");
    await vault.addPhoto(document, new Blob([new Uint8Array(300_000).fill(5)]));
    await until(sent, 15_000);
    const blobsDir = `${server.dataDir}/blobs`;
    const stored = () => {
      if (!existsSync(blobsDir)) return 0;
      return readdirSync(blobsDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile()).length;
    };
    await until(() => stored() > 0, 15_000);
    const chunks = stored();

    await server.stop();
    rmSync(server.dataDir, { recursive: true });
    const before = vault.events.length;
    type(page, " og det andet");
    await vault.seal(0);
    await server.start();
    await until(async () => !(await sent()), 15_000);
    await until(sent, 30_000);

    await until(() => stored() === chunks, 15_000);
    // A screen that shows how far it is (state/sending.ts) hears the numbers, down to none.
    const left = vault.events
      .slice(before)
      .flatMap((event) => (event.type === "sync" && event.state.connection === "on" ? [event.state.unsent] : []));
    expect(Math.max(...left)).toBeGreaterThan(1);
    expect(new Set(left).size).toBeGreaterThan(2);
    expect(left.at(-1)).toBe(0);

    // The server's own store holds both records of the document again.
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(`${server.dataDir}/lomme.sqlite`, { readOnly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const records = tables.find(({ name }) => String(name).includes("record"))?.name;
    const count = database.prepare(`SELECT count(*) AS n FROM ${String(records)}`).get();
    database.close();
    expect(Number(count?.n)).toBeGreaterThanOrEqual(2);
  }, 60_000);

  it("makes the list again when its page is damaged", async () => {
    const device = await Device.create();
    const vault = device.start();
    const pocket = await vault.createPocket(CHILD);
    const document = await vault.createDocument("wish");
    const page = await openPage(vault, document);
    pages.push(page);
    type(page, "en kat");
    await until(async () => (await vault.timeline("wish"))[0]?.excerpt === "en kat");
    await vault.seal(0);

    const store = await device.shelf.openStore(pocket);
    const [row] = await store.range("pages", "");
    if (row === undefined) throw new Error("no page");
    const bytes = row.bytes.slice();
    bytes[100] = (bytes[100] ?? 0) ^ 255;
    await store.commit([{ put: "pages", key: row.key, bytes }]);

    const later = device.start();
    await later.unlock(pocket, PICTURES);
    await until(async () => (await later.timeline("wish"))[0]?.excerpt === "en kat");
    const again = device.start();
    await again.unlock(pocket, PICTURES);
    expect(await again.timeline("wish")).toMatchObject([{ document, excerpt: "en kat" }]);
  });
});
