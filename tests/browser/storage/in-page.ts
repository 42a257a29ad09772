/** Runs in the page: the acceptance suite of storage over the browser's own IndexedDB, and handles for the spec. */
import { openShelf } from "../../../client/storage/shelf.ts";
import type { Shelf, VaultStore } from "../../../client/vault/ports.ts";
import { storageAcceptance } from "../../client/storage/storage-acceptance.ts";
import { tests } from "./small-vitest.ts";

export interface InPage {
  /** Name of each test, with what went wrong, or null. */
  runAcceptance(): Promise<readonly (readonly [string, string | null])[]>;
  /** Durability of every transaction that wrote so far. */
  readonly durabilities: string[];
  /** "ok", or the code of the error. */
  commit(key: string, size: number): Promise<string>;
  sizeOf(key: string): Promise<number | null>;
  readonly takenAway: number;
}

const durabilities: string[] = [];
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given) {
  const made = transaction.apply(this, given);
  if (made.mode === "readwrite") durabilities.push(made.durability);
  return made;
};

async function freshShelf(): Promise<Shelf> {
  for (const { name } of await indexedDB.databases()) {
    await new Promise((resolve) => {
      if (name !== undefined) indexedDB.deleteDatabase(name).onsuccess = resolve;
    });
  }
  return openShelf();
}

storageAcceptance("Dexie", freshShelf);

let store: VaultStore | null = null;
let takenAway = 0;
const opened = async (): Promise<VaultStore> => {
  store ??= await (await openShelf()).openStore("held", () => {
    takenAway++;
  });
  return store;
};

const page: InPage = {
  durabilities,
  runAcceptance: async () => {
    const results: [string, string | null][] = [];
    for (const { name, run } of tests) {
      const wrong = await run().then(
        () => null,
        (error: unknown) => String(error),
      );
      results.push([name, wrong]);
    }
    return results;
  },
  commit: async (key, size) => {
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
    const whole = new Uint8Array(size).map((_, at) => bytes[at % bytes.length] as number);
    return (await opened()).commit([{ put: "blobs", key, bytes: whole }]).then(
      () => "ok",
      (error: { readonly code?: string }) => error.code ?? String(error),
    );
  },
  sizeOf: async (key) => (await (await opened()).get("blobs", key))?.length ?? null,
  get takenAway() {
    return takenAway;
  },
};
Object.assign(globalThis, { inPage: page });
