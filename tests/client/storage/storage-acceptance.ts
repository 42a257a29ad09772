/** What every implementation of the storage ports must do. Run on Dexie and on the memory fake of the simulation. */
import { describe, expect, it } from "vitest";
import type { CoverRow, Shelf, VaultStore } from "../../../client/vault/ports.ts";
import { STORE_FORMAT } from "../../../client/vault/ports.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

export const someCover = (id: string, changes: Partial<CoverRow> = {}): CoverRow => ({
  id,
  format: STORE_FORMAT,
  cover: '{"colour":"moss"}',
  waysIn: [bytes(1, 2, 3)],
  door: null,
  failed: 0,
  nextTryAt: 0,
  ...changes,
});

export function storageAcceptance(name: string, freshShelf: () => Promise<Shelf>): void {
  const freshStore = async (): Promise<VaultStore> => (await freshShelf()).openStore("a");

  describe(`${name}: rows`, () => {
    it("answers null for a row that isn't there", async () => {
      expect(await (await freshStore()).get("log", "nothing")).toBeNull();
    });

    it("gives back what was put, byte for byte, also no bytes at all", async () => {
      const store = await freshStore();
      await store.commit([
        { put: "log", key: "x", bytes: bytes(0, 255, 7) },
        { put: "log", key: "empty", bytes: bytes() },
      ]);
      expect(await store.get("log", "x")).toEqual(bytes(0, 255, 7));
      expect(await store.get("log", "empty")).toEqual(bytes());
      expect(await store.get("outbox", "x")).toBeNull();
    });

    it("keeps only the view, not what lies around it in its buffer", async () => {
      const store = await freshStore();
      const memory = Uint8Array.from({ length: 64 }, () => 9);
      await store.commit([{ put: "log", key: "x", bytes: memory.subarray(10, 14) }]);
      const there = await store.get("log", "x");
      expect(there?.length).toBe(4);
      expect(there?.buffer.byteLength).toBe(4);
    });

    it("does not notice when the caller reuses its buffer afterwards", async () => {
      const store = await freshStore();
      const memory = bytes(1, 2, 3);
      await store.commit([{ put: "log", key: "x", bytes: memory }]);
      memory.fill(0);
      expect(await store.get("log", "x")).toEqual(bytes(1, 2, 3));
    });

    it("lists a prefix in order of key and nothing beside it", async () => {
      const store = await freshStore();
      await store.commit(["b2", "a", "b1", "c", "b", "B1"].map((key, at) => ({ put: "pages", key, bytes: bytes(at) })));
      expect((await store.range("pages", "b")).map((row) => row.key)).toEqual(["b", "b1", "b2"]);
      expect((await store.range("pages", "b1")).map((row) => [...row.bytes])).toEqual([[2]]);
      expect((await store.range("pages", "")).length).toBe(6);
      expect(await store.range("pages", "x")).toEqual([]);
    });

    it("measures rows and bytes under a prefix", async () => {
      const store = await freshStore();
      await store.commit([
        { put: "blobs", key: "a1", bytes: bytes(1, 2) },
        { put: "blobs", key: "a2", bytes: bytes(1, 2, 3) },
        { put: "blobs", key: "b1", bytes: bytes(1) },
      ]);
      expect(await store.measure("blobs", "a")).toEqual({ rows: 2, bytes: 5 });
      expect(await store.measure("blobs", "")).toEqual({ rows: 3, bytes: 6 });
      expect(await store.measure("door", "")).toEqual({ rows: 0, bytes: 0 });
    });
  });

  describe(`${name}: commits`, () => {
    it("applies writes in their order, over several tables", async () => {
      const store = await freshStore();
      await store.commit([{ put: "log", key: "p1", bytes: bytes(0) }]);
      await store.commit([
        { put: "log", key: "p2", bytes: bytes(2) },
        { put: "outbox", key: "o", bytes: bytes(3) },
        { removeRange: "log", prefix: "p" },
        { put: "log", key: "p3", bytes: bytes(4) },
        { put: "log", key: "p3", bytes: bytes(5) },
        { put: "outbox", key: "q", bytes: bytes(6) },
        { remove: "outbox", key: "o" },
        { remove: "outbox", key: "never there" },
      ]);
      expect(await store.range("log", "")).toEqual([{ key: "p3", bytes: bytes(5) }]);
      expect(await store.range("outbox", "")).toEqual([{ key: "q", bytes: bytes(6) }]);
    });

    it("writes nothing when one of the writes can't be made", async () => {
      const store = await freshStore();
      const commit = store.commit([
        { put: "log", key: "x", bytes: bytes(1) },
        { removeRange: "log", prefix: "" },
      ]);
      await expect(commit).rejects.toMatchObject({ name: "StoreError", code: "store-failed" });
      expect(await store.range("log", "")).toEqual([]);
    });

    it("takes an empty commit", async () => {
      await expect((await freshStore()).commit([])).resolves.toBeUndefined();
    });

    it("is there for the next handle on the same pocket, and only that pocket", async () => {
      const shelf = await freshShelf();
      const first = await shelf.openStore("a");
      await first.commit([{ put: "keyring", key: "k", bytes: bytes(1) }]);
      first.close();
      expect(await (await shelf.openStore("a")).get("keyring", "k")).toEqual(bytes(1));
      expect(await (await shelf.openStore("b")).get("keyring", "k")).toBeNull();
    });

    it("answers store-closed after close", async () => {
      const store = await freshStore();
      store.close();
      await expect(store.get("log", "x")).rejects.toMatchObject({ code: "store-closed" });
      await expect(store.commit([{ remove: "log", key: "x" }])).rejects.toMatchObject({ code: "store-closed" });
    });
  });

  describe(`${name}: shelf`, () => {
    it("keeps covers, replaces them and gives every field back", async () => {
      const shelf = await freshShelf();
      expect(await shelf.covers()).toEqual([]);
      const first = someCover("a");
      const second = someCover("b", { door: bytes(9, 9), failed: 3, nextTryAt: 1_700_000_000_000 });
      await shelf.putCover(second);
      await shelf.putCover(someCover("a", { cover: "{}" }));
      await shelf.putCover(first);
      expect(await shelf.covers()).toEqual([first, second]);
    });

    it("changes a cover as it stands, also when it was changed meanwhile, and makes none", async () => {
      const shelf = await freshShelf();
      await shelf.putCover(someCover("a", { failed: 1 }));
      const [read] = await shelf.covers();
      await shelf.putCover(someCover("a", { failed: 1, waysIn: [bytes(7)] }));
      const more = () => shelf.changeCover("a", (now) => ({ ...now, failed: now.failed + 1 }));
      const [, second] = await Promise.all([more(), more()]);
      expect(second).toEqual({ ...read, failed: 3, waysIn: [bytes(7)] });
      expect(await shelf.covers()).toEqual([second]);
      await expect(shelf.changeCover("b", (now) => now)).rejects.toMatchObject({ code: "store-failed" });
      expect((await shelf.covers()).length).toBe(1);
    });

    it("removes a pocket with its rows and leaves the other alone", async () => {
      const shelf = await freshShelf();
      for (const id of ["a", "b"]) {
        await shelf.putCover(someCover(id));
        const store = await shelf.openStore(id);
        await store.commit([{ put: "log", key: "x", bytes: bytes(1) }]);
        store.close();
      }
      await shelf.remove("a");
      expect((await shelf.covers()).map((cover) => cover.id)).toEqual(["b"]);
      expect(await (await shelf.openStore("a")).get("log", "x")).toBeNull();
      expect(await (await shelf.openStore("b")).get("log", "x")).toEqual(bytes(1));
    });
  });
}
