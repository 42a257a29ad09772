/**
 * People and devices: the identity key, the contact card, device certificates, and statements signed on purpose.
 *
 * Contact card:
 * | bytes | field |
 * |---|---|
 * | 1 | version = 1 |
 * | 32 | identity public key |
 * | 1216 | box public key (X-Wing) |
 * | 16 | mailbox |
 * | 1 | role: 1 child, 2 caseworker, 3 carer, 4 other |
 * | 2 + n | name: u16 length ‖ UTF-8, 1 to 64 characters, no control characters |
 * | 64 | signature, "lomme/1/identity-key/card" ‖ everything before it |
 *
 * Device certificate: version u8 = 1 ‖ identity 32 ‖ device public key 32 ‖ device box public key 1216 ‖ signature 64
 * ("lomme/1/identity-key/device").
 * Statement: version u8 = 1 ‖ identity 32 ‖ u32 length ‖ bytes ‖ signature 64 ("lomme/1/identity-key/statement"). It
 * is the only thing that proves authorship to a third party, so only an explicit act of the person makes one.
 * Card hash = hash("lomme/1/hash/card", card); pinned in QR codes. Device hash = hash("lomme/1/hash/device", device public
 * key ‖ device box public key); a device is known by it. Failures: unknown-version, bad-format,
 * bad-signature. Spec: docs/protocol/pairing.md §1. Vectors: tests/vectors/people.json.
 */
import { concat, fromUtf8, prefixed, Reader, readVersion, u8, u16, utf8 } from "./bytes.ts";
import { hash, signLabelled, verifyLabelled } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import { LABELS, type Label } from "./labels.ts";
import { createBoxKeyPair } from "./recipients.ts";
import {
  BOX_PUBLIC_BYTES,
  checkSize,
  KEY_BYTES,
  randomBytes,
  SIGNATURE_BYTES,
  SIGNING_PUBLIC_BYTES,
  signingPairFromSeed,
} from "./sodium.ts";
import type {
  AuthorKeyPair,
  BoxKeyPair,
  BoxPublicKey,
  ContactCard,
  DeviceCertificate,
  DeviceKeyPair,
  DevicePublicKey,
  Hash32,
  IdentityKeyPair,
  IdentityPublicKey,
  OwnerKeyPair,
  SpaceId,
} from "./types.ts";

const VERSION = 1;
const ROLES = ["child", "caseworker", "carer", "other"] as const;
export const MAX_NAME_CHARACTERS = 64;

export type Role = (typeof ROLES)[number];
export type ContactCardFields = {
  readonly identity: IdentityPublicKey;
  readonly box: BoxPublicKey;
  readonly mailbox: SpaceId;
  readonly role: Role;
  readonly name: string;
};

/** Random Ed25519 pairs: public 32 bytes, private 64. */
export const createIdentity = (): IdentityKeyPair => signingPairFromSeed(randomBytes(KEY_BYTES)) as IdentityKeyPair;
export const createAuthorKeys = (): AuthorKeyPair => signingPairFromSeed(randomBytes(KEY_BYTES)) as AuthorKeyPair;
export const createOwnerKeys = (): OwnerKeyPair => signingPairFromSeed(randomBytes(KEY_BYTES)) as OwnerKeyPair;

/** A device's signing pair and box pair. */
export const createDeviceKeys = (): DeviceKeyPair & { readonly box: BoxKeyPair } => ({
  ...(signingPairFromSeed(randomBytes(KEY_BYTES)) as DeviceKeyPair),
  box: createBoxKeyPair(),
});

/** Encodes and signs. @throws bad-format for a name that can't be one, bad-size */
export function signContactCard(identity: IdentityKeyPair, fields: Omit<ContactCardFields, "identity">): ContactCard {
  checkSize(fields.box, BOX_PUBLIC_BYTES, "box public key");
  checkName(fields.name);
  const name = utf8(fields.name);
  const body = concat(
    u8(VERSION),
    identity.publicKey,
    fields.box,
    idToBytes(fields.mailbox),
    u8(ROLES.indexOf(fields.role) + 1),
    u16(name.length),
    name,
  );
  return signed<ContactCard>(LABELS.card, body, identity);
}

/** Checks the signature by the identity in the card itself; whose identity that is, its hash says (`hashCard`).
 * @throws unknown-version, bad-format, bad-signature */
