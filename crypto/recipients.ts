/**
 * Recipients and wraps: keys of a space sealed for one person, device, card or helpers' key.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 1120 + 72 + p | envelope (envelope.ts) of u32 length ‖ payload ‖ zeros, p = Padmé, at least 256 |
 *
 * Label "lomme/1/box-secret/wrap". Context: version u8, purpose u8, space 16, epoch u64, sender's identity 32,
 * recipient's identity 32 (zeros where there is none, as for a card). With a psk from the pair key the wrap is also
 * authenticated; without one anybody could have made it, and what it says is checked against a pinned checkpoint.
 * The public half suffices for re-wrapping: rotations need nobody's presence.
 * Failures: does-not-open, unknown-version, bad-format. Spec: docs/protocol/wraps.md. Vectors: tests/vectors/wraps.json.
 */
import { concat, u8, u64 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { openEnvelope, sealEnvelope } from "./envelope.ts";
import { CryptoError } from "./errors.ts";
import { bytesToId, ID_BYTES, idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { pad, unpad } from "./padding.ts";
import { boxPairFromSeed, checkSize, KEY_BYTES, randomBytes, SIGNING_PUBLIC_BYTES } from "./sodium.ts";
import type {
  BoxKeyPair,
  BoxPublicKey,
  BoxSeed,
  IdentityPublicKey,
  PairKey,
  SpaceId,
  Wrap,
  WrapSecret,
  WrapTag,
} from "./types.ts";

const VERSION = 1;
const MIN_PADDED_WRAP_BYTES = 256;
const PURPOSES = { pocket: 1, circle: 2, mailbox: 3, team: 4, desk: 5, recovery: 6 } as const;

/** Stands for a sender or recipient that has no identity key: a device's card, the recovery card, the helpers' key. */
export const NO_IDENTITY = new Uint8Array(SIGNING_PUBLIC_BYTES) as IdentityPublicKey;

export type WrapPurpose = keyof typeof PURPOSES;
export type WrapContext = {
  readonly purpose: WrapPurpose;
  readonly space: SpaceId;
  readonly epoch: number;
  readonly sender: IdentityPublicKey;
  readonly recipient: IdentityPublicKey;
};
/** 32 bytes from `circlePsk` or another shared secret. */
export type Psk = Uint8Array;

/** A random X-Wing pair: public 1216 bytes, private 32. */
export const createBoxKeyPair = (): BoxKeyPair => boxKeyPairFromSeed(randomBytes(KEY_BYTES));

/** @throws bad-size unless 32 bytes */
export function boxKeyPairFromSeed(seed: Uint8Array): BoxKeyPair {
  return { publicKey: boxPairFromSeed(seed).publicKey as BoxPublicKey, seed: seed as BoxSeed };
}

/** Seals `payload` for the holder of `recipientPublic`. @throws bad-size, bad-format */
export function wrapTo(payload: Uint8Array, recipientPublic: BoxPublicKey, context: WrapContext, psk?: Psk): Wrap {
  const kind = { label: LABELS.wrap, context: boundContext(context), psk };
  return concat(u8(VERSION), sealEnvelope(recipientPublic, kind, pad(payload, MIN_PADDED_WRAP_BYTES))) as Wrap;
}

/** @throws does-not-open, unknown-version, bad-format, bad-size */
export function openWrap(wrap: Wrap, recipient: BoxSeed, context: WrapContext, psk?: Psk): Uint8Array {
  if (wrap[0] !== VERSION) throw new CryptoError("unknown-version", `expected version ${VERSION}`);
  const kind = { label: LABELS.wrap, context: boundContext(context), psk };
  return unpad(openEnvelope(recipient, kind, wrap.subarray(1)));
}

/** The 128-bit name of one recipient's wrap in one space. @throws bad-size */
export const wrapTag = (secret: WrapSecret, space: SpaceId): WrapTag =>
  bytesToId<WrapTag>(derive(secret, LABELS.wrapTag, [idToBytes(space)], ID_BYTES));

/**
 * The context of a wrap for the card or the helpers' key: all zeros, since whoever holds only a card knows neither the
 * pocket's id nor its epoch. Both stand inside the wrap (epoch-keys.ts).
 */
export const RECOVERY_CONTEXT: WrapContext = {
  purpose: "recovery",
  space: "00".repeat(ID_BYTES) as SpaceId,
  epoch: 0,
  sender: NO_IDENTITY,
  recipient: NO_IDENTITY,
};

/** Where the wrap for a card or the helpers' key lies; their secret alone gives it. @throws bad-size */
export const recoveryTag = (secret: WrapSecret): WrapTag => wrapTag(secret, RECOVERY_CONTEXT.space);

/** What authenticates wraps of one circle between two paired people. 32 bytes. @throws bad-size */
export const circlePsk = (pairKey: PairKey, space: SpaceId): Psk =>
  derive(pairKey, LABELS.circlePsk, [idToBytes(space)]);

/** The wrap secret two paired people share. 32 bytes. @throws bad-size */
export const pairWrapSecret = (pairKey: PairKey): WrapSecret => derive(pairKey, LABELS.pairWrapSecret) as WrapSecret;

function boundContext({ purpose, space, epoch, sender, recipient }: WrapContext): Uint8Array {
  checkSize(sender, SIGNING_PUBLIC_BYTES, "sender");
  checkSize(recipient, SIGNING_PUBLIC_BYTES, "recipient");
  return concat(u8(VERSION), u8(PURPOSES[purpose]), idToBytes(space), u64(epoch), sender, recipient);
}
