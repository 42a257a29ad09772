/** Unlocking in two steps: what the first screen is drawn from, and the rest. */

import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { OwnKind } from "../../../client/documents/kinds.ts";
import { NO_MARKS } from "../../../client/documents/marks.ts";
import type { PocketId, Summary, VaultApi, Whereabouts } from "../../../client/vault/api.ts";
import { Batch } from "../../../client/vault/batch.ts";
import { createOneWindow } from "../../../client/vault/one-window.ts";
import { SummaryPages } from "../../../client/vault/pages.ts";
import type { VaultStore } from "../../../client/vault/ports.ts";
import { SealedStore } from "../../../client/vault/sealed-store.ts";
import { randomId } from "../../../crypto/ids.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { createVaultKey } from "../../../crypto/unlocking.ts";
import { MemoryShelf } from "../storage/memory-shelf.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type Page, type } from "./page.ts";

await ready();

const aSummary = (createdAt: number, change: Partial<Summary> = {}): Summary => ({
  document: randomId<DocumentTag>(),
  kind: "entry",
  title: `Dag ${createdAt}`,
  excerpt: "",
  createdAt,
  changedAt: createdAt,
  moods: [],
  thumbnail: null,
  photos: 0,
  stickers: 0,
  drawings: 0,
  sounds: 0,
  videos: 0,
  marks: NO_MARKS,
  shownTo: [],
  ...change,
});
const inARow = (count: number): readonly Summary[] => Array.from({ length: count }, (_, at) => aSummary(at));

const vaultKey = createVaultKey();
async function withPages(...parts: readonly (readonly Summary[])[]) {
  const raw = await new MemoryShelf().openStore("pocket");
  const store = await SealedStore.create(raw, vaultKey);
  const pages = await SummaryPages.open(store);
  for (const part of parts) {
    const batch = new Batch();
    for (const summary of part) pages.put(batch, summary);
    await batch.commit(store);
  }
  return { raw, store, pages };
}
const agesKey = (store: SealedStore): string => store.key(["page-ages"], "now");
const namesOf = (found: readonly Summary[] | null) => found?.map(({ document }) => document) ?? null;
const agesOf = (found: readonly Summary[]) => found.map(({ createdAt }) => createdAt);

