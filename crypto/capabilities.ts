/**
 * Proofs to the server. It checks them with node:crypto, knowing only public keys and the bytes below.
 *
 * Capability proof = Ed25519 over
 * | bytes | field |
 * |---|---|
 * | 1 + n | u8 length and ASCII of "lomme/1/capability-key/proof" |
 * | 32 | the server's nonce for this connection |
 * | 16 | server id |
 * | 16 | space |
 * | 8 | epoch, u64 big-endian |
 * | 1 | right: 3 own, 2 write, 1 read |
 *
 * Drop proof = Ed25519 over
 * | bytes | field |
 * |---|---|
 * | 1 + n | u8 length and ASCII of "lomme/1/drop-key/proof" |
 * | 16 | server id |
 * | 1 | purpose: 1 drop (put something into the mailbox), 2 card (fetch the inviter's sealed card) |
 * | 32 | SHA-256 of the request body; for 'card' of the empty body |
 *
 * A drop proof carries no nonce: a drop is idempotent by its body, and the key has a quota. Drop keys are random and
 * know nothing of epochs. Spec and vectors: docs/protocol/capabilities.md, tests/vectors/capabilities.json.
 */
import { concat, u8, u64 } from "./bytes.ts";
import { signedMessage } from "./derive.ts";
import { idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { checkSize, KEY_BYTES, randomBytes, sha256, sign, signingPairFromSeed } from "./sodium.ts";
import type {
  CapabilityPrivateKey,
  DropKeyPair,
  DropPrivateKey,
  DropSeed,
  Hash32,
  Right,
  ServerId,
  ServerNonce,
  Signature,
  SpaceId,
} from "./types.ts";

const RIGHTS: Readonly<Record<Right, number>> = { own: 3, write: 2, read: 1 };
const PURPOSES = { drop: 1, card: 2 } as const;

export type CapabilityChallenge = {
  readonly nonce: ServerNonce;
  readonly serverId: ServerId;
  readonly space: SpaceId;
  readonly epoch: number;
  readonly right: Right;
};

export type DropClaim = {
  readonly serverId: ServerId;
  readonly purpose: keyof typeof PURPOSES;
  /** SHA-256 of the request body, 32 bytes: `hashDropBody`. */
  readonly bodyHash: Hash32;
};

/** The exact bytes that are signed. @throws bad-size, bad-format */
export function capabilityMessage({ nonce, serverId, space, epoch, right }: CapabilityChallenge): Uint8Array {
  checkSize(nonce, 32, "server nonce");
  const body = concat(nonce, idToBytes(serverId), idToBytes(space), u64(epoch), u8(RIGHTS[right]));
  return signedMessage(LABELS.capabilityProof, body);
}

/** 64 bytes, for one connection. @throws bad-size, bad-format */
export const proveCapability = (privateKey: CapabilityPrivateKey, challenge: CapabilityChallenge): Signature =>
  sign(capabilityMessage(challenge), privateKey) as Signature;

/** A random drop key; `seed` is what travels in an invitation. */
export const createDropKey = (): DropKeyPair => dropKeyFromSeed(randomBytes(KEY_BYTES) as DropSeed);

/** @throws bad-size unless 32 bytes */
export function dropKeyFromSeed(seed: DropSeed): DropKeyPair {
  return { ...(signingPairFromSeed(seed) as Omit<DropKeyPair, "seed">), seed };
}

/** SHA-256, as node:crypto has it too. */
export const hashDropBody = (body: Uint8Array): Hash32 => sha256(body) as Hash32;

/** The exact bytes that are signed. @throws bad-size, bad-format */
export function dropMessage({ serverId, purpose, bodyHash }: DropClaim): Uint8Array {
  checkSize(bodyHash, 32, "body hash");
  return signedMessage(LABELS.dropProof, concat(idToBytes(serverId), u8(PURPOSES[purpose]), bodyHash));
}

/** 64 bytes. @throws bad-size, bad-format */
export const proveDrop = (privateKey: DropPrivateKey, claim: DropClaim): Signature =>
  sign(dropMessage(claim), privateKey) as Signature;
