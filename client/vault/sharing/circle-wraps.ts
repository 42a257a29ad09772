/**
 * The member's wrap of a circle: write seeds of the epochs they may read, under a tag that only the two can compute.
 * Whoever is offline through three rotations comes back through this one door. Spec: docs/protocol/circles.md §5.
 */
import { type EpochKeys, encodeEpochKeys, parseEpochKeys } from "../../../crypto/epoch-keys.ts";
import { deriveLadder } from "../../../crypto/ladder.ts";
import { circlePsk, openWrap, pairWrapSecret, type WrapContext, wrapTag, wrapTo } from "../../../crypto/recipients.ts";
import { NO_CHECKPOINT } from "../../../crypto/rosters.ts";
import type { Hash32, IdentityPublicKey, PairKey, RungSeed, SpaceId, Wrap, WrapTag } from "../../../crypto/types.ts";
import type { TaggedWrap } from "../../../protocol/frames.ts";
import { VaultFailure } from "../failure.ts";
import type { CircleRow, PersonRow } from "./ledger.ts";
import { cardKeys } from "./people.ts";
import type { Self } from "./ports.ts";

/**
 * The recipient can't know which epoch it will find, so none is bound; the keys inside name theirs, and whoever gets an
 * old wrap back finds nothing newer than it has.
 */
const NO_EPOCH = 0;

export const memberTag = (person: PersonRow, space: SpaceId): WrapTag =>
  wrapTag(pairWrapSecret(pairKeyOf(person)), space);

/** What `person` may read from now on: every epoch of the circle, as long as it is one circle for the two. */
export function wrapForMember(self: Self, person: PersonRow, circle: CircleRow, checkpoint: Hash32): TaggedWrap {
  const { space, owner } = circle;
  const { identity, box } = cardKeys(person);
  const epochs = circle.epochs.map(({ epoch, seed }) => ({ epoch, seed: writeSeedOf(space, epoch, seed) }));
  const payload = encodeEpochKeys({ right: "write", space, checkpoint, owner, epochs });
  const context = contextOf(space, self.identity.publicKey, identity);
  const bytes = wrapTo(payload, box, context, circlePsk(pairKeyOf(person), space));
  return { tag: memberTag(person, space), bytes, waitSeconds: 0 };
}

/** @throws CryptoError does-not-open, unknown-version, bad-format */
export function openMemberWrap(self: Self, person: PersonRow, space: SpaceId, wrap: Uint8Array): EpochKeys {
  const context = contextOf(space, cardKeys(person).identity, self.identity.publicKey);
  return parseEpochKeys(openWrap(wrap as Wrap, self.box.seed, context, circlePsk(pairKeyOf(person), space)));
}

/** What a rotation leaves for my own devices, whichever of them made it: every epoch, under a tag that only they know. */
export function wrapForOwn(self: Self, { space, owner, ownKey }: CircleRow, epochs: CircleRow["epochs"]): TaggedWrap[] {
  if (ownKey === null) return [];
  const { publicKey } = self.identity;
  const payload = encodeEpochKeys({ right: "own", space, checkpoint: NO_CHECKPOINT, owner, epochs });
  const bytes = wrapTo(payload, self.box.publicKey, contextOf(space, publicKey, publicKey), circlePsk(ownKey, space));
  return [{ tag: ownTag(ownKey, space), bytes, waitSeconds: 0 }];
}

export const ownTag = (ownKey: PairKey, space: SpaceId): WrapTag => wrapTag(pairWrapSecret(ownKey), space);

/** @throws CryptoError does-not-open, unknown-version, bad-format */
export function openOwnWrap(self: Self, ownKey: PairKey, space: SpaceId, wrap: Uint8Array): EpochKeys {
  const { publicKey } = self.identity;
  const context = contextOf(space, publicKey, publicKey);
  return parseEpochKeys(openWrap(wrap as Wrap, self.box.seed, context, circlePsk(ownKey, space)));
}

/** The write seed below an own seed. */
export function writeSeedOf(space: SpaceId, epoch: number, seed: RungSeed): RungSeed {
  const { writeSeed } = deriveLadder({ right: "own", seed, space, epoch });
  if (writeSeed === undefined) throw new VaultFailure("failed");
  return writeSeed;
}

const contextOf = (space: SpaceId, sender: IdentityPublicKey, recipient: IdentityPublicKey): WrapContext => ({
  purpose: "circle",
  space,
  epoch: NO_EPOCH,
  sender,
  recipient,
});

function pairKeyOf(person: PersonRow) {
  if (person.pairKey === null) throw new VaultFailure("not-allowed");
  return person.pairKey;
}
