/**
 * Presence in a joint page: sealed, never stored, sent on by the server to the others who have the space open.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 24 | nonce, made here (aead.ts) |
 * | 25 | 32 | commitment |
 * | 57 | p | ciphertext of u32 length ‖ bytes ‖ zeros, p = Padmé, at least 256 |
 * | 57 + p | 16 | tag |
 *
 * Key: derive(read seed, "…/read-seed/presence-key", space, u64 epoch), so that no key serves both records and presence.
 * Bound: version u8, space 16, document 16, epoch u64. Any member can make it: it moves a cursor and proves nothing.
 * Failures: does-not-open, unknown-version. Spec: docs/protocol/keys.md §4.
 */
import { open, seal } from "./aead.ts";
import { concat, u8, u64 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import type { Ladder } from "./ladder.ts";
import { pad, unpad } from "./padding.ts";
import type { DocumentTag } from "./types.ts";

const VERSION = 1;
const MIN_PADDED_PRESENCE_BYTES = 256;

/** Nonce made inside. @throws bad-size, bad-format */
export function sealPresence(ladder: Ladder, document: DocumentTag, bytes: Uint8Array): Uint8Array {
  const padded = pad(bytes, MIN_PADDED_PRESENCE_BYTES);
  return seal(presenceKey(ladder), LABELS.presence, bound(ladder, document), padded, u8(VERSION));
}

/** @throws does-not-open, unknown-version, bad-format */
export function openPresence(ladder: Ladder, document: DocumentTag, sealed: Uint8Array): Uint8Array {
  if (sealed[0] !== VERSION) throw new CryptoError("unknown-version", `expected version ${VERSION}`);
  return unpad(open(presenceKey(ladder), LABELS.presence, bound(ladder, document), sealed.subarray(1)));
}

const presenceKey = ({ readSeed, space, epoch }: Ladder): Uint8Array =>
  derive(readSeed, LABELS.presenceKey, [idToBytes(space), u64(epoch)]);

const bound = ({ space, epoch }: Ladder, document: DocumentTag): Uint8Array =>
  concat(u8(VERSION), idToBytes(space), idToBytes(document), u64(epoch));
