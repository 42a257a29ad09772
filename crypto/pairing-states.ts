/**
 * What each side remembers between two pairing messages, as bytes, since either may be offline for days. Secret: the
 * caller seals them as rows.
 *
 * Joiner, after message 1: version u8 = 1 ‖ QR secret ‖ inviter's card hash ‖ joiner's card hash ‖ joiner's secret ‖
 * joiner's nonce ‖ hash of message 1 (32 each, 193 bytes).
 * Inviter, after message 2: version u8 = 2 ‖ pair root ‖ commitment ‖ inviter's nonce ‖ inviter's card hash ‖ joiner's
 * card hash ‖ hash of message 2 (32 each, 193 bytes).
 */
import { concat, Reader, readVersion, u8 } from "./bytes.ts";
import { KEY_BYTES } from "./sodium.ts";
import type { Hash32, QrSecret } from "./types.ts";

const JOINER = 1;
const INVITER = 2;

export type JoinerState = {
  readonly qrSecret: QrSecret;
  readonly inviterHash: Hash32;
  readonly joinerHash: Hash32;
  readonly joinerSecret: Uint8Array;
  readonly joinerNonce: Uint8Array;
  readonly requestHash: Hash32;
};

export type InviterState = {
  readonly root: Uint8Array;
  readonly commitment: Hash32;
  readonly inviterNonce: Uint8Array;
  readonly inviterHash: Hash32;
  readonly joinerHash: Hash32;
  readonly answerHash: Hash32;
};

/** 193 bytes. */
export const encodeJoinerState = (s: JoinerState): Uint8Array =>
  concat(u8(JOINER), s.qrSecret, s.inviterHash, s.joinerHash, s.joinerSecret, s.joinerNonce, s.requestHash);

/** @throws unknown-version, bad-format */
export function decodeJoinerState(state: Uint8Array): JoinerState {
  const reader = readState(state, JOINER);
  const decoded: JoinerState = {
    qrSecret: reader.take(KEY_BYTES) as QrSecret,
    inviterHash: reader.take(KEY_BYTES) as Hash32,
    joinerHash: reader.take(KEY_BYTES) as Hash32,
    joinerSecret: reader.take(KEY_BYTES),
    joinerNonce: reader.take(KEY_BYTES),
    requestHash: reader.take(KEY_BYTES) as Hash32,
  };
  reader.end();
  return decoded;
}

/** 193 bytes. */
export const encodeInviterState = (s: InviterState): Uint8Array =>
  concat(u8(INVITER), s.root, s.commitment, s.inviterNonce, s.inviterHash, s.joinerHash, s.answerHash);

/** @throws unknown-version, bad-format */
export function decodeInviterState(state: Uint8Array): InviterState {
  const reader = readState(state, INVITER);
  const decoded: InviterState = {
    root: reader.take(KEY_BYTES),
    commitment: reader.take(KEY_BYTES) as Hash32,
    inviterNonce: reader.take(KEY_BYTES),
    inviterHash: reader.take(KEY_BYTES) as Hash32,
    joinerHash: reader.take(KEY_BYTES) as Hash32,
    answerHash: reader.take(KEY_BYTES) as Hash32,
  };
  reader.end();
  return decoded;
}

function readState(state: Uint8Array, kind: number): Reader {
  const reader = new Reader(state);
  readVersion(reader, kind);
  return reader;
}
