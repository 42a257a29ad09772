/**
 * The key of the small pocket that the second code opens, kept in the pocket whose child made it: from here keys lead to
 * the small pocket, never back. Spec: docs/protocol/store.md §14.
 */
import type { Burn, VaultKey, WayIn } from "../../../crypto/types.ts";
import { rewrapWayIn } from "../../../crypto/ways-in.ts";
import type { CoverRow, SideCover } from "../ports.ts";
import type { SealedStore } from "../sealed-store.ts";

export interface SideRow {
  /** Name of its database. */
  readonly id: string;
  readonly vaultKey: VaultKey;
}

const GROUP = ["side"] as const;

/** Null where no small pocket was ever made here. */
export const readSideRow = (store: SealedStore): Promise<SideRow | null> =>
  store.read<SideRow>("keyring", GROUP, "now");

export const putSideRow = (store: SealedStore, row: SideRow) => store.put("keyring", GROUP, "now", row);
export const removeSideRow = (store: SealedStore) => store.remove("keyring", GROUP, "now");

/** The second code's ways in, wrapped anew for other bytes of Burn; the code need not be given. Null without one. */
export async function rewrapSide(store: SealedStore, row: CoverRow, burn: Burn): Promise<SideCover | null> {
  const side = row.side ?? null;
  const kept = side === null ? null : await readSideRow(store);
  if (side === null || kept === null || kept.id !== side.id) return null;
  const waysIn = (side.waysIn as readonly WayIn[]).slice(0, 1);
  return { id: side.id, waysIn: waysIn.map((way) => rewrapWayIn(way, kept.vaultKey, burn)) };
}
