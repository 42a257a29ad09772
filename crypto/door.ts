/**
 * The carer's door: sealing to a key that is used for nothing else, on a device whose keys are locked away.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 1120 + 72 + p | envelope of u32 length ‖ bytes ‖ zeros, p = Padmé, at least 1024 |
 *
 * Label "lomme/1/box-secret/door", context: version u8. DoorPublicKey and DoorSeed are types of their own: the
 * compiler refuses a box key here and a door key in recipients.ts. Nothing in this module takes any other key.
 * Photos go through a blob whose key lies in the sealed bytes. Failures: does-not-open, unknown-version.
 * Spec: docs/protocol/wraps.md §5.
 */
import { concat, u8 } from "./bytes.ts";
import { openEnvelope, sealEnvelope } from "./envelope.ts";
import { CryptoError } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { pad, unpad } from "./padding.ts";
import { boxPairFromSeed, KEY_BYTES, randomBytes } from "./sodium.ts";
import type { DoorKeyPair, DoorPublicKey, DoorSeed } from "./types.ts";

const VERSION = 1;
const MIN_PADDED_ITEM_BYTES = 1024;
const KIND = { label: LABELS.door, context: u8(VERSION) };

/** A fresh pair; made anew at each unlock. Public 1216 bytes, seed 32. */
export function createDoorKeys(): DoorKeyPair {
  const seed = randomBytes(KEY_BYTES) as DoorSeed;
  return { publicKey: boxPairFromSeed(seed).publicKey as DoorPublicKey, seed };
}

/** @throws bad-size, bad-format */
export const sealForDoor = (publicKey: DoorPublicKey, bytes: Uint8Array): Uint8Array =>
  concat(u8(VERSION), sealEnvelope(publicKey, KIND, pad(bytes, MIN_PADDED_ITEM_BYTES)));

/** @throws does-not-open, unknown-version, bad-format */
export function openFromDoor(keys: Pick<DoorKeyPair, "seed">, sealed: Uint8Array): Uint8Array {
  if (sealed[0] !== VERSION) throw new CryptoError("unknown-version", `expected version ${VERSION}`);
  return unpad(openEnvelope(keys.seed, KIND, sealed.subarray(1)));
}
