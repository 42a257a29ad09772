/**
 * Renewing V: new bytes of Burn over the old ones, a new V, every row sealed again. Afterwards a copy of a way in that was
 * left out opens nothing, wherever it lies. Spec: docs/protocol/store.md §12, docs/protocol/unlocking.md §4.
 *
 * Each step leaves a pocket that opens with the same code and loses nothing when everything stops right after it:
 *
 * | step | opens | rows are under |
 * |---|---|---|
 * | 1 the old V is kept, sealed under the new one | old ways: old V | old |
 * | 2 the cover has the ways for both | old ways: old V | old |
 * | 3 the bytes of Burn are overwritten | new ways: new V, and with it the old | old |
 * | 4 the old ways leave the cover | as 3 | old |
 * | 5 rows are sealed anew, portion by portion | as 3 | old or new |
 * | 6 the old V is forgotten | new ways: new V | new |
 *
 * Broken off within 3, whichever opens is right: nothing is under the new V yet. `continueRenewal` repeats 3 and 4 before
 * it goes on, so that from 5 on only the new ways open.
 */
import { equalBytes } from "../../crypto/sodium.ts";
import type { WayIn } from "../../crypto/types.ts";
import { createBurn, createVaultKey } from "../../crypto/unlocking.ts";
import { rewrapWayIn } from "../../crypto/ways-in.ts";
import type { Pocket } from "./pocket.ts";
import type { SideCover } from "./ports.ts";
import { rewrapSide } from "./side/side-keys.ts";

/**
 * `ways`: those that shall open the new V, known from the cover or just made; all others end. In a turn of `pocket.ways`.
 * @throws StoreError
 */
export async function renewVault(pocket: Pocket, ways: readonly WayIn[]): Promise<void> {
  await continueRenewal(pocket);
  const next = createVaultKey();
  const burn = createBurn();
  const fresh = ways.map((way) => rewrapWayIn(way, next, burn));
  // The second code's key stays what it is; only the bytes of Burn on which its way in depends are others.
  const side = await rewrapSide(pocket.store, pocket.row, burn);
  const old = [...pocket.row.waysIn, ...(side === null ? [] : (pocket.row.side?.waysIn ?? []))];
  await pocket.store.keepBefore(next, { vaultKey: pocket.vaultKey, old });
  await pocket.changeRow((row) => ({ ...row, waysIn: [...row.waysIn, ...fresh], side: joined(row.side, side) }));
  await pocket.burnFile.write(pocket.row.id, burn);
  await pocket.store.changeKey(next);
  pocket.adoptKeys(next, burn);
  await finish(pocket, old);
}

/** After unlocking between two keys: what a closing broke off is done to its end. In a turn of `pocket.ways`. */
export async function continueRenewal(pocket: Pocket): Promise<void> {
  const { before } = pocket.store;
  if (before === null) return;
  await pocket.burnFile.write(pocket.row.id, pocket.burn);
  await finish(pocket, before.old);
}

/**
 * The old ways leave, and nothing else: a code or a passkey that was made since (step 5 may have waited for room over many
 * an unlock) stays, and one that was taken away stays away.
 */
async function finish(pocket: Pocket, old: readonly Uint8Array[]): Promise<void> {
  const stays = (way: Uint8Array): boolean => !old.some((one) => equalBytes(one, way));
  await pocket.changeRow((row) => ({
    ...row,
    waysIn: row.waysIn.filter(stays),
    side: row.side ? { ...row.side, waysIn: row.side.waysIn.filter(stays) } : null,
  }));
  await pocket.store.sealAnew();
}

/** The second code opens before and after the bytes of Burn are overwritten. */
const joined = (now: SideCover | null | undefined, fresh: SideCover | null): SideCover | null =>
  now && fresh && now.id === fresh.id ? { ...now, waysIn: [...now.waysIn, ...fresh.waysIn] } : (now ?? null);
