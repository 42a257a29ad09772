/**
 * Checks proofs with node:crypto, knowing only public keys. The messages are those of docs/protocol/capabilities.md,
 * byte for byte; tests compare with crypto/capabilities.ts.
 *
 * capability: u8 length + "lomme/1/capability-key/proof" · nonce 32 · server id 16 · space 16 · epoch u64 be · right u8
 * drop:       u8 length + "lomme/1/drop-key/proof" · server id 16 · purpose u8 (1 drop, 2 card) · SHA-256 of the body 32
 */
import { createHash, createPublicKey, verify } from "node:crypto";
import type { Right, ServerId, SpaceId } from "../protocol/frames.ts";
import { rightToWire } from "../protocol/wire.ts";

const CAPABILITY_LABEL = labelled("lomme/1/capability-key/proof");
const DROP_LABEL = labelled("lomme/1/drop-key/proof");
/** What stands before the 32 key bytes in an Ed25519 SubjectPublicKeyInfo (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

function labelled(label: string): Buffer {
  return Buffer.concat([Buffer.of(label.length), Buffer.from(label, "ascii")]);
}

export interface CapabilityClaim {
  readonly nonce: Uint8Array;
  readonly server: ServerId;
  readonly space: SpaceId;
  readonly epoch: number;
  readonly right: Right;
}

/** Whether `proof` (64 bytes) is the key's signature over just this claim. */
export function isCapabilityProof(claim: CapabilityClaim, key: Uint8Array, proof: Uint8Array): boolean {
  const epoch = Buffer.alloc(8);
  epoch.writeBigUInt64BE(BigInt(claim.epoch));
  const message = Buffer.concat([
    CAPABILITY_LABEL,
    claim.nonce,
    Buffer.from(claim.server, "hex"),
    Buffer.from(claim.space, "hex"),
    epoch,
    Buffer.of(rightToWire(claim.right)),
  ]);
  return isSignature(message, key, proof);
}

export type DropPurpose = "drop" | "card";

/** `body` is empty for purpose card. */
export function isDropProof(
  server: ServerId,
  purpose: DropPurpose,
  body: Uint8Array,
  key: Uint8Array,
  proof: Uint8Array,
): boolean {
  const message = Buffer.concat([
    DROP_LABEL,
    Buffer.from(server, "hex"),
    Buffer.of(purpose === "drop" ? 1 : 2),
    createHash("sha256").update(body).digest(),
  ]);
  return isSignature(message, key, proof);
}

function isSignature(message: Uint8Array, key: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  try {
    const spki = Buffer.concat([SPKI_PREFIX, key]);
    return verify(null, message, createPublicKey({ key: spki, format: "der", type: "spki" }), signature);
  } catch {
    return false; // 32 bytes that are no point on the curve
  }
}
