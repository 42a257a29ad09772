/**
 * What a rotation renews beside the ladder, out of the new epoch's own seed: whoever has the seed has them, on whichever
 * device and in whatever order things arrive; whoever has not, has none of them, whatever it held before.
 *
 *   author key    = Ed25519 from derive(own seed, "…/own-seed/author-key",      space 16, u64 epoch)
 *   key of a device = derive(own seed,   "…/own-seed/device-pair-key",    space 16, u64 epoch, device 16)
 *   pair key      = derive(write seed, "…/write-seed/renewed-pair-key", space 16, u64 epoch)
 *
 * The author key is that of the space's owner from this epoch on. The key of a device names (wrapTag) and authenticates
 * (circlePsk) the wrap in which the *next* rotation leaves its keys for that device. The pair key takes the place of K
 * between the two people of a circle. Spec: docs/protocol/keys.md §4. Vectors: tests/vectors/renewed.json.
 */
import { u64 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { memzero, signingPairFromSeed } from "./sodium.ts";
import type { AuthorKeyPair, OwnSeed, PairKey, SpaceId, WriteSeed } from "./types.ts";

export interface EpochPlace {
  readonly space: SpaceId;
  readonly epoch: number;
}

/** @throws bad-size, bad-format */
export function deriveAuthorKeys(seed: OwnSeed, { space, epoch }: EpochPlace): AuthorKeyPair {
  const signingSeed = derive(seed, LABELS.renewedAuthor, [idToBytes(space), u64(epoch)]);
  const pair = signingPairFromSeed(signingSeed) as AuthorKeyPair;
  memzero(signingSeed);
  return pair;
}

/** 32 bytes; `device` is 32 hex digits. @throws bad-size, bad-format */
export const deriveDeviceKey = (seed: OwnSeed, { space, epoch }: EpochPlace, device: string): PairKey =>
  derive(seed, LABELS.renewedOwnKey, [idToBytes(space), u64(epoch), idToBytes(device)]) as PairKey;

/** 32 bytes. @throws bad-size, bad-format */
export const derivePairKey = (seed: WriteSeed, { space, epoch }: EpochPlace): PairKey =>
  derive(seed, LABELS.renewedPairKey, [idToBytes(space), u64(epoch)]) as PairKey;
