/**
 * The member's wrap of a circle: write seeds of the epochs they may read, under a tag that only the two can compute.
 * Whoever is offline through three rotations comes back through this one door. Spec: docs/protocol/circles.md §5.
 */
import { type EpochKeys, encodeEpochKeys, parseEpochKeys } from "../../../crypto/epoch-keys.ts";
import { deriveLadder } from "../../../crypto/ladder.ts";
import { circlePsk, openWrap, pairWrapSecret, type WrapContext, wrapTag, wrapTo } from "../../../crypto/recipients.ts";
import { deriveAuthorKeys, deriveDeviceKey, derivePairKey } from "../../../crypto/renewed.ts";
import { NO_CHECKPOINT } from "../../../crypto/rosters.ts";
import type {
  AuthorKeyPair,
  AuthorPublicKey,
  Hash32,
  IdentityPublicKey,
  OwnSeed,
  PairKey,
  RungSeed,
  SpaceId,
  Wrap,
  WrapTag,
  WriteSeed,
} from "../../../crypto/types.ts";
import type { TaggedWrap } from "../../../protocol/frames.ts";
import { VaultFailure } from "../failure.ts";
import { ALL_DEVICES } from "../own-renewal.ts";
import type { CircleRow, PersonRow } from "./ledger.ts";
import { cardKeys } from "./people.ts";
import type { Self } from "./ports.ts";

/**
 * The recipient can't know which epoch it will find, so none is bound; the keys inside name theirs, and whoever gets an
 * old wrap back finds nothing newer than it has.
 */
const NO_EPOCH = 0;

type Keys = Pick<CircleRow, "space" | "mine" | "epochs">;

/** K between the two: that of the pairing in the first epoch, and another with each rotation (crypto/renewed.ts). */
function pairKeyIn(person: PersonRow, { space, mine, epochs }: Keys): PairKey {
  const { epoch, seed } = newestOf(epochs);
  if (epoch > 1) return derivePairKey((mine ? writeSeedOf(space, epoch, seed) : seed) as WriteSeed, { space, epoch });
  if (person.pairKey === null) throw new VaultFailure("not-allowed");
  return person.pairKey;
}

/** With which I sign there: the owner has another with each rotation, the member that of the pairing. */
export function myAuthorIn(person: PersonRow, { space, mine, epochs }: Keys): AuthorKeyPair {
  const { epoch, seed } = newestOf(epochs);
  return mine && epoch > 1 ? deriveAuthorKeys(seed as OwnSeed, { space, epoch }) : person.myAuthor;
}

/** All with which I ever signed there. */
export const myAuthorsIn = (person: PersonRow, circle: Keys): readonly AuthorPublicKey[] => [
  ...(person.myEarlier ?? []),
  ...circle.epochs.map(({ epoch }) => {
    const epochs = circle.epochs.filter((one) => one.epoch <= epoch);
    return myAuthorIn(person, { ...circle, epochs }).publicKey;
  }),
];

function newestOf(epochs: CircleRow["epochs"]) {
  const newest = epochs.at(-1);
  if (newest === undefined) throw new VaultFailure("failed");
  return newest;
}

/** Where the next wrap for the member lies. */
export const memberTag = (person: PersonRow, circle: Keys): WrapTag =>
  wrapTag(pairWrapSecret(pairKeyIn(person, circle)), circle.space);

/**
 * What `person` may read from now on: every epoch of the circle, as long as it is one circle for the two. `before`: the
 * circle as the other knows it, where the wrap is about a rotation.
 */
export function wrapForMember(
  self: Self,
  person: PersonRow,
  circle: CircleRow,
  checkpoint: Hash32,
  before: Keys = circle,
): TaggedWrap {
  const { space, owner } = circle;
  const { identity, box } = cardKeys(person);
  const epochs = circle.epochs.map(({ epoch, seed }) => ({ epoch, seed: writeSeedOf(space, epoch, seed) }));
  const payload = encodeEpochKeys({ right: "write", space, checkpoint, owner, epochs });
  const context = contextOf(space, self.identity.publicKey, identity);
  const bytes = wrapTo(payload, box, context, circlePsk(pairKeyIn(person, before), space));
  return { tag: memberTag(person, before), bytes, waitSeconds: 0 };
}

/** The circle as it was in the epoch before this one. */
export const beforeEpoch = (circle: CircleRow, epoch: number): CircleRow => ({
  ...circle,
  epochs: circle.epochs.filter((known) => known.epoch < epoch),
});

/** @throws CryptoError does-not-open, unknown-version, bad-format */
export function openMemberWrap(self: Self, person: PersonRow, circle: Keys, wrap: Uint8Array): EpochKeys {
  const { space } = circle;
  const context = contextOf(space, cardKeys(person).identity, self.identity.publicKey);
  return parseEpochKeys(openWrap(wrap as Wrap, self.box.seed, context, circlePsk(pairKeyIn(person, circle), space)));
}

/** Names and authenticates the next wrap that a rotation leaves for my own devices; null where it isn't mine. */
export function ownKeyIn({ space, ownKey, epochs }: Pick<CircleRow, "space" | "ownKey" | "epochs">): PairKey | null {
  const { epoch, seed } = newestOf(epochs);
  return ownKey === null || epoch === 1 ? ownKey : deriveDeviceKey(seed as OwnSeed, { space, epoch }, ALL_DEVICES);
}

/**
 * What a rotation leaves for my own devices, whichever of them made it: every epoch, under a tag that only they know.
 * `circle`: before the rotation.
 */
export function wrapForOwn(self: Self, circle: CircleRow, epochs: CircleRow["epochs"]): TaggedWrap[] {
  const { space, owner } = circle;
  const ownKey = ownKeyIn(circle);
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
