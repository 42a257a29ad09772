/** The bin gives back for thirty days, and then lets go by itself: not a day earlier, and of nothing else. */
import { expect, it } from "vitest";
import { setTitle } from "../../../client/documents/entry.ts";
import { setBinned } from "../../../client/documents/marks.ts";
import type { VaultApi } from "../../../client/vault/api.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage } from "./page.ts";

const DAY = 24 * 3600_000;

async function put(vault: VaultApi, title: string, binnedAt: number | null) {
  const document = await vault.createDocument("entry");
  const page = await openPage(vault, document);
  setTitle(page.doc, title);
  setBinned(page.doc, binnedAt);
  const where = binnedAt === null ? "kept" : "bin";
  await until(async () =>
    (await vault.timeline("entry", undefined, undefined, where)).some((summary) => summary.title === title),
  );
  page.close();
  return document;
}

it("keeps what lies in it for thirty days, whole; then it goes at the next opening, and nothing else does", async () => {
  const device = await Device.create();
  const first = device.start();
  const pocket = await first.createPocket(CHILD);
  const begun = Date.now();
  await put(first, "Bliver", null);
  await put(first, "I spanden", begun);
  const later = await put(first, "Taget ud igen", begun);
  const open = async (days: number): Promise<VaultApi> => {
    device.ahead = days * DAY;
    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    return vault;
  };
  const titles = async (vault: VaultApi, where: "kept" | "bin") =>
    (await vault.timeline("entry", undefined, undefined, where)).map(({ title }) => title).toSorted();

  const before = await open(29.9);
  expect(await titles(before, "bin")).toEqual(["I spanden", "Taget ud igen"]);
  await before.takeOutOfBin(later);
  expect(await titles(before, "kept")).toEqual(["Bliver", "Taget ud igen"]);

  const after = await open(30.1);
  await until(async () => (await titles(after, "bin")).length === 0);
  expect(await titles(after, "kept")).toEqual(["Bliver", "Taget ud igen"]);
});
