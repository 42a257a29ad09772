/**
 * Labelled hashing, key derivation and signing: the only ways in which crypto/ hashes, derives or signs.
 *
 *   labelled(label, part…) = u8 length of label ‖ label (ASCII) ‖ for each part: u32 length ‖ part
 *   derive                 = keyed BLAKE2b-256, key = parent, message = labelled(…)
 *   hash                   = BLAKE2b-256 of labelled(…)
 *   signature              = Ed25519 over u8 length of label ‖ label ‖ body
 *
 * Lengths stand before every part, so no two lists of parts give the same bytes. Spec: docs/protocol/keys.md §2.
 */
import { concat, putU32, u8, utf8 } from "./bytes.ts";
import type { Label } from "./labels.ts";
import { blake2b, sign, verify } from "./sodium.ts";
import type { Hash32, Signature } from "./types.ts";

export const HASH_BYTES = 32;

const labelBytes = new Map<Label, Uint8Array>();

/** The length byte and the label itself; kept, as there are few and they are used for every record. */
function labelPrefix(label: Label): Uint8Array {
  const known = labelBytes.get(label);
  if (known !== undefined) return known;
  const text = utf8(label);
  const made = concat(u8(text.length), text);
  labelBytes.set(label, made);
  return made;
}

/** Laid down in one piece: every row and record that is sealed, opened, named or hashed goes through here. */
export function labelled(label: Label, ...parts: readonly Uint8Array[]): Uint8Array {
  const prefix = labelPrefix(label);
  let length = prefix.length;
  for (const part of parts) length += 4 + part.length;
  const whole = new Uint8Array(length);
  whole.set(prefix);
  let at = prefix.length;
  for (const part of parts) {
    putU32(whole, at, part.length);
    whole.set(part, at + 4);
    at += 4 + part.length;
  }
  return whole;
}

/** A child of `parent` (32 bytes) for one purpose, `length` bytes (16 to 64). @throws bad-size */
export const derive = (parent: Uint8Array, label: Label, parts: readonly Uint8Array[] = [], length = HASH_BYTES) =>
  blake2b(length, labelled(label, ...parts), parent);

/** 32 bytes. */
export const hash = (label: Label, ...parts: readonly Uint8Array[]): Hash32 =>
  blake2b(HASH_BYTES, labelled(label, ...parts), null) as Hash32;

/** What is signed: the label, then the body as it stands (one body per label, so its length needs no prefix). */
export const signedMessage = (label: Label, body: Uint8Array): Uint8Array => concat(labelPrefix(label), body);

/** 64 bytes. @throws bad-size when `privateKey` isn't 64 bytes */
export const signLabelled = (label: Label, body: Uint8Array, privateKey: Uint8Array): Signature =>
  sign(signedMessage(label, body), privateKey) as Signature;

/** @throws bad-size when signature or key have the wrong size */
export const verifyLabelled = (label: Label, body: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean =>
  verify(signature, signedMessage(label, body), publicKey);
