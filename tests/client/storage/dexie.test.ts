// First: Dexie looks for IndexedDB while it is being loaded.
import "fake-indexeddb/auto";

import Dexie from "dexie";
import { IDBDatabase as FakeDatabase, IDBObjectStore as FakeObjectStore, IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noReserve } from "../../../client/storage/reserve.ts";
import { openShelf } from "../../../client/storage/shelf.ts";
import { STORE_FORMAT, type Urgency, type VaultStore } from "../../../client/vault/ports.ts";
import { someCover, storageAcceptance } from "./storage-acceptance.ts";

const opened: { close(): void }[] = [];

async function freshShelf() {
  const shelf = await openShelf();
  opened.push(shelf);
  return shelf;
}

beforeEach(() => {
  // Dexie keeps the factory it found first in its dependencies.
  globalThis.indexedDB = new IDBFactory();
  Dexie.dependencies.indexedDB = globalThis.indexedDB;
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const shelf of opened.splice(0)) shelf.close();
});

const row = { put: "log", key: "x", bytes: Uint8Array.of(1) } as const;

storageAcceptance("Dexie", freshShelf);

describe("Dexie: durability", () => {
  it("asks for strict durability in every transaction that writes", async () => {
    const durabilities: string[] = [];
    const original = FakeDatabase.prototype.transaction;
    vi.spyOn(FakeDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...given) {
      const transaction = original.apply(this, given);
      if (given[1] === "readwrite") durabilities.push(transaction.durability);
      return transaction;
    });
    const shelf = await freshShelf();
    await shelf.putCover(someCover("a"));
    await (await shelf.openStore("a")).commit([row]);
    expect(durabilities).toEqual(["strict", "strict"]);
  });
});

/** The browser's way to say that the disk is full: the request fails, the transaction is aborted. */
function fillDisk(afterPuts: number): void {
  const original = FakeObjectStore.prototype.put;
  let puts = 0;
  vi.spyOn(FakeObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given) {
    puts++;
    if (puts > afterPuts) throw new DOMException("full", "QuotaExceededError");
    return original.apply(this, given);
  });
}

describe("Dexie: a full disk", () => {
  it("says storage-full and has written nothing of the commit", async () => {
    const store = await (await freshShelf()).openStore("a");
    await store.commit([row]);
    fillDisk(1);
    const commit = store.commit([
      { put: "log", key: "x", bytes: Uint8Array.of(2) },
      { put: "outbox", key: "y", bytes: Uint8Array.of(3) },
    ]);
    await expect(commit).rejects.toMatchObject({ name: "StoreError", code: "storage-full" });
    vi.restoreAllMocks();
    expect(await store.get("log", "x")).toEqual(Uint8Array.of(1));
    expect(await store.get("outbox", "y")).toBeNull();
    await store.commit([{ put: "outbox", key: "y", bytes: Uint8Array.of(3) }]);
  });

  it("says storage-full when the browser notices only at the end of the transaction", async () => {
    const store = await (await freshShelf()).openStore("a");
    const original = FakeObjectStore.prototype.put;
    vi.spyOn(FakeObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given) {
      const request = original.apply(this, given);
      const full = new DOMException("full", "QuotaExceededError");
      Object.defineProperty(this.transaction, "error", { get: () => full });
      request.addEventListener("success", () => this.transaction.abort());
      return request;
    });
    await expect(store.commit([row])).rejects.toMatchObject({ code: "storage-full" });
  });
});

describe("Dexie: room laid aside", () => {
  it("is given up to the last for what only removes, and no further than its part for words", async () => {
    const asked: Urgency[] = [];
    const spend = async (urgency: Urgency) => {
      asked.push(urgency);
      return false;
    };
    const shelf = await openShelf({ ...noReserve, spend });
    opened.push(shelf);
    const store = await shelf.openStore("a");
    await store.commit([row]);
    fillDisk(0);
    vi.spyOn(FakeObjectStore.prototype, "delete").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    for (const writes of [[{ remove: "log", key: "x" }], [row], [row, { remove: "log", key: "x" }]] as const) {
      await expect(store.commit(writes)).rejects.toMatchObject({ code: "storage-full" });
    }
    expect(asked).toEqual(["all", "words", "words"]);
  });
});

describe("Dexie: formats", () => {
  it("refuses a cover of another format, keeps it, and still lists it", async () => {
    const shelf = await freshShelf();
    const raw = await new Dexie("lomme", { autoOpen: true }).open();
    const other = someCover("old", { format: STORE_FORMAT + 1 });
    await raw.table("covers").put(other, "old");
    raw.close();
    await expect(shelf.openStore("old")).rejects.toMatchObject({ code: "other-format" });
    await expect(shelf.putCover(someCover("old"))).rejects.toMatchObject({ code: "other-format" });
    expect(await shelf.covers()).toEqual([other]);
  });

  it.each([STORE_FORMAT - 0.5, STORE_FORMAT + 1])(
    "refuses a database of version %s and leaves it as it is",
    async (v) => {
      const other = new Dexie("lomme-a");
      other.version(v).stores({ log: "", something: "" });
      await other.open();
      await other.table("log").put(Uint8Array.of(5), "x");
      other.close();
      await expect((await freshShelf()).openStore("a")).rejects.toMatchObject({ code: "other-format" });
      const again = await new Dexie("lomme-a").open();
      expect(again.verno).toBe(v);
      expect(await again.table("log").get("x")).toEqual(Uint8Array.of(5));
      again.close();
    },
  );
});

describe("Dexie: another page", () => {
  it("lets go when somebody upgrades the database, says so once, and answers store-closed", async () => {
    const shelf = await freshShelf();
    const last: VaultStore[] = [];
    const closed = vi.fn(async () => {
      // What was typed a moment ago still gets in.
      for (const one of last) await one.commit([{ ...row, key: "last" }]);
    });
    const store = await shelf.openStore("a", closed);
    last.push(store);
    await store.commit([row]);
    const newer = new Dexie("lomme-a");
    newer.version(STORE_FORMAT + 1).stores({ log: "", later: "" });
    await newer.open();
    expect(await newer.table("log").get("x")).toEqual(Uint8Array.of(1));
    expect(await newer.table("log").get("last")).toEqual(Uint8Array.of(1));
    newer.close();
    expect(closed).toHaveBeenCalledTimes(1);
    await expect(store.commit([row])).rejects.toMatchObject({ code: "store-closed" });
  });

  it("does not call its own closing a taking away", async () => {
    const closed = vi.fn();
    (await (await freshShelf()).openStore("a", closed)).close();
    expect(closed).not.toHaveBeenCalled();
  });

  it("lets the pocket be removed while another handle is open", async () => {
    const shelf = await freshShelf();
    const store = await shelf.openStore("a");
    await store.commit([row]);
    await shelf.remove("a");
    expect((await indexedDB.databases()).map((database) => database.name)).not.toContain("lomme-a");
    await expect(store.get("log", "x")).rejects.toMatchObject({ code: "store-closed" });
  });
});
