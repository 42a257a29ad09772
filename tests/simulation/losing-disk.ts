/**
 * The product's own storage (Dexie) on fake-indexeddb, which has no disk: here it gets one. A commit that was not asked for
 * as strict reaches the disk with the next strict one of the same database, as browsers do it; a crash before that undoes
 * it. So a transaction somewhere without strict durability is what it is on a tablet: an entry that was said to be saved.
 *
 * Time stands still while the database works, so that a seed gives the same order every time.
 */
// First: Dexie looks for IndexedDB while it is being loaded.
import "fake-indexeddb/auto";

import Dexie from "dexie";
import { IDBDatabase as FakeDatabase, IDBFactory } from "fake-indexeddb";
import { openShelf } from "../../client/storage/shelf.ts";
import { StoreError, type VaultStore } from "../../client/vault/ports.ts";
import type { Disk } from "./disk.ts";
import type { World } from "./world.ts";

/** Of fake-indexeddb's transaction: how to undo what it did, step by step. */
interface Undoable {
  readonly _rollbackLog: readonly (() => void)[];
}

/** By database, oldest first: committed, and not on the disk yet. */
const unflushed = new Map<string, Undoable[]>();
/** Databases whose commits are all relaxed. */
const relaxed = new Set<string>();

const transactionOf = FakeDatabase.prototype.transaction;
FakeDatabase.prototype.transaction = function (this: IDBDatabase, names, mode, options): IDBTransaction {
  const asked: IDBTransactionOptions | undefined = relaxed.has(this.name) ? { durability: "relaxed" } : options;
  const transaction = transactionOf.call(this, names, mode, asked);
  if (mode === "readwrite") {
    transaction.addEventListener("complete", () => {
      if (transaction.durability === "strict") unflushed.delete(this.name);
      else unflushed.set(this.name, [...(unflushed.get(this.name) ?? []), transaction as unknown as Undoable]);
    });
  }
  return transaction;
};

export interface LosingDisks {
  /** The disk of one device. */
  disk(world: World, device: number): Promise<Disk>;
}

/**
 * Databases of one simulation. `everything`: "relaxed" turns strict commits into relaxed ones, to see that they are missed.
 */
export function createLosingDisks(everything: "relaxed" | null = null): LosingDisks {
  globalThis.indexedDB = new IDBFactory();
  // Dexie keeps the factory it found first in its dependencies.
  Dexie.dependencies.indexedDB = globalThis.indexedDB;
  unflushed.clear();
  relaxed.clear();
  return {
    async disk(world, device) {
      const shelf = await world.standStill(() => openShelf());
      const id = `device-${device}`;
      let close = (): void => undefined;
      let made = false;
      return {
        shelf,
        open: async () => {
          const store = await world.standStill(() => shelf.openStore(id));
          const opened = slowed(store, world);
          close = opened.end;
          // What makes the pocket is strict in any case: without it there would be nothing to lose.
          if (made && everything === "relaxed") relaxed.add(`lomme-${id}`);
          made = true;
          return opened.store;
        },
        crash: () => {
          close();
          const lost = unflushed.get(`lomme-${id}`) ?? [];
          unflushed.delete(`lomme-${id}`);
          for (const { _rollbackLog: steps } of lost.reverse()) for (const undo of [...steps].reverse()) undo();
        },
      };
    },
  };
}

/** A disk takes time, and a handle of before a crash does nothing any more. */
function slowed(store: VaultStore, world: World): { readonly store: VaultStore; end(): void } {
  let over = false;
  const still = <T>(work: () => Promise<T>): Promise<T> => {
    if (over) throw new StoreError("store-closed");
    return world.standStill(work);
  };
  return {
    store: {
      get: async (table, key) => still(() => store.get(table, key)),
      range: async (table, prefix) => still(() => store.range(table, prefix)),
      measure: async (table, prefix) => still(() => store.measure(table, prefix)),
      commit: async (writes) => {
        await world.sleep(world.between(1, 10));
        await still(() => store.commit(writes));
      },
      close: () => store.close(),
    },
    end: () => {
      over = true;
      store.close();
    },
  };
}
