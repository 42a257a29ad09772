/** One more entry costs what it costs in an almost empty pocket: storage operations and bytes are counted, not timed. */
import { afterAll, expect, test } from "vitest";
import { appendText } from "../../../client/documents/entry.ts";
import type { VaultApi, VaultEvent } from "../../../client/vault/api.ts";
import { createDocument } from "../../../client/vault/own-documents.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import type { Write } from "../../../client/vault/ports.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type Page, type } from "./page.ts";

const WORDS = "Vi var ved søen, og hunden sprang i.";

interface Cost {
  reads: number;
  rowsRead: number;
  commits: number;
  rowsWritten: number;
  bytesWritten: number;
}

const pages: Page[] = [];
afterAll(() => {
  for (const page of pages.splice(0)) page.close();
});

/** What one entry with a sentence in it costs, from making it to "saved here", in a pocket that holds so many. */
async function costOfOne(entries: number): Promise<Cost> {
  const device = await Device.create();
  const cost: Cost = { reads: 0, rowsRead: 0, commits: 0, rowsWritten: 0, bytesWritten: 0 };
  const openStore = device.shelf.openStore.bind(device.shelf);
  device.shelf.openStore = async (pocket) => {
    const store = await openStore(pocket);
    return {
      ...store,
      get: async (table, key) => {
        const row = await store.get(table, key);
        cost.reads++;
        cost.rowsRead += row === null ? 0 : 1;
        return row;
      },
      range: async (table, prefix) => {
        const rows = await store.range(table, prefix);
        cost.reads++;
        cost.rowsRead += rows.length;
        return rows;
      },
      commit: async (writes: readonly Write[]) => {
        await store.commit(writes);
        cost.commits++;
        cost.rowsWritten += writes.length;
        for (const write of writes) cost.bytesWritten += "put" in write ? write.bytes.length : 0;
      },
    };
  };
  const opened: Pocket[] = [];
  const alone = device.connect;
  device.connect = async (pocket) => {
    opened.push(pocket);
    return alone(pocket);
  };
  const id = await device.start().createPocket(CHILD);
  const [pocket] = opened as [Pocket];
  // All alike, so that pages of as many take as many bytes.
  const paragraph = { type: "paragraph", runs: [{ text: WORDS }] } as const;
  for (let i = 0; i < entries; i++) await createDocument(pocket, "entry", (doc) => appendText(doc, [paragraph]));
  await pocket.texts.write();
  await pocket.close();
  const vault = device.start();
  await vault.unlock(id, PICTURES);
  // The first one pays for what is read once in each unlock.
  await addOne(vault);
  await quiet();
  const before = { ...cost };
  await addOne(vault);
  await quiet();
  return {
    reads: cost.reads - before.reads,
    rowsRead: cost.rowsRead - before.rowsRead,
    commits: cost.commits - before.commits,
    rowsWritten: cost.rowsWritten - before.rowsWritten,
    bytesWritten: cost.bytesWritten - before.bytesWritten,
  };

  /** Nothing was read or written for a second: what follows an opening, or a save, by itself is over on a busy machine too. */
  async function quiet(): Promise<void> {
    for (let before = ""; before !== JSON.stringify(cost); await new Promise((resolve) => setTimeout(resolve, 1_000))) {
      before = JSON.stringify(cost);
    }
  }

  async function addOne(to: VaultApi & { readonly events: readonly VaultEvent[] }): Promise<void> {
    const document = await to.createDocument("entry");
    const page = await openPage(to, document);
    pages.push(page);
    const saved = () => to.events.filter((event) => event.type === "saved" && event.saved);
    const had = saved().length;
    type(page, WORDS);
    await until(() => saved().length > had);
  }
}

// 2,000 = 15 × 128 + 80: both have pages of summaries that are filled alike, and one page is all that is written of them.
test("at 80 entries as at 2,000: the same reads, the same rows, the same bytes", async () => {
  const [few, many] = [await costOfOne(80), await costOfOne(2_000)];
  const { bytesWritten, ...others } = many;
  expect({ ...others, bytesWritten: few.bytesWritten }).toEqual(few);
  // The row of the newest, which is written twice, names four pages instead of one: at most two steps of its padding.
  expect(bytesWritten - few.bytesWritten).toBeLessThanOrEqual(512);
  expect(few.commits).toBeLessThanOrEqual(3);
  expect(few.rowsRead).toBeLessThanOrEqual(6);
});
