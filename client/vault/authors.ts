/** Whose records count in a circle, as its newest verified roster says. Spec: docs/protocol/circles.md §4. */
import { equalBytes, toHex } from "../../crypto/sodium.ts";
import type { AuthorPublicKey, SpaceId } from "../../crypto/types.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import { retire } from "./own-rotation.ts";
import type { Pocket } from "./pocket.ts";
import { isChange, isOwnersRetired, retireRows } from "./retired.ts";
import type { RosterFacts } from "./sharing/ports.ts";
import type { LogRow } from "./space-rows.ts";

/**
 * One strict transaction. Keys that are in the roster no more count as far as its frontier says. False when
 * it is known already. Inside `store.exclusive`.
 */
export async function adoptRoster(
  pocket: Pocket,
  space: SpaceId,
  { number, members, frontier }: RosterFacts,
  joined: boolean,
): Promise<boolean> {
  const { store, keyring, clock } = pocket;
  const log = pocket.log(space);
  const state = await log.state();
  const keys = keyring.space(space);
  if (keys === null) throw new VaultFailure("not-here");
  if (number <= (state.roster ?? -1)) return false;
  const authors = members.map(({ author }) => author);
  const owners = members.filter(({ role }) => role === "owner").map(({ author }) => author);
  const isOut = (author: AuthorPublicKey): boolean => !authors.some((one) => equalBytes(one, author));
  const wasOwner = (author: AuthorPublicKey): boolean =>
    state.owners.some((one) => equalBytes(one, author)) || isOwnersRetired(keys.retired ?? [], author);
  const signers = state.owners.filter(isOut);
  const ended = frontier.filter(({ author }) => isOut(author));
  const retired = retire(keys.retired ?? [], ended, signers, space, number, wasOwner);
  // What I signed on another device, and that one may never say again.
  const isMine = (row: LogRow): boolean => isChange(row) && isMyKey(row.author);
  const isMyKey = (author: LogRow["author"]): boolean =>
    author !== null && (keys.right === "own" ? wasOwner(author) : equalBytes(author, keys.author.publicKey));
  const batch = new Batch();
  const after =
    retired.length === 0
      ? { state }
      : await retireRows(log, batch, state, { retired, rescues: isMine, now: clock.now() });
  const ids = members.map(({ author, memberId }) => [toHex(author), memberId] as const);
  log.putState(batch, {
    ...after.state,
    authors,
    owners,
    roster: number,
    members: { ...state.members, ...Object.fromEntries(ids) },
    joined: joined ? frontier : state.joined,
  });
  if (retired.length > 0) keyring.writeSpace(batch, { ...keys, retired });
  await batch.commit(store);
  return true;
}
