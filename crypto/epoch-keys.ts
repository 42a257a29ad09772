/**
 * What a wrap carries: exactly the epoch keys this recipient may have, and the roster checkpoint they belong to.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 1 | right of every seed below: 3 own, 2 write, 1 read |
 * | 2 | 16 | space |
 * | 18 | 32 | hash of the roster checkpoint |
 * | 50 | 32 | the space owner's public key |
 * | 82 | 1 | 1 when the owner's private key follows (own devices, card, helpers), else 0 |
 * | 83 | 0 or 64 | the owner's private key |
 * | … | 2 | number of epochs n, u16 |
 * | … | 40 n | epoch u64 ‖ seed 32, strictly rising |
 *
 * Spec: docs/protocol/wraps.md §4. Failures: unknown-version, bad-format.
 */
import { concat, Reader, readVersion, u8, u16, u64 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import { checkSize, KEY_BYTES, SIGNING_PRIVATE_BYTES, SIGNING_PUBLIC_BYTES } from "./sodium.ts";
import type { Hash32, OwnerPrivateKey, OwnerPublicKey, Right, RungSeed, SpaceId } from "./types.ts";

const VERSION = 1;
const RIGHTS = ["read", "write", "own"] as const satisfies readonly Right[];

export type EpochKeys = {
  readonly right: Right;
  readonly space: SpaceId;
  readonly checkpoint: Hash32;
  readonly owner: OwnerPublicKey;
  readonly ownerPrivateKey?: OwnerPrivateKey;
  readonly epochs: readonly { readonly epoch: number; readonly seed: RungSeed }[];
};

/** @throws bad-size, bad-format */
export function encodeEpochKeys(keys: EpochKeys): Uint8Array {
  checkSize(keys.checkpoint, KEY_BYTES, "checkpoint hash");
  checkSize(keys.owner, SIGNING_PUBLIC_BYTES, "owner public key");
  if (keys.ownerPrivateKey !== undefined) checkSize(keys.ownerPrivateKey, SIGNING_PRIVATE_BYTES, "owner private key");
  for (const { seed } of keys.epochs) checkSize(seed, KEY_BYTES, "rung seed");
  checkRising(keys.epochs.map(({ epoch }) => epoch));
  return concat(
    u8(VERSION),
    u8(RIGHTS.indexOf(keys.right as (typeof RIGHTS)[number]) + 1),
    idToBytes(keys.space),
    keys.checkpoint,
    keys.owner,
    u8(keys.ownerPrivateKey === undefined ? 0 : 1),
    ...(keys.ownerPrivateKey === undefined ? [] : [keys.ownerPrivateKey]),
    u16(keys.epochs.length),
    ...keys.epochs.flatMap(({ epoch, seed }) => [u64(epoch), seed]),
  );
}

/** @throws unknown-version, bad-format */
export function parseEpochKeys(bytes: Uint8Array): EpochKeys {
  const reader = new Reader(bytes);
  readVersion(reader, VERSION);
  const right = RIGHTS[reader.u8() - 1];
  if (right === undefined) throw new CryptoError("bad-format", "unknown right");
  const space = reader.id<SpaceId>();
  const checkpoint = reader.take(KEY_BYTES) as Hash32;
  const owner = reader.take(SIGNING_PUBLIC_BYTES) as OwnerPublicKey;
  const hasPrivate = reader.u8();
  if (hasPrivate > 1) throw new CryptoError("bad-format", "flag is 0 or 1");
  const ownerPrivateKey = hasPrivate === 1 ? (reader.take(SIGNING_PRIVATE_BYTES) as OwnerPrivateKey) : undefined;
  const count = reader.u16();
  const epochs = Array.from({ length: count }, () => ({
    epoch: reader.u64(),
    seed: reader.take(KEY_BYTES) as RungSeed,
  }));
  reader.end();
  checkRising(epochs.map(({ epoch }) => epoch));
  return { right, space, checkpoint, owner, ...(ownerPrivateKey && { ownerPrivateKey }), epochs };
}

function checkRising(epochs: readonly number[]): void {
  let before = -1;
  for (const epoch of epochs) {
    if (epoch <= before) throw new CryptoError("bad-format", "epochs must rise");
    before = epoch;
  }
}
