/**
 * Introductions: what one paired person tells the other about keys (a circle's genesis, author keys, a new card),
 * authentic to the other and proof to nobody else.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 16 | introduction id, random; the receiver remembers it and refuses a second one |
 * | 17 | 1120 + 72 + p | envelope to the recipient's box of u32 length ‖ bytes ‖ zeros, p = Padmé, at least 512 |
 *
 * Label "lomme/1/box-secret/introduction", psk = derive(K, "…/pair-key/introduction-psk"), context: version u8, id 16,
 * sender's identity 32, recipient's identity 32. The AEAD under a key that needs K is the MAC: whoever has K could have
 * made it, and that includes the recipient. No signature takes part. Sender and recipient are in the context, so one
 * sent back to its sender does not open. Failures: does-not-open, unknown-version. Spec: docs/protocol/pairing.md §4.
 */
import { concat, Reader, readVersion, u8 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { openEnvelope, sealEnvelope } from "./envelope.ts";
import { idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { pad, unpad } from "./padding.ts";
import { checkSize, SIGNING_PUBLIC_BYTES } from "./sodium.ts";
import type { BoxPublicKey, BoxSeed, IdentityPublicKey, IntroductionId, PairKey } from "./types.ts";

const VERSION = 1;
const MIN_PADDED_INTRODUCTION_BYTES = 512;

export type Between = { readonly sender: IdentityPublicKey; readonly recipient: IdentityPublicKey };

/** @throws bad-size, bad-format */
export function macIntroduction(
  pairKey: PairKey,
  about: Between & { readonly id: IntroductionId },
  recipientBox: BoxPublicKey,
  bytes: Uint8Array,
): Uint8Array {
  const padded = pad(bytes, MIN_PADDED_INTRODUCTION_BYTES);
  return concat(u8(VERSION), idToBytes(about.id), sealEnvelope(recipientBox, kind(pairKey, about), padded));
}

/** The bytes and their id; the caller refuses an id it has seen. @throws does-not-open, unknown-version, bad-format */
export function openIntroduction(
  pairKey: PairKey,
  between: Between,
  recipientBox: BoxSeed,
  introduction: Uint8Array,
): { readonly id: IntroductionId; readonly bytes: Uint8Array } {
  const reader = new Reader(introduction);
  readVersion(reader, VERSION);
  const id = reader.id<IntroductionId>();
  const bytes = unpad(openEnvelope(recipientBox, kind(pairKey, { ...between, id }), reader.rest()));
  return { id, bytes };
}

function kind(pairKey: PairKey, { id, sender, recipient }: Between & { readonly id: IntroductionId }) {
  checkSize(sender, SIGNING_PUBLIC_BYTES, "sender");
  checkSize(recipient, SIGNING_PUBLIC_BYTES, "recipient");
  return {
    label: LABELS.introduction,
    context: concat(u8(VERSION), idToBytes(id), sender, recipient),
    psk: derive(pairKey, LABELS.introductionPsk),
  };
}
