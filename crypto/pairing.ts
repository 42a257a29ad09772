/**
 * Pairing: three messages, after which both have the pair key K and the same seven safety pictures.
 *
 * The inviter showed an invitation (QR code or link); the joiner fetched the inviter's card and checked its hash.
 *
 *   1 join request, joiner → inviter   version u8 = 1 ‖ step u8 = 1 ‖ envelope to the inviter's box
 *       psk = derive(QR secret, "…/join-request-psk"); context = version ‖ step ‖ mailbox 16 ‖ inviter's card hash 32
 *       u32 ‖ joiner's card, joiner's secret 32, commitment 32, reply drop seed 32, u32 ‖ extra
 *   2 answer, inviter → joiner         version ‖ step = 2 ‖ envelope to the joiner's box
 *       psk = derive(QR secret, "…/join-answer-psk", joiner's secret, both card hashes); context = version ‖ step ‖ h1
 *       inviter's secret 32, inviter's nonce 32, reply drop seed 32, u32 ‖ extra
 *   3 finish, joiner → inviter         version ‖ step = 3 ‖ sealed under derive(root, "…/finish-key"), bound: step ‖ h2
 *       joiner's nonce 32, u32 ‖ extra
 *
 *   h1, h2     = hash("…/hash/join-message", message 1), (… message 2)
 *   root       = derive(QR secret, "…/pair-root", joiner's secret, inviter's secret, inviter's card hash, joiner's card
 *                hash, h1, h2)
 *   K          = derive(root, "…/pair-root/pair-key")
 *   commitment = hash("…/hash/join-commitment", joiner's nonce, inviter's card hash, joiner's card hash)
 *   pictures   = the first 42 bits of derive(root, "…/safety-pictures", inviter's nonce, joiner's nonce), 6 each
 *
 * Each secret reaches the other only through X-Wing, so K holds against whoever reads the QR code later, and needs the
 * QR code besides both boxes. Who holds an intercepted link and sits in the middle must fix its half of the pictures
 * before it sees the other's nonce, on both sides: one try with chance 2^-42. So the inviter accepts one request per
 * invitation, the joiner finishes on one answer per request, and both compare pictures when they paired by link.
 * Plaintexts are padded (Padmé, at least 2048).
 * Failures: does-not-open, unknown-version, bad-format, bad-signature, wrong-card. Spec: docs/protocol/pairing.md §3.
 */
import { open, seal } from "./aead.ts";
import { concat, prefixed, Reader, readVersion, u8 } from "./bytes.ts";
import type { Padded } from "./cipher.ts";
import { derive, hash } from "./derive.ts";
import { openEnvelope, sealEnvelope } from "./envelope.ts";
import { CryptoError, doesNotOpen } from "./errors.ts";
import { type ContactCardFields, hashCard, openContactCard } from "./identity.ts";
import { idToBytes } from "./ids.ts";
import type { Invitation } from "./invitation.ts";
import { LABELS } from "./labels.ts";
import { pad, unpad } from "./padding.ts";
import {
  decodeInviterState,
  decodeJoinerState,
  encodeInviterState,
  encodeJoinerState,
  type InviterState,
  type JoinerState,
} from "./pairing-states.ts";
import { checkSize, equalBytes, KEY_BYTES, memzero, randomBytes } from "./sodium.ts";
import type { BoxSeed, ContactCard, DropSeed, Hash32, PairKey, QrSecret } from "./types.ts";

const VERSION = 1;
const MIN_PADDED_MESSAGE_BYTES = 2048;
const STEPS = { request: 1, answer: 2, finish: 3 } as const;
export const SAFETY_PICTURES = 7;

/** What each side adds to its message: a drop key for the reply, and bytes that only the application reads. */
export type PairingReply = { readonly replyDropSeed: DropSeed; readonly extra: Uint8Array };
type InvitationSecrets = Pick<Invitation, "mailbox" | "qrSecret" | "cardHash">;
export type JoinRequest = PairingReply & { readonly card: ContactCard; readonly fields: ContactCardFields };
export type Paired = {
  readonly pairKey: PairKey;
  /** Seven picture indexes, 0 to 63, the same on both sides. */
  readonly pictures: readonly number[];
  /** What the other side's application added. */
  readonly extra: Uint8Array;
};
export type PairingStep = {
  readonly message: Uint8Array;
  /** Secret; sealed by the caller until the next step. */
  readonly state: Uint8Array;
};

