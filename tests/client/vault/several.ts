/** Several devices of one person, and others, over one real server: what the tests of linking, the card and removal share. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import { createTransport } from "../../../client/transport/transport.ts";
import type { PersonId, VaultApi, VaultEvent } from "../../../client/vault/api.ts";
import type { DrawPicture } from "../../../client/vault/picture.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { startServer, type TestServer } from "../../browser/harness/server.ts";
import { connectOver } from "./connect-over.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type Page, type } from "./page.ts";

let server: TestServer;
export const pages: Page[] = [];
const devices: Device[] = [];

export async function startWorld(): Promise<TestServer> {
  server = await startServer();
  return server;
}

export async function endWorld(): Promise<void> {
  for (const page of pages.splice(0)) page.close();
  for (const device of devices.splice(0)) for (const stop of device.stops.splice(0)) await stop();
  await server.remove();
}

/** Looks into the server's database, or changes it, while nobody has it open. */
export async function inDatabase<T>(work: (db: DatabaseSync) => T): Promise<T> {
  await server.stop();
  const db = new DatabaseSync(join(server.dataDir, "lomme.sqlite"));
  try {
    return work(db);
  } finally {
    db.close();
    await server.start();
  }
}

/** As if the waiting times were over. */
export const passWaits = (): Promise<void> => inDatabase((db) => db.exec("UPDATE wraps SET due = 1 WHERE due > 1"));

export const ABOUT = { name: "Telefon", kind: "phone" } as const;
const { role: _, ...here } = CHILD;
export const HERE = here;

interface BrowserOptions {
  readonly strict?: boolean;
  readonly draw?: DrawPicture;
}

export async function emptyBrowser({ draw, ...options }: BrowserOptions = {}) {
  const device = await Device.create(options);
  if (draw !== undefined) device.draw = draw;
  devices.push(device);
  const transport = createTransport(server.origin);
  device.http = transport.http;
  const opened: Pocket[] = [];
  connectOver(device, transport, { opened: (pocket) => opened.push(pocket) });
  return { device, vault: device.start(), opened };
}

export async function person(role: "child" | "caseworker", name: string, options: BrowserOptions = {}) {
  const browser = await emptyBrowser(options);
  const id = await browser.vault.createPocket({ ...CHILD, role });
  await browser.vault.setName(name);
  await until(async () => (await browser.vault.syncState()).connection === "on", 10_000);
  await browser.vault.confirmCode(PICTURES);
  return { ...browser, id };
}

export const write = async (
  vault: VaultApi & { events: readonly VaultEvent[] },
  words: string,
): Promise<DocumentTag> => {
  const document = await vault.createDocument("entry");
  const page = await openPage(vault, document);
  pages.push(page);
  type(page, words);
  await until(async () => (await vault.timeline("entry")).some(({ excerpt }) => excerpt === words));
  return document;
};

export const settled = (vault: VaultApi) =>
  until(async () => (await vault.syncState()).connection === "on" && (await vault.syncState()).unsent === 0, 15_000);

/** Links an empty browser to an open vault. */
export async function link(old: VaultApi) {
  const fresh = await emptyBrowser();
  const { payload } = await old.offerLink(PICTURES);
  await fresh.vault.takeLink(payload, ABOUT);
  const pictures = async (vault: VaultApi) => {
    const step = await vault.linkStep();
    return step?.step === "compare" ? step.pictures : null;
  };
  const mine = await until(() => pictures(old), 15_000);
  const theirs = await until(() => pictures(fresh.vault), 15_000);
  expect(theirs).toEqual(mine);
  await fresh.vault.confirmLink(true);
  await old.confirmLink(true);
  await until(async () => (await fresh.vault.linkStep())?.step === "ready", 15_000);
  const id = await fresh.vault.finishLink({ ...HERE, device: ABOUT });
  await settled(fresh.vault);
  await fresh.vault.confirmCode(PICTURES);
  return { ...fresh, id };
}

export async function pair(child: VaultApi, adult: VaultApi) {
  const { payload } = await child.invite();
  await adult.join(payload, "scan");
  const paired = async (vault: VaultApi): Promise<PersonId | null> => {
    const [other] = await vault.people();
    if (other?.state === "compare") await vault.confirmPictures(other.id, true);
    return other?.state === "paired" && other.circle !== null ? other.id : null;
  };
  return {
    adultAtChild: await until(() => paired(child), 20_000),
    childAtAdult: await until(() => paired(adult), 20_000),
  };
}
