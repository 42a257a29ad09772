/** The cover of a pocket: all that can be read while it is locked, as the shelf keeps it and as the page sees it. */
import type { WayIn } from "../../crypto/types.ts";
import { parseWayIn } from "../../crypto/ways-in.ts";
import type { PocketCover, PocketId, WayInKind } from "./api.ts";
import type { PasskeyCover } from "./api-passkey.ts";
import { VaultFailure } from "./failure.ts";
import { isPasskey, PASSKEY_PICTURES } from "./passkey.ts";
import { type CoverRow, type Shelf, STORE_FORMAT } from "./ports.ts";

/** What stands in `CoverRow.cover`. */
export type PlainCover = Omit<PocketCover, "id" | "waysIn" | "passkey" | "doorOpen" | "isSide">;

export function toCover(row: CoverRow): PocketCover {
  const plain = JSON.parse(row.cover) as PlainCover;
  const waysIn = row.waysIn.flatMap(kindOf);
  return { ...plain, id: row.id as PocketId, waysIn, passkey: passkeyOf(row), doorOpen: row.door !== null };
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
    return [parseWayIn(bytes as WayIn).kind];
  } catch {
    return [];
  }
}

function passkeyOf({ passkey, waysIn }: CoverRow): PasskeyCover | null {
  const way = waysIn.find(isPasskey);
  if (!passkey || way === undefined) return null;
  return { ...passkey, pictures: parseWayIn(way as WayIn).params === null ? 0 : PASSKEY_PICTURES };
}
