/**
 * The ladder of one epoch: own seed (random) → write seed → read seed → content key, and at each rung an Ed25519 key
 * that proves the right to the server. Whoever has a rung has everything below and nothing above. Each step is a
 * labelled KDF over space and epoch, so a seed carried into another space or epoch gives other keys.
 *
 *   write seed  = derive(own seed,   "…/own-seed/write-seed",   space, u64 epoch)
 *   read seed   = derive(write seed, "…/write-seed/read-seed",  space, u64 epoch)
 *   content key = derive(read seed,  "…/read-seed/content-key", space, u64 epoch)
 *   capability  = Ed25519 from derive(rung's seed, "…/<rung>/capability", space, u64 epoch)
 *
 * There is no way from one epoch to another: each own seed is random. Spec: docs/protocol/keys.md §4.
 */
import { u64 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { idToBytes } from "./ids.ts";
import { LABELS, type Label } from "./labels.ts";
import { KEY_BYTES, memzero, randomBytes, signingPairFromSeed } from "./sodium.ts";
import type { CapabilityKeyPair, ContentKey, OwnSeed, ReadSeed, Right, RungSeed, SpaceId, WriteSeed } from "./types.ts";

export type Rung = { readonly right: Right; readonly seed: RungSeed; readonly space: SpaceId; readonly epoch: number };

export type Ladder = {
  readonly right: Right;
  readonly space: SpaceId;
  readonly epoch: number;
  readonly ownSeed?: OwnSeed;
  readonly writeSeed?: WriteSeed;
  readonly readSeed: ReadSeed;
  readonly contentKey: ContentKey;
  /** A key pair for each rung that this one includes; `own` is what the server registers for "own", and so on. */
  readonly capabilities: {
    readonly own?: CapabilityKeyPair;
    readonly write?: CapabilityKeyPair;
    readonly read: CapabilityKeyPair;
  };
};

/** 32 random bytes: the top of a new epoch's ladder. */
export const createOwnSeed = (): OwnSeed => randomBytes(KEY_BYTES) as OwnSeed;

/** All keys that `right` includes, from the 32-byte seed of its rung. @throws bad-size, bad-format */
export function deriveLadder({ right, seed, space, epoch }: Rung): Ladder {
  const place = [idToBytes(space), u64(epoch)];
  const step = (parent: Uint8Array, label: Label): Uint8Array => derive(parent, label, place);
  const capability = (parent: Uint8Array, label: Label): CapabilityKeyPair => {
    const signingSeed = step(parent, label);
    const pair = signingPairFromSeed(signingSeed) as CapabilityKeyPair;
    memzero(signingSeed);
    return pair;
  };

  const ownSeed = right === "own" ? (seed as OwnSeed) : undefined;
  const writeSeed =
    ownSeed !== undefined
      ? (step(ownSeed, LABELS.writeSeed) as WriteSeed)
      : right === "write"
        ? (seed as WriteSeed)
        : undefined;
  const readSeed = writeSeed !== undefined ? (step(writeSeed, LABELS.readSeed) as ReadSeed) : (seed as ReadSeed);
  return {
    right,
    space,
    epoch,
    ...(ownSeed && { ownSeed }),
    ...(writeSeed && { writeSeed }),
    readSeed,
    contentKey: step(readSeed, LABELS.contentKey) as ContentKey,
    capabilities: {
      ...(ownSeed && { own: capability(ownSeed, LABELS.ownCapability) }),
      ...(writeSeed && { write: capability(writeSeed, LABELS.writeCapability) }),
      read: capability(readSeed, LABELS.readCapability),
    },
  };
}