describe("summaries ahead", () => {
  test("are the newest, whatever lies in which page, or are not told", async () => {
    await fc.assert(
      fc.asyncProperty(
        // Parts of a life that came one after the other, each newer, older or among the others, as imports are.
        fc.array(
          fc.record({
            from: fc.integer({ min: 0, max: 20 }),
            many: fc.integer({ min: 0, max: 150 }),
            what: fc.constantFrom<Partial<Summary>>(
              {},
              { kind: "wish" },
              { title: "" },
              { marks: { ...NO_MARKS, binnedAt: 5 } },
              { marks: { ...NO_MARKS, archived: true } },
            ),
          }),
          { maxLength: 5 },
        ),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom<OwnKind>("entry", "wish"),
        fc.constantFrom<Whereabouts>("kept", "archived", "bin"),
        async (parts, limit, kind, where) => {
          const { store, pages } = await withPages(
            ...parts.map(({ from, many, what }) =>
              Array.from({ length: many }, (_, at) => aSummary(from * 1000 + at * 37, what)),
            ),
          );
          const all = agesOf(pages.newest(kind, undefined, limit, where));
          const first = await SummaryPages.openAhead(store, 8);
          expect(agesOf((await first.ahead("entry", 8)) ?? [])).toEqual(agesOf(pages.newest("entry", undefined, 8)));
          const early = await SummaryPages.openAhead(store, limit);
          const found = await early.ahead(kind, limit, where);
          if (found !== null) expect(agesOf(found)).toEqual(all);
          await early.readAll();
          expect(agesOf((await early.ahead(kind, limit, where)) ?? [])).toEqual(all);
          expect(agesOf(early.newest(kind, undefined, limit, where))).toEqual(all);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("come from one page where the newest lie in it, however many there are; nothing else is told then", async () => {
    const { raw, store: pagesStore, pages } = await withPages(inARow(128 * 9));
    const read: string[] = [];
    const watched: VaultStore = {
      ...raw,
      get: (table, key) => {
        if (table === "pages" || key === agesKey(pagesStore)) read.push(key);
        return raw.get(table, key);
      },
      range: () => Promise.reject(new Error("all pages were read")),
    };
    const store = await SealedStore.open(watched, vaultKey);
    const early = await SummaryPages.openAhead(store as SealedStore, 40);
    expect(namesOf(await early.ahead("entry", 40))).toEqual(namesOf(pages.newest("entry", undefined, 40)));
    expect(read).toHaveLength(2); // Which page, and the page.
    const refused: readonly (() => unknown)[] = [
      () => early.newest("entry"),
      () => early.get(randomId<DocumentTag>()),
      () => early.pageOf(randomId<DocumentTag>()),
      () => early.numbers(),
      () => early.summariesOf(8),
      () => early.allOf("entry"),
      () => early.binnedBefore(9),
      () => early.fromNewest(),
      () => early.put(new Batch(), aSummary(1)),
      () => early.remove(new Batch(), randomId<DocumentTag>()),
    ];
    for (const ask of refused) expect(ask).toThrow("only the newest");
  });

  test("a row that is missing, damaged, or of older pages costs reading all of them, and is right afterwards", async () => {
    const { raw, store, pages } = await withPages(inARow(300));
    const key = agesKey(store);
    const right = (await raw.get("keyring", key)) as Uint8Array;
    const wanted = namesOf(pages.newest("entry", undefined, 40));
    const damaged = right.slice();
    damaged[60] = (damaged[60] ?? 0) ^ 1;
    const older = store.put("keyring", ["page-ages"], "now", { newest: [[9, 500]], others: null });
    for (const write of [
      { remove: "keyring", key } as const,
      { put: "keyring", key, bytes: damaged } as const,
      older, // Names a page that isn't there.
    ]) {
      await raw.commit([write]);
      const early = await SummaryPages.openAhead(store, 40);
      expect(namesOf(await early.ahead("entry", 40))).toEqual(wanted);
      expect(early.numbers()).toHaveLength(3);
      const again = await SummaryPages.openAhead(store, 40);
      expect(namesOf(await again.ahead("entry", 40))).toEqual(wanted);
      expect(() => again.numbers()).toThrow("only the newest");
    }
  });

  test("follow what is removed and what changes its date", async () => {
    const { store, pages } = await withPages(inARow(128 * 3));
    const [newest] = pages.newest("entry", undefined, 1) as [Summary];
    const [oldest] = pages.newest("entry").slice(-1) as [Summary];
    const batch = new Batch();
    for (const { document } of pages.summariesOf(2)) pages.remove(batch, document);
    pages.put(batch, { ...oldest, createdAt: newest.createdAt + 1 });
    await batch.commit(store);
    const early = await SummaryPages.openAhead(store, 40);
    const found = (await early.ahead("entry", 1)) as readonly Summary[];
    expect(agesOf(found)).toEqual([newest.createdAt + 1]);
    expect(namesOf(await early.ahead("entry", 8))).toEqual(namesOf(pages.newest("entry", undefined, 8)));
    expect(namesOf(await early.ahead("entry", 40))).toEqual(namesOf(pages.newest("entry", undefined, 40)));
  });
});

const open: Page[] = [];
afterEach(() => {
  for (const page of open.splice(0)) page.close();
});

/** A pocket with so many entries, closed; and its device, whose reading of all summaries waits for `go`. */
async function aPocket(titles: readonly string[]) {
  const device = await Device.create();
  const first = device.start();
  const id: PocketId = await first.createPocket(CHILD);
  for (const title of titles) {
    const page = await openPage(first, await first.createDocument("entry"));
    type(page, title);
    open.push(page);
  }
  await first.seal(0);
  return { device, id };
}

/** Counts what is read of each table from here on. */
function watchReads(device: Device): Map<string, number> {
  const reads = new Map<string, number>();
  const count = (what: string) => reads.set(what, (reads.get(what) ?? 0) + 1);
  const openStore = device.shelf.openStore.bind(device.shelf);
  device.shelf.openStore = async (pocket) => {
    const store = await openStore(pocket);
    return {
      ...store,
      get: async (table, key) => {
        count(`get ${table}`);
        return store.get(table, key);
      },
      range: async (table, prefix) => {
        count(`range ${table}`);
        return store.range(table, prefix);
      },
    };
  };
  return reads;
}

describe("while the code is derived", () => {
  test("the keys and the newest things are read where nobody else has the pocket open; after it, nothing", async () => {
    const { device, id } = await aPocket(["Brevet"]);
    device.window = createOneWindow(
      (navigator as unknown as { locks: LockManager }).locks,
      () => new BroadcastChannel("lomme-ahead"),
    );
    const reads = watchReads(device);
    const vault = device.startEarly();
    expect((await vault.unlock(id, PICTURES)).newest).toHaveLength(1);
    expect(Object.fromEntries(reads)).toEqual({ "range keyring": 1 });
    expect(await vault.timeline("entry", undefined, 40)).toHaveLength(1);
    expect(Object.fromEntries(reads)).toEqual({ "range keyring": 1, "get pages": 1 });

    // What is written from here on is what is read.
    await vault.setName("Alma");
    expect((await vault.profile()).name).toBe("Alma");
    const other = device.startEarly();
    await other.unlock(id, PICTURES);
    expect((await other.profile()).name).toBe("Alma");
    expect(vault.events.some(({ type }) => type === "taken-over")).toBe(true);
  });

  test("another window that has it meanwhile is believed, not what was read before", async () => {
    const device = await Device.create();
    const elsewhere = device.start();
    const id = await elsewhere.createPocket(CHILD);
    device.window = {
      hold: async () => ({ enter: () => null, end: () => undefined }),
      claim: async () => {
        await elsewhere.setName("Alma");
        return () => undefined;
      },
    };
    const vault = device.startEarly();
    await vault.unlock(id, PICTURES);
    expect((await vault.profile()).name).toBe("Alma");
  });
});

describe("another window asks", () => {
  test("before the pocket is open: it is ended, the place kept until then, and said to be busy elsewhere", async () => {
    const { device, id } = await aPocket(["Brevet"]);
    let ask: () => Promise<void> = async () => undefined;
    const order: string[] = [];
    device.window = {
      hold: async () => null,
      claim: async (asked) => {
        ask = asked;
        return () => order.push("let go");
      },
    };
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let isReading = false;
    const openStore = device.shelf.openStore.bind(device.shelf);
    device.shelf.openStore = async (pocket, onClosed) => {
      const store = await openStore(pocket, onClosed);
      const close = () => {
        order.push("closed");
        store.close();
      };
      const range: typeof store.range = async (table, prefix) => {
        isReading = true;
        await gate;
        return store.range(table, prefix);
      };
      return { ...store, close, range };
    };
    const vault = device.startEarly();
    const unlocking = vault.unlock(id, PICTURES).catch((error: unknown) => error);
    await until(() => isReading);
    const given = ask().then(() => order.push("given"));
    go();
    expect(await unlocking).toEqual({ name: "VaultError", code: "busy-elsewhere" });
    await given;
    expect(order.slice(0, 2)).toEqual(["closed", "let go"]);
    expect(order).toContain("given");
    // This page was not inside: it may simply try again.
    expect(vault.events).toEqual([]);
    await expect(vault.timeline("entry")).rejects.toMatchObject({ code: "locked" });
    await vault.unlock(id, PICTURES);
    expect(await vault.timeline("entry", undefined, 40)).toHaveLength(1);
  });
});

describe("two steps", () => {
  test("a lock before the rest is there waits for nothing", async () => {
    const { device, id } = await aPocket(["Brevet"]);
    device.connect = () => new Promise(() => undefined);
    const vault = device.startEarly();
    await vault.unlock(id, PICTURES);
    void vault.profile().catch(() => undefined);
    await vault.seal(0);
  });

  test("cover and newest things are answered while all else waits, and nothing is lost by it", async () => {
    const { device, id } = await aPocket(["Brevet", "Hunden"]);
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const openStore = device.shelf.openStore.bind(device.shelf);
    device.shelf.openStore = async (pocket) => {
      const store = await openStore(pocket);
      return {
        ...store,
        range: async (table, prefix) => {
          if (table === "pages") await gate;
          return store.range(table, prefix);
        },
      };
    };
    let connected = false;
    const { connect } = device;
    device.connect = (pocket) => {
      connected = true;
      return connect(pocket);
    };
    const vault: VaultApi = device.startEarly();
    const { cover, newest } = await vault.unlock(id, PICTURES);
    expect(cover.id).toBe(id);
    expect(newest.map(({ excerpt }) => excerpt)).toEqual(["Hunden", "Brevet"]);
    expect(await vault.cover()).toEqual(cover);
    expect((await vault.timeline("entry", undefined, 40)).map(({ excerpt }) => excerpt)).toEqual(["Hunden", "Brevet"]);
    let made: string | null = null;
    const making = vault.createDocument("entry").then((document) => {
      made = document;
    });
    const wholeList = vault.timeline("entry", undefined, 400);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect([made, connected]).toEqual([null, false]);
    go();
    await making;
    expect(connected).toBe(true);
    expect((await wholeList).map(({ excerpt }) => excerpt)).toEqual(["Hunden", "Brevet"]);
    expect((await vault.summaries([made as unknown as DocumentTag])).length).toBe(1);
  });

  test("when the rest can't be read the pocket is closed again, and says so", async () => {
    const { device, id } = await aPocket(["Brevet"]);
    const { connect } = device;
    let isBroken: boolean = true;
    device.connect = async (pocket) => {
      if (isBroken) throw new Error("the disk went away");
      return connect(pocket);
    };
    const vault = device.startEarly();
    await vault.unlock(id, PICTURES);
    await expect(vault.people()).rejects.toMatchObject({ name: "VaultError", code: "failed" });
    await until(() => vault.events.some((event) => event.type === "failed" && event.code === "failed"));
    await expect(vault.cover()).rejects.toMatchObject({ code: "locked" });
    isBroken = false;
    await vault.unlock(id, PICTURES);
    expect((await vault.timeline("entry")).length).toBe(1);
  });
});
