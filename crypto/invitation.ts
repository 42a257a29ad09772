/**
 * An invitation: what a QR code or the fragment of a link carries. 117 bytes, 156 letters of base64url.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 16 | the inviter's mailbox |
 * | 17 | 32 | drop seed: a single-use drop key into that mailbox |
 * | 49 | 32 | QR secret, random |
 * | 81 | 32 | hash of the inviter's contact card |
 * | 113 | 4 | expires, u32 seconds since 1970 |
 *
 * The inviter's card lies sealed on the server: key derive(QR secret, "…/qr-secret/invited-card-key"), label
 * "lomme/1/invited-card-key/card", bound: mailbox 16 ‖ card hash 32. The server learns neither name nor identity.
 * The whole is secret until used; it lives in a URL fragment and is replaced at once. Expiry is the server's and the
 * inviter's to enforce; here it is only carried. Failures: bad-format, unknown-version, does-not-open, wrong-card.
 * Spec: docs/protocol/pairing.md §2. Vectors: tests/vectors/people.json.
 */
import { open, seal } from "./aead.ts";
import { concat, Reader, readVersion, u8, u32 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { type ContactCardFields, hashCard, openContactCard } from "./identity.ts";
import { idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { checkSize, equalBytes, fromBase64Url, KEY_BYTES, randomBytes, toBase64Url } from "./sodium.ts";
import type { ContactCard, DropSeed, Hash32, QrSecret, SpaceId } from "./types.ts";

const VERSION = 1;

export type Invitation = {
  readonly mailbox: SpaceId;
  readonly dropSeed: DropSeed;
  readonly qrSecret: QrSecret;
  readonly cardHash: Hash32;
  /** Seconds since 1970. */
  readonly expires: number;
};

/** 32 random bytes. */
export const createQrSecret = (): QrSecret => randomBytes(KEY_BYTES) as QrSecret;

/** For a QR code or a URL fragment. @throws bad-size, bad-format */
export function encodeInvitation(invitation: Invitation): string {
  checkSize(invitation.dropSeed, KEY_BYTES, "drop seed");
  checkSize(invitation.qrSecret, KEY_BYTES, "QR secret");
  checkSize(invitation.cardHash, KEY_BYTES, "card hash");
  return toBase64Url(
    concat(
      u8(VERSION),
      idToBytes(invitation.mailbox),
      invitation.dropSeed,
      invitation.qrSecret,
      invitation.cardHash,
      u32(invitation.expires),
    ),
  );
}

/** @throws bad-format, unknown-version */
export function parseInvitation(text: string): Invitation {
  const reader = new Reader(fromBase64Url(text));
  readVersion(reader, VERSION);
  const invitation: Invitation = {
    mailbox: reader.id(),
    dropSeed: reader.take(KEY_BYTES) as DropSeed,
    qrSecret: reader.take(KEY_BYTES) as QrSecret,
    cardHash: reader.take(KEY_BYTES) as Hash32,
    expires: reader.u32(),
  };
  reader.end();
  return invitation;
}

type CardPlace = Pick<Invitation, "mailbox" | "qrSecret" | "cardHash">;

/** The inviter's card as it lies on the server. The nonce is made inside. @throws bad-size */
export const sealInvitedCard = (invitation: CardPlace, card: ContactCard): Uint8Array =>
  concat(u8(VERSION), seal(cardKey(invitation), LABELS.invitedCard, boundPlace(invitation), card));

/** Opens, checks the hash that the invitation names and the card's own signature.
 * @throws does-not-open, unknown-version, wrong-card, bad-format, bad-signature */
export function openInvitedCard(
  invitation: CardPlace,
  sealed: Uint8Array,
): { readonly card: ContactCard; readonly fields: ContactCardFields } {
  if (sealed[0] !== VERSION) throw new CryptoError("unknown-version", `expected version ${VERSION}`);
  const opened = open(cardKey(invitation), LABELS.invitedCard, boundPlace(invitation), sealed.subarray(1));
  const card = opened as ContactCard;
  if (!equalBytes(hashCard(card), invitation.cardHash)) throw new CryptoError("wrong-card", "card hash");
  return { card, fields: openContactCard(card) };
}

const cardKey = ({ qrSecret }: CardPlace): Uint8Array => derive(qrSecret, LABELS.invitedCardKey);
const boundPlace = ({ mailbox, cardHash }: CardPlace): Uint8Array => concat(idToBytes(mailbox), cardHash);
