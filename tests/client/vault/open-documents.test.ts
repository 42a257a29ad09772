import { afterEach, describe, expect, it } from "vitest";
import { createAlone } from "../../../client/vault/alone.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { StoreError } from "../../../client/vault/ports.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type Page, type } from "./page.ts";

const pages: Page[] = [];
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

/** Words typed into one entry, while another is being read from a disk that then fails. */
async function typeBesideFailure() {
  const device = await Device.create();
  const opened: Pocket[] = [];
  device.connect = async (pocket) => {
    opened.push(pocket);
    return createAlone(pocket);
  };
  const vault = device.start();
  const id = await vault.createPocket(CHILD);
  const [pocket] = opened as [Pocket];
  const [document, other] = [await vault.createDocument("entry"), await vault.createDocument("entry")];
  const page = await openPage(vault, document);
  pages.push(page);
  const { raw } = pocket.store;
  const range = raw.range.bind(raw);
  let fail = (): void => undefined;
  const failing = new Promise<never>((_, reject) => {
    fail = () => reject(new StoreError("store-failed"));
  });
  raw.range = (table, prefix) => (table === "log" ? failing : range(table, prefix));
  const read = vault.openDocument(other).catch((error: unknown) => error);
  type(page, "det sidste ord");
  await until(() => vault.events.some((event) => event.type === "saved" && !event.saved));
  const over = async (): Promise<unknown> => {
    raw.range = range;
    return read;
  };
  return { device, pocket, id, fail, over };
}

describe("documents that are open", () => {
  it("are all sealed when one of them can't be read meanwhile", async () => {
    const { device, pocket, id, fail, over } = await typeBesideFailure();
    const sealed = pocket.documents.commitAll({ last: true });
    fail();
    await sealed;
    expect(await over()).toMatchObject({ code: "store-unreadable" });
    device.shelf.crash();
    const later = device.start();
    await later.unlock(id, PICTURES);
    expect(await later.timeline("entry")).toMatchObject([{ excerpt: "det sidste ord" }]);
  });

  it("are closed with the pocket all the same, and its database is let go", async () => {
    const { pocket, fail, over } = await typeBesideFailure();
    const closed = pocket.close();
    fail();
    await closed;
    await over();
    await expect(pocket.store.raw.get("log", "0")).rejects.toMatchObject({ code: "store-closed" });
  });
});
