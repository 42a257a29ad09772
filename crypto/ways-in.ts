/**
 * Ways in: each wraps the device's vault key V for a key pair that grows from one secret (picture code, passphrase,
 * passkey, card). What a way in stores suffices for re-wrapping a new V without the person's presence.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 1 | kind: 1 pictures, 2 passphrase, 3 card, 4 prf (passkey, alone or with pictures) |
 * | 2 | 1 | KDF: 0 none, 1 Argon2id 1.3 |
 * | 3 | 4 | memory in KiB, u32 (0 without KDF) |
 * | 7 | 4 | passes, u32 (0 without KDF) |
 * | 11 | 16 | salt (zeros without KDF) |
 * | 27 | 1216 | box public key, X-Wing from derive(seed, "…/way-in-seed/box") |
 * | 1243 | 16 | tag, derive(seed, "…/way-in-seed/tag") |
 * | 1259 | 1224 | envelope (envelope.ts) of V, label "lomme/1/box-secret/way-in" |
 *
 * Bound as the envelope's context: the first 1259 bytes. psk = derive(burn, "…/burn/way-in-psk"): without the 32 bytes
 * of Burn no way in opens. No verifier is stored: a wrong code is an envelope that does not open.
 * Failures: does-not-open, unknown-version, bad-format, kdf-out-of-range (before any work).
 * Spec: docs/protocol/unlocking.md. Vectors: tests/vectors/ways-in.json.
 */
import { concat, Reader, readVersion, u8, u32 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { openEnvelope, sealEnvelope } from "./envelope.ts";
import { CryptoError, doesNotOpen } from "./errors.ts";
import { bytesToId, ID_BYTES } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { boxKeyPairFromSeed } from "./recipients.ts";
import { BOX_PUBLIC_BYTES, checkSize, KEY_BYTES, SALT_BYTES } from "./sodium.ts";
import type { BoxPublicKey, BoxSeed, Burn, VaultKey, WayIn, WayInSeed, WrapTag } from "./types.ts";
import { checkKdfParams, type KdfParams } from "./unlocking.ts";

const VERSION = 1;
const KINDS = ["pictures", "passphrase", "card", "prf"] as const;
const HEADER_BYTES = 27 + BOX_PUBLIC_BYTES + ID_BYTES;

export type WayInKind = (typeof KINDS)[number];
export type NewWayIn = {
  readonly kind: WayInKind;
  /** 32 bytes: from `deriveCodeSeed`, a passkey, `combinePasskeyWithPictures` or the card. */
  readonly seed: WayInSeed;
  /** How the seed came from a code; required for pictures and passphrase, absent for a card. */
  readonly params?: KdfParams;
  readonly vaultKey: VaultKey;
  readonly burn: Burn;
};
export type WayInParts = {
  readonly kind: WayInKind;
  readonly params: KdfParams | null;
  readonly publicKey: BoxPublicKey;
  readonly tag: WrapTag;
};

/** Makes a way in to V. @throws kdf-out-of-range, bad-format when the kind's parameters are missing, bad-size */
export function createWayIn({ kind, seed, params, vaultKey, burn }: NewWayIn): WayIn {
  checkSize(seed, KEY_BYTES, "way-in seed");
  checkWrapped(vaultKey, burn);
  checkParams(kind, params ?? null);
  const { publicKey } = boxKeyPairFromSeed(boxSeed(seed));
  const header = concat(
    u8(VERSION),
    u8(KINDS.indexOf(kind) + 1),
    u8(params === undefined ? 0 : 1),
    u32(params?.memoryKiB ?? 0),
    u32(params?.passes ?? 0),
    params?.salt ?? new Uint8Array(SALT_BYTES),
    publicKey,
    tagBytes(seed),
  );
  return wrapVaultKey(header, publicKey, vaultKey, burn);
}

const tagBytes = (seed: WayInSeed): Uint8Array => derive(seed, LABELS.wayInTag, [], ID_BYTES);

/** The tag of every way in by this seed (32 bytes): whether one is there, without making it. */
export const wayInTag = (seed: WayInSeed): WrapTag => bytesToId<WrapTag>(tagBytes(seed));

/** What stands in the header; says which code to ask for and how to run the KDF.
 * @throws unknown-version, bad-format, kdf-out-of-range */
export function parseWayIn(bytes: WayIn): WayInParts {
  const reader = new Reader(bytes);
  readVersion(reader, VERSION);
  const kind = KINDS[reader.u8() - 1];
  if (kind === undefined) throw new CryptoError("bad-format", "unknown kind of way in");
  const kdf = reader.u8();
  const [memoryKiB, passes, salt] = [reader.u32(), reader.u32(), reader.take(SALT_BYTES)];
  const params = kdf === 1 ? { memoryKiB, passes, salt } : null;
  if (kdf > 1) throw new CryptoError("unknown-suite", "unknown KDF");
  if (params === null && (memoryKiB !== 0 || passes !== 0 || salt.some((byte) => byte !== 0))) {
    throw new CryptoError("bad-format", "parameters without a KDF");
  }
  checkParams(kind, params);
  const publicKey = reader.take(BOX_PUBLIC_BYTES) as BoxPublicKey;
  const tag = bytesToId<WrapTag>(reader.take(ID_BYTES));
  return { kind, params, publicKey, tag };
}

/** V, for whoever has the seed and the bytes of Burn. @throws does-not-open, unknown-version, bad-format, kdf-out-of-range */
export function openWayIn(bytes: WayIn, seed: WayInSeed, burn: Burn): VaultKey {
  parseWayIn(bytes);
  const kind = envelopeKind(bytes.subarray(0, HEADER_BYTES), burn);
  const vaultKey = openEnvelope(boxSeed(seed), kind, bytes.subarray(HEADER_BYTES));
  if (vaultKey.length !== KEY_BYTES) throw doesNotOpen();
  return vaultKey as VaultKey;
}

/** The same way in for a new V and new bytes of Burn; needs no secret of the person.
 * @throws unknown-version, bad-format, kdf-out-of-range, bad-size */
export function rewrapWayIn(bytes: WayIn, vaultKey: VaultKey, burn: Burn): WayIn {
  checkWrapped(vaultKey, burn);
  const { publicKey } = parseWayIn(bytes);
  return wrapVaultKey(bytes.slice(0, HEADER_BYTES), publicKey, vaultKey, burn);
}

function checkWrapped(vaultKey: VaultKey, burn: Burn): void {
  checkSize(vaultKey, KEY_BYTES, "vault key");
  checkSize(burn, KEY_BYTES, "burn");
}

const wrapVaultKey = (header: Uint8Array, publicKey: BoxPublicKey, vaultKey: VaultKey, burn: Burn): WayIn =>
  concat(header, sealEnvelope(publicKey, envelopeKind(header, burn), vaultKey)) as WayIn;

const envelopeKind = (header: Uint8Array, burn: Burn) => ({
  label: LABELS.wayIn,
  context: header,
  psk: derive(burn, LABELS.wayInPsk),
});

const boxSeed = (seed: WayInSeed): BoxSeed => derive(seed, LABELS.wayInBox) as BoxSeed;

function checkParams(kind: WayInKind, params: KdfParams | null): void {
  if (params !== null) checkKdfParams(params);
  const needed = kind === "pictures" || kind === "passphrase";
  if (needed && params === null) throw new CryptoError("kdf-out-of-range", "a code needs a KDF");
  if (kind === "card" && params !== null) throw new CryptoError("bad-format", "a card has no KDF");
}
