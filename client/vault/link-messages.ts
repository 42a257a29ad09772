/**
 * What the two sides of a linking send each other around the three messages of crypto/pairing.ts, with which they get a
 * common key and the same seven pictures. The new device has no mailbox: its messages are dropped into the person's, and
 * what it waits for lies under tags on the server. Spec: docs/protocol/devices.md §3.
 *
 * The code is "device." and an invitation (crypto/invitation.ts), so that neither is ever taken for the other.
 *
 * `extra` of message 1, JSON in UTF-8: {"v": 1, "answer": tag of message 2, "device": base64url of the device's public
 * key, "name": …, "kind": …}. Its card is signed by an identity made for this one linking; its box is the device's.
 */
import * as v from "valibot";
import { utf8 } from "../../crypto/bytes.ts";
import { CryptoError } from "../../crypto/errors.ts";
import { encodeInvitation, type Invitation, parseInvitation } from "../../crypto/invitation.ts";
import { circlePsk, pairWrapSecret, RECOVERY_CONTEXT, recoveryTag } from "../../crypto/recipients.ts";
import { fromBase64Url, toBase64Url } from "../../crypto/sodium.ts";
import type { DevicePublicKey, PairKey, WrapTag } from "../../crypto/types.ts";
import type { DeviceAbout } from "./api.ts";
import { VaultFailure } from "./failure.ts";
import { parseJson } from "./sharing/pairing-extra.ts";

const PREFIX = "device.";
const SIGNING_PUBLIC_BYTES = 32;
/** Long enough to fetch the other device from the next room, and too short for a photo of the screen to be of use. */
export const LINK_MS = 5 * 60_000;

const Joining = v.object({
  v: v.literal(1),
  answer: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  device: v.string(),
  name: v.pipe(v.string(), v.maxLength(64)),
  kind: v.picklist(["phone", "tablet", "computer"]),
});

export interface Joining extends DeviceAbout {
  readonly answer: WrapTag;
  readonly device: DevicePublicKey;
}

export const encodeLink = (invitation: Invitation): string => PREFIX + encodeInvitation(invitation);

/** @throws VaultFailure link-broken */
export function parseLink(payload: string): Invitation {
  try {
    if (!payload.startsWith(PREFIX)) throw new CryptoError("bad-format", "not the code of a device");
    return parseInvitation(payload.slice(PREFIX.length));
  } catch (error) {
    throw new VaultFailure("link-broken", undefined, error);
  }
}

export const encodeJoining = ({ answer, device, name, kind }: Joining): Uint8Array =>
  utf8(JSON.stringify({ v: 1, answer, device: toBase64Url(device), name: name.trim().slice(0, 64), kind }));

/** @throws CryptoError bad-format */
export function parseJoining(bytes: Uint8Array): Joining {
  const { answer, device, name, kind } = parseJson(Joining, bytes);
  const key = fromBase64Url(device);
  if (key.length !== SIGNING_PUBLIC_BYTES) throw new CryptoError("bad-format", "device key");
  return { answer: answer as WrapTag, device: key as DevicePublicKey, name, kind };
}

/** Where the keys lie for who holds the linking's key, and what authenticates them beside the device's box. */
export const linkTag = (key: PairKey): WrapTag => recoveryTag(pairWrapSecret(key));
export const linkPsk = (key: PairKey): Uint8Array => circlePsk(key, RECOVERY_CONTEXT.space);
