/**
 * The vault by itself in a worker of the product's origin, over a pocket that lies there: what its calls take, without a
 * page. Unlocking is measured through the product's page (bench/client.ts); the KDF here is only a way in.
 */
import { createAlone } from "../../client/vault/alone.ts";
import type { VaultApi } from "../../client/vault/api.ts";
import type { CommitOptions, Shelf, Write } from "../../client/vault/ports.ts";
import { createVault } from "../../client/vault/vault.ts";
import { ready } from "../../crypto/sodium.ts";
import { browserParts } from "../../tests/realistic/browser-parts.ts";
import { CODE } from "../../tests/realistic/sizes.ts";
import { type CallFigures, quantile, SEARCHES, timesOf } from "./figures.ts";

const ADDED = 20;

async function measure(): Promise<CallFigures> {
  await ready();
  const parts = await browserParts();
  const { shelf, written } = counted(parts.shelf);
  const vault = createVault({ ...parts, shelf, connect: async (pocket) => createAlone(pocket) });
  const [cover] = await vault.covers();
  if (cover === undefined) throw new Error("no pocket lies here");
  await vault.unlock(cover.id, { kind: "pictures", pictures: CODE });
  const complete = new Promise<void>((done) => {
    void vault.listen((event) => {
      if (event.type === "changed" && event.what === "search") done();
    });
  });
  if (!(await vault.search("", {}, 1)).complete) await complete;

  const searches = await timesOf(SEARCHES, (query) => vault.search(query, {}, 30));
  const before = { ...written };
  const added = await timesOf(
    Array.from({ length: ADDED }, (_, at) => at),
    () => addOne(vault),
  );
  return {
    addEntryRows: (written.rows - before.rows) / ADDED,
    addEntryBytes: Math.round((written.bytes - before.bytes) / ADDED),
    searchP95Ms: quantile(searches, 0.95),
    searchMedianMs: quantile(searches, 0.5),
    addEntryMs: quantile(added, 0.5),
  };
}

/** One more entry, durable when it resolves. */
const addOne = (vault: VaultApi) => vault.createDocument("entry");

/** A shelf that counts what its stores write. */
function counted(shelf: Shelf): { readonly shelf: Shelf; readonly written: { rows: number; bytes: number } } {
  const written = { rows: 0, bytes: 0 };
  const openStore: Shelf["openStore"] = async (pocket, ...more) => {
    const store = await shelf.openStore(pocket, ...more);
    return Object.assign(Object.create(store) as typeof store, {
      commit: (writes: readonly Write[], options?: CommitOptions) => {
        written.rows += writes.length;
        for (const write of writes) written.bytes += "put" in write ? write.bytes.length : 0;
        return store.commit(writes, options);
      },
    });
  };
  return { shelf: Object.assign(Object.create(shelf) as Shelf, { openStore }), written };
}

self.onmessage = () => {
  measure().then(
    (figures) => self.postMessage(figures),
    (error: unknown) => self.postMessage({ error: error instanceof Error ? error.stack : String(error) }),
  );
};
