/**
 * An envelope: bytes for the holder of one X-Wing key. The only asymmetric sealing there is; every wrap, way in, door
 * item, introduction and join request is one, so no classical-only path exists.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1120 | X-Wing ciphertext |
 * | 1120 | 24 + 32 + n + 16 | sealed bytes (aead.ts), label "lomme/1/envelope-key/envelope", nothing further bound |
 *
 *   envelope key = derive(X-Wing secret, label of the kind, recipient's public key, X-Wing ciphertext, psk, context)
 *
 * psk is 32 bytes that only the two sides share, or empty. It is what authenticates the sender: without it anyone with
 * the public key can seal. Whatever stands in `context` must be equal on both sides. Spec: docs/protocol/wraps.md §2.
 */
import { open, seal } from "./aead.ts";
import type { Padded } from "./cipher.ts";
import { derive } from "./derive.ts";
import { doesNotOpen } from "./errors.ts";
import { LABELS, type Label } from "./labels.ts";
import {
  BOX_CIPHERTEXT_BYTES,
  boxPairFromSeed,
  checkSize,
  decapsulate,
  encapsulate,
  KEY_BYTES,
  memzero,
} from "./sodium.ts";
import type { BoxPublicKey, BoxSeed, DoorPublicKey, DoorSeed } from "./types.ts";

const NOTHING = new Uint8Array(0);

export type EnvelopeKind = {
  /** One of the "…/box-secret/…" labels. */
  readonly label: Label;
  /** Authenticated on both sides, not stored. */
  readonly context: Uint8Array;
  /** 32 bytes, or nothing. */
  readonly psk?: Uint8Array | undefined;
};

/** @throws bad-size, bad-format when the public key is none */
export function sealEnvelope(
  publicKey: BoxPublicKey | DoorPublicKey,
  kind: EnvelopeKind,
  plaintext: Uint8Array | Padded,
): Uint8Array {
  const { ciphertext, sharedSecret } = encapsulate(publicKey);
  const key = envelopeKey(sharedSecret, publicKey, ciphertext, kind);
  const sealed = seal(key, LABELS.envelope, NOTHING, plaintext, ciphertext);
  memzero(key);
  memzero(sharedSecret);
  return sealed;
}

/** @throws does-not-open, bad-size */
export function openEnvelope(boxSeed: BoxSeed | DoorSeed, kind: EnvelopeKind, envelope: Uint8Array): Uint8Array {
  if (envelope.length < BOX_CIPHERTEXT_BYTES) throw doesNotOpen();
  const ciphertext = envelope.subarray(0, BOX_CIPHERTEXT_BYTES);
  const { publicKey, privateKey } = boxPairFromSeed(boxSeed);
  const sharedSecret = decapsulate(ciphertext, privateKey);
  const key = envelopeKey(sharedSecret, publicKey, ciphertext, kind);
  try {
    return open(key, LABELS.envelope, NOTHING, envelope.subarray(BOX_CIPHERTEXT_BYTES));
  } finally {
    memzero(key);
    memzero(sharedSecret);
    memzero(privateKey);
  }
}

function envelopeKey(
  secret: Uint8Array,
  publicKey: Uint8Array,
  ciphertext: Uint8Array,
  kind: EnvelopeKind,
): Uint8Array {
  if (kind.psk !== undefined) checkSize(kind.psk, KEY_BYTES, "psk");
  return derive(secret, kind.label, [publicKey, ciphertext, kind.psk ?? NOTHING, kind.context]);
}