/** Step 1, joiner. `inviterCard` comes from `openInvitedCard`. @throws wrong-card, bad-signature, bad-format, bad-size */
export function createJoin(
  from: {
    readonly invitation: InvitationSecrets;
    readonly inviterCard: ContactCard;
    readonly joinerCard: ContactCard;
  } & PairingReply,
): PairingStep {
  const { invitation, inviterCard, joinerCard, replyDropSeed, extra } = from;
  checkSize(replyDropSeed, KEY_BYTES, "reply drop seed");
  const joinerHash = hashCard(joinerCard);
  if (!equalBytes(hashCard(inviterCard), invitation.cardHash)) throw new CryptoError("wrong-card", "inviter's card");
  const joinerSecret = randomBytes(KEY_BYTES);
  const joinerNonce = randomBytes(KEY_BYTES);
  const commitment = commit(joinerNonce, invitation.cardHash, joinerHash);
  const plaintext = concat(prefixed(joinerCard), joinerSecret, commitment, replyDropSeed, prefixed(extra));
  const envelope = sealEnvelope(openContactCard(inviterCard).box, requestKind(invitation), padded(plaintext));
  const message = concat(u8(VERSION), u8(STEPS.request), envelope);
  const state: JoinerState = {
    qrSecret: invitation.qrSecret,
    inviterHash: invitation.cardHash,
    joinerHash,
    joinerSecret,
    joinerNonce,
    requestHash: hashMessage(message),
  };
  return { message, state: encodeJoinerState(state) };
}

/** Who asks to join, before answering. @throws does-not-open, wrong-card, bad-signature, unknown-version, bad-format */
export function readJoin(invitation: InvitationSecrets, inviterBox: BoxSeed, message: Uint8Array): JoinRequest {
  const { card, fields, replyDropSeed, extra } = openRequest(invitation, inviterBox, message);
  return { card, fields, replyDropSeed, extra };
}

/** Step 2, inviter; once per invitation. @throws as `readJoin` */
export function acceptJoin(
  from: { readonly invitation: InvitationSecrets; readonly inviterBox: BoxSeed } & PairingReply,
  message: Uint8Array,
): PairingStep & { readonly request: JoinRequest } {
  const { invitation, inviterBox, replyDropSeed, extra } = from;
  checkSize(replyDropSeed, KEY_BYTES, "reply drop seed");
  const { joinerSecret, commitment, ...request } = openRequest(invitation, inviterBox, message);
  const inviterSecret = randomBytes(KEY_BYTES);
  const inviterNonce = randomBytes(KEY_BYTES);
  const shared = {
    qrSecret: invitation.qrSecret,
    inviterHash: invitation.cardHash,
    joinerHash: hashCard(request.card),
    joinerSecret,
    requestHash: hashMessage(message),
  };
  const plaintext = concat(inviterSecret, inviterNonce, replyDropSeed, prefixed(extra));
  const envelope = sealEnvelope(request.fields.box, answerKind(shared), padded(plaintext));
  const answer = concat(u8(VERSION), u8(STEPS.answer), envelope);
  const answerHash = hashMessage(answer);
  const root = pairRoot(shared, inviterSecret, answerHash);
  memzero(inviterSecret);
  const { inviterHash, joinerHash } = shared;
  const state: InviterState = { root, commitment, inviterNonce, inviterHash, joinerHash, answerHash };
  return { message: answer, state: encodeInviterState(state), request };
}

/** Step 3, joiner: has K now. Once per state, which is thrown away with the answer's success: a second answer would meet
 * a nonce that message 3 has already shown, and the pictures could be searched for. @throws does-not-open, unknown-version, bad-format */
export function finishJoin(
  state: Uint8Array,
  joinerBox: BoxSeed,
  message: Uint8Array,
  extra: Uint8Array,
): Paired & { readonly message: Uint8Array; readonly replyDropSeed: DropSeed } {
  const joiner = decodeJoinerState(state);
  const envelope = stripHeader(message, STEPS.answer);
  const reader = new Reader(unpad(openEnvelope(joinerBox, answerKind(joiner), envelope)));
  const [inviterSecret, inviterNonce] = [reader.take(KEY_BYTES), reader.take(KEY_BYTES)];
  const replyDropSeed = reader.take(KEY_BYTES) as DropSeed;
  const inviterExtra = reader.prefixed();
  reader.end();
  const answerHash = hashMessage(message);
  const root = pairRoot(joiner, inviterSecret, answerHash);
  const plaintext = padded(concat(joiner.joinerNonce, prefixed(extra)));
  const header = concat(u8(VERSION), u8(STEPS.finish));
  const finish = seal(
    derive(root, LABELS.joinFinishKey),
    LABELS.joinFinish,
    concat(header, answerHash),
    plaintext,
    header,
  );
  const pictures = safetyPictures(root, inviterNonce, joiner.joinerNonce);
  return { pairKey: pairKeyOf(root), pictures, extra: inviterExtra, message: finish, replyDropSeed };
}

