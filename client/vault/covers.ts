/** The cover of a pocket: all that can be read while it is locked, as the shelf keeps it and as the page sees it. */

import type { WayIn } from "../../crypto/types.ts";
import { parseWayIn } from "../../crypto/ways-in.ts";
import type { PocketCover, PocketId, WayInKind } from "./api.ts";
import { VaultFailure } from "./failure.ts";
import { type CoverRow, type Shelf, STORE_FORMAT } from "./ports.ts";

/** What stands in `CoverRow.cover`. */
export type PlainCover = Omit<PocketCover, "id" | "waysIn" | "doorOpen">;

export function toCover(row: CoverRow): PocketCover {
  const plain = JSON.parse(row.cover) as PlainCover;
  return { ...plain, id: row.id as PocketId, waysIn: row.waysIn.flatMap(kindOf), doorOpen: row.door !== null };
}

export const encodeCover = (plain: PlainCover): string => JSON.stringify(plain);
export const decodeCover = (row: CoverRow): PlainCover => JSON.parse(row.cover) as PlainCover;

/** The cover of one pocket. @throws VaultFailure store-unreadable when there is none, older-store */
export async function findCover(shelf: Shelf, pocket: string): Promise<CoverRow> {
  const row = (await shelf.covers()).find(({ id }) => id === pocket);
  if (row === undefined) throw new VaultFailure("store-unreadable");
  if (row.format !== STORE_FORMAT) throw new VaultFailure("older-store");
  return row;
}

/** A way in whose header we can't read stays where it is and isn't offered. */
function kindOf(bytes: Uint8Array): WayInKind[] {
  try {
    const { kind } = parseWayIn(bytes as WayIn);
    return kind === "prf" ? [] : [kind];
  } catch {
    return [];
  }
}