export function openContactCard(card: ContactCard): ContactCardFields {
  const reader = new Reader(card);
  readVersion(reader, VERSION);
  const identity = reader.take(SIGNING_PUBLIC_BYTES) as IdentityPublicKey;
  const box = reader.take(BOX_PUBLIC_BYTES) as BoxPublicKey;
  const mailbox = reader.id<SpaceId>();
  const role = ROLES[reader.u8() - 1];
  if (role === undefined) throw new CryptoError("bad-format", "unknown role");
  const name = fromUtf8(reader.take(reader.u16()));
  checkName(name);
  checkSigned(LABELS.card, card, identity, reader);
  return { identity, box, mailbox, role, name };
}

/** What a QR code pins. 32 bytes. */
export const hashCard = (card: ContactCard): Hash32 => hash(LABELS.cardHash, card);

/** Public keys of a device: 32 and 1216 bytes. */
export interface DeviceKeys {
  readonly publicKey: DevicePublicKey;
  readonly box: BoxPublicKey;
}

/**
 * By what a device is known, 32 bytes: both its keys. Who has the identity key can certify any keys, but not another box for
 * a device that is known already. @throws bad-size
 */
export const hashDevice = (device: DeviceKeys): Hash32 => hash(LABELS.deviceHash, encodeDeviceKeys(device));

/** @throws bad-size */
export const certifyDevice = (identity: IdentityKeyPair, device: DeviceKeys): DeviceCertificate =>
  signed(LABELS.device, concat(u8(VERSION), identity.publicKey, encodeDeviceKeys(device)), identity);

function encodeDeviceKeys({ publicKey, box }: DeviceKeys): Uint8Array {
  checkSize(publicKey, SIGNING_PUBLIC_BYTES, "device public key");
  checkSize(box, BOX_PUBLIC_BYTES, "device box public key");
  return concat(publicKey, box);
}

/** @throws unknown-version, bad-format, bad-signature also when another identity signed it */
export function openDeviceCertificate(certificate: DeviceCertificate, identity: IdentityPublicKey): DeviceKeys {
  const reader = new Reader(certificate);
  readVersion(reader, VERSION);
  const signer = reader.take(SIGNING_PUBLIC_BYTES);
  const publicKey = reader.take(SIGNING_PUBLIC_BYTES) as DevicePublicKey;
  const box = reader.take(BOX_PUBLIC_BYTES) as BoxPublicKey;
  checkSigner(signer, identity);
  checkSigned(LABELS.device, certificate, identity, reader);
  return { publicKey, box };
}

/** "I say this, and anyone may check it": only after the person chose it and was told what it means. */
export const signStatement = (identity: IdentityKeyPair, statement: Uint8Array): Uint8Array =>
  signed(LABELS.statement, concat(u8(VERSION), identity.publicKey, prefixed(statement)), identity);

/** @throws unknown-version, bad-format, bad-signature */
export function openStatement(bytes: Uint8Array, identity: IdentityPublicKey): Uint8Array {
  const reader = new Reader(bytes);
  readVersion(reader, VERSION);
  const signer = reader.take(SIGNING_PUBLIC_BYTES);
  const statement = reader.prefixed();
  checkSigner(signer, identity);
  checkSigned(LABELS.statement, bytes, identity, reader);
  return statement;
}

function signed<Name extends Uint8Array>(label: Label, body: Uint8Array, identity: IdentityKeyPair): Name {
  return concat(body, signLabelled(label, body, identity.privateKey)) as Uint8Array as Name;
}

/** The signature is what is left in `reader`. */
function checkSigned(label: Label, whole: Uint8Array, identity: IdentityPublicKey, reader: Reader): void {
  const signature = reader.take(SIGNATURE_BYTES);
  reader.end();
  const body = whole.subarray(0, whole.length - SIGNATURE_BYTES);
  if (!verifyLabelled(label, body, signature, identity)) throw new CryptoError("bad-signature", "signature");
}

function checkSigner(signer: Uint8Array, expected: IdentityPublicKey): void {
  if (signer.some((byte, i) => byte !== expected[i])) throw new CryptoError("bad-signature", "another identity");
}

/** No control, format or separator characters that could make one name look like another, or break a line. */
function checkName(name: string): void {
  const characters = [...name].length;
  if (
    characters < 1 ||
    characters > MAX_NAME_CHARACTERS ||
    /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(name)
  ) {
    throw new CryptoError("bad-format", "name");
  }
}
