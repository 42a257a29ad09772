/**
 * The shelf of all pockets of this browser: a small database of covers, and one database per pocket beside it, so that
 * two siblings' pockets share nothing and one can be deleted without touching the other.
 */
import Dexie from "dexie";
import type { CoverRow, Reserve, Shelf } from "../vault/ports.ts";
import { STORE_FORMAT, StoreError } from "../vault/ports.ts";
import { openDatabase, ownBytes } from "./database.ts";
import { asStoreErrors, toStoreError } from "./errors.ts";
import { openPocketStore, withReserve } from "./pocket-store.ts";
import { noReserve } from "./reserve.ts";

/** Neutral on purpose, like everything that shows on the outside. */
const SHELF = "lomme";
/** Of the shelf itself, apart from STORE_FORMAT: covers of other formats must stay readable, so that we can say so. */
const SHELF_FORMAT = 1;

function databaseOf(id: string): string {
  return `${SHELF}-${id}`;
}

/** @throws StoreError other-format when a later build has changed the shelf itself */
export async function openShelf(reserve: Reserve = noReserve): Promise<Shelf & { close(): void }> {
  const database = await openDatabase(SHELF, SHELF_FORMAT, ["covers"], () => {});
  const covers = database.table<CoverRow, string>("covers");

  const refuseOtherFormat = async (id: string): Promise<void> => {
    const there = await covers.get(id);
    if (there !== undefined && there.format !== STORE_FORMAT) throw new StoreError("other-format");
  };

  /** A code that is tried is counted: without room for that, a full disk would lock everybody out. */
  const writing = <T>(work: () => Promise<T>): Promise<T> =>
    withReserve(reserve, "all", () => asStoreErrors(() => database.transaction("rw", covers, work)));

  return {
    covers: () => asStoreErrors(() => covers.toArray()),

    putCover: (cover) =>
      writing(async () => {
        await refuseOtherFormat(cover.id);
        await covers.put(withOwnBytes(cover), cover.id);
      }),

    changeCover: (id, change) =>
      writing(async () => {
        await refuseOtherFormat(id);
        const now = await covers.get(id);
        if (now === undefined) throw new StoreError("store-failed", "no such cover");
        const next = change(now);
        await covers.put(withOwnBytes(next), id);
        return next;
      }),

    openStore: async (id, onClosed = () => {}) => {
      await asStoreErrors(() => refuseOtherFormat(id));
      return openPocketStore(databaseOf(id), onClosed, reserve);
    },

    remove: async (id) => {
      // The cover last: broken off in between, the pocket is still listed and can be removed again.
      try {
        await Dexie.delete(databaseOf(id));
      } catch (error) {
        throw toStoreError(error);
      }
      await asStoreErrors(() => covers.delete(id));
    },

    close: () => database.close(),
  };
}

function withOwnBytes(cover: CoverRow): CoverRow {
  const waysIn = cover.waysIn.map(ownBytes);
  const door = cover.door && ownBytes(cover.door);
  const side = cover.side && { ...cover.side, waysIn: cover.side.waysIn.map(ownBytes) };
  const key = cover.passkey;
  const passkey = key && { credential: ownBytes(key.credential), salt: ownBytes(key.salt) };
  return { ...cover, waysIn, door, ...(side && { side }), ...(passkey && { passkey }) };
}
