/**
 * The cover and the shelf as the small pocket sees them: it knows its own ways in only, and what it changes on the cover is
 * the look of the pocket and the count of wrong codes. The door, the ways in and the bytes of Burn are out of its reach.
 */
import { VaultFailure } from "../failure.ts";
import type { BurnFile, CoverRow, Shelf } from "../ports.ts";

export const sideRowOf = (row: CoverRow): CoverRow => ({
  ...row,
  waysIn: row.side?.waysIn ?? [],
  door: null,
  side: null,
  passkey: null,
});

export const createSideShelf = (shelf: Shelf): Shelf => ({
  covers: async () => (await shelf.covers()).map(sideRowOf),
  putCover: () => Promise.reject(new VaultFailure("not-allowed")),
  changeCover: async (id, change) => {
    const kept = await shelf.changeCover(id, (row) => {
      const changed = change(sideRowOf(row));
      // A right second code forgives no wrong first one.
      const tries = changed.failed > row.failed ? changed : row;
      return { ...row, cover: changed.cover, failed: tries.failed, nextTryAt: tries.nextTryAt };
    });
    return sideRowOf(kept);
  },
  openStore: () => Promise.reject(new VaultFailure("not-allowed")),
  remove: () => Promise.reject(new VaultFailure("not-allowed")),
});

export const noBurnFile: BurnFile = {
  read: async () => [],
  write: () => Promise.reject(new VaultFailure("not-allowed")),
};