/** The inviter's end: checks the joiner's nonce against its commitment. @throws does-not-open, unknown-version, bad-format */
export function completeJoin(state: Uint8Array, message: Uint8Array): Paired {
  const inviter = decodeInviterState(state);
  const sealed = stripHeader(message, STEPS.finish);
  const bound = concat(u8(VERSION), u8(STEPS.finish), inviter.answerHash);
  const reader = new Reader(unpad(open(derive(inviter.root, LABELS.joinFinishKey), LABELS.joinFinish, bound, sealed)));
  const joinerNonce = reader.take(KEY_BYTES);
  const extra = reader.prefixed();
  reader.end();
  if (!equalBytes(commit(joinerNonce, inviter.inviterHash, inviter.joinerHash), inviter.commitment))
    throw doesNotOpen();
  const pictures = safetyPictures(inviter.root, inviter.inviterNonce, joinerNonce);
  return { pairKey: pairKeyOf(inviter.root), pictures, extra };
}

function openRequest(invitation: InvitationSecrets, inviterBox: BoxSeed, message: Uint8Array) {
  const envelope = stripHeader(message, STEPS.request);
  const reader = new Reader(unpad(openEnvelope(inviterBox, requestKind(invitation), envelope)));
  const card = reader.prefixed() as ContactCard;
  const joinerSecret = reader.take(KEY_BYTES);
  const commitment = reader.take(KEY_BYTES) as Hash32;
  const replyDropSeed = reader.take(KEY_BYTES) as DropSeed;
  const extra = reader.prefixed();
  reader.end();
  // One's own card coming back is a reflection.
  if (equalBytes(hashCard(card), invitation.cardHash)) throw new CryptoError("wrong-card", "one's own card");
  return { card, fields: openContactCard(card), joinerSecret, commitment, replyDropSeed, extra };
}

const requestKind = ({ mailbox, qrSecret, cardHash }: InvitationSecrets) => ({
  label: LABELS.joinRequest,
  context: concat(u8(VERSION), u8(STEPS.request), idToBytes(mailbox), cardHash),
  psk: derive(qrSecret, LABELS.joinRequestPsk),
});

type Shared = {
  readonly qrSecret: QrSecret;
  readonly inviterHash: Hash32;
  readonly joinerHash: Hash32;
  readonly joinerSecret: Uint8Array;
  readonly requestHash: Hash32;
};

const answerKind = ({ qrSecret, joinerSecret, inviterHash, joinerHash, requestHash }: Shared) => ({
  label: LABELS.joinAnswer,
  context: concat(u8(VERSION), u8(STEPS.answer), requestHash),
  psk: derive(qrSecret, LABELS.joinAnswerPsk, [joinerSecret, inviterHash, joinerHash]),
});

const pairRoot = (shared: Shared, inviterSecret: Uint8Array, answerHash: Hash32): Uint8Array =>
  derive(shared.qrSecret, LABELS.pairRoot, [
    shared.joinerSecret,
    inviterSecret,
    shared.inviterHash,
    shared.joinerHash,
    shared.requestHash,
    answerHash,
  ]);

const pairKeyOf = (root: Uint8Array): PairKey => derive(root, LABELS.pairKey) as PairKey;

const commit = (joinerNonce: Uint8Array, inviterHash: Hash32, joinerHash: Hash32): Hash32 =>
  hash(LABELS.joinCommitment, joinerNonce, inviterHash, joinerHash);

const hashMessage = (message: Uint8Array): Hash32 => hash(LABELS.joinMessage, message);

const padded = (plaintext: Uint8Array): Padded => pad(plaintext, MIN_PADDED_MESSAGE_BYTES);

function safetyPictures(root: Uint8Array, inviterNonce: Uint8Array, joinerNonce: Uint8Array): number[] {
  const bytes = derive(root, LABELS.safetyPictures, [inviterNonce, joinerNonce]);
  const bits = Array.from(bytes.subarray(0, 6), (byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: SAFETY_PICTURES }, (_, i) => Number.parseInt(bits.slice(6 * i, 6 * i + 6), 2));
}

function stripHeader(message: Uint8Array, step: number): Uint8Array {
  const reader = new Reader(message);
  readVersion(reader, VERSION);
  if (reader.u8() !== step) throw new CryptoError("bad-format", `expected pairing message ${step}`);
  return reader.rest();
}
