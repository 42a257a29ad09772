/**
 * The one sealing of Lomme: XChaCha20-Poly1305 that commits to its key and context.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 24 | nonce, random, made here |
 * | 24 | 32 | commitment |
 * | 56 | n | ciphertext, same length as the plaintext |
 * | 56 + n | 16 | Poly1305 tag |
 *
 *   message key (32) ‖ commitment (32) = keyed BLAKE2b-512, key = `key`, message = labelled(label, nonce, bound)
 *   ciphertext ‖ tag = XChaCha20-Poly1305(message key, nonce, plaintext, associated data = commitment)
 *
 * Why so: Poly1305 alone lets a sender make one ciphertext that opens to two texts under two keys. The commitment is a
 * collision-resistant hash of key, label, nonce and bound context, so one ciphertext has one key and one context. It
 * is compared before anything is decrypted. `bound` is authenticated and not stored: both sides must know it.
 *
 * Nonces: 192 random bits, and the message key depends on them too; 2^80 seals under one key before a repeat is
 * likely at 2^-32. Callers never see a nonce. Failure: does-not-open, whatever the cause. Spec: docs/protocol/keys.md §3.
 */
import { concat } from "./bytes.ts";
import { aeadOpen, aeadSeal, type Padded } from "./cipher.ts";
import { labelled } from "./derive.ts";
import { doesNotOpen } from "./errors.ts";
import type { Label } from "./labels.ts";
import { blake2b, checkSize, equalBytes, KEY_BYTES, memzero, NONCE_BYTES, randomBytes, TAG_BYTES } from "./sodium.ts";

const COMMITMENT_BYTES = 32;
const HEADER_BYTES = NONCE_BYTES + COMMITMENT_BYTES;
const NOTHING = new Uint8Array(0);
/** What sealing adds. */
export const SEAL_OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;

/** Seals `plaintext` under `key` (32 bytes), used under this label only, bound to `bound`; `before` stands in front of
 * the seal, as a version byte does. @throws bad-size */
export function seal(
  key: Uint8Array,
  label: Label,
  bound: Uint8Array,
  plaintext: Uint8Array | Padded,
  before: Uint8Array = NOTHING,
): Uint8Array {
  checkSize(key, KEY_BYTES, "key");
  const nonce = randomBytes(NONCE_BYTES);
  const derived = messageKey(key, label, nonce, bound);
  const commitment = derived.subarray(KEY_BYTES);
  const padded = plaintext instanceof Uint8Array ? { parts: [plaintext], size: plaintext.length } : plaintext;
  const header = concat(before, nonce, commitment);
  try {
    return aeadSeal(derived.subarray(0, KEY_BYTES), nonce, padded, commitment, header);
  } finally {
    memzero(derived);
  }
}

/** Opens what `seal` made with the same key, label and context. @throws does-not-open, bad-size */
export const open = (key: Uint8Array, label: Label, bound: Uint8Array, sealed: Uint8Array): Uint8Array =>
  openWith(key, label, bound, sealed, (plaintext) => plaintext.slice());

/** The same without a copy: `take` gets a view that is wiped when it returns. @throws does-not-open, bad-size */
export function openWith<Taken>(
  key: Uint8Array,
  label: Label,
  bound: Uint8Array,
  sealed: Uint8Array,
  take: (plaintext: Uint8Array) => Taken,
): Taken {
  if (sealed.length < SEAL_OVERHEAD_BYTES) throw doesNotOpen();
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const commitment = sealed.subarray(NONCE_BYTES, HEADER_BYTES);
  const derived = messageKey(key, label, nonce, bound);
  try {
    if (!equalBytes(derived.subarray(KEY_BYTES), commitment)) throw doesNotOpen();
    return aeadOpen(derived.subarray(0, KEY_BYTES), nonce, sealed.subarray(HEADER_BYTES), commitment, take);
  } finally {
    memzero(derived);
  }
}

const messageKey = (key: Uint8Array, label: Label, nonce: Uint8Array, bound: Uint8Array): Uint8Array =>
  blake2b(KEY_BYTES + COMMITMENT_BYTES, labelled(label, nonce, bound), key);
