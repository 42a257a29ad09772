/**
 * A passkey as a way in (WebAuthn with the extension prf): together with four pictures that the app drew, alone only for
 * staff. A carer often knows the device's own code, and passkeys travel within a family: what the device gives out is never
 * enough for a child's pocket. Its 32 secret bytes never reach the disk. Spec: docs/protocol/unlocking.md §5.
 */
import type { WayIn, WayInSeed } from "../../crypto/types.ts";
import { combinePasskeyWithPictures, type KdfParams, pictureCodeBytes } from "../../crypto/unlocking.ts";
import { createWayIn, parseWayIn } from "../../crypto/ways-in.ts";
import type { NewPasskey } from "./api-passkey.ts";
import { VaultFailure } from "./failure.ts";
import type { Kdf } from "./kdf.ts";
import type { Pocket } from "./pocket.ts";

/** How many pictures go with a passkey: 24 bits, never on their own. */
export const PASSKEY_PICTURES = 4;
const OUTPUT_BYTES = 32;
const SALT_BYTES = 32;
const MAX_CREDENTIAL_BYTES = 1023;

interface Given {
  readonly output: Uint8Array;
  readonly pictures: readonly number[];
}

/** `params` null: a way in without pictures. @throws VaultFailure wrong-code for what can't open it */
export async function passkeySeed(kdf: Kdf, { output, pictures }: Given, params: KdfParams | null): Promise<WayInSeed> {
  const wanted = params === null ? 0 : PASSKEY_PICTURES;
  if (output.length !== OUTPUT_BYTES || pictures.length !== wanted || !pictures.every(isPicture)) {
    throw new VaultFailure("wrong-code");
  }
  if (params === null) return output.slice() as WayInSeed;
  return combinePasskeyWithPictures(output, await kdf.derive(pictureCodeBytes(pictures), params));
}

const isPicture = (picture: number): boolean => Number.isInteger(picture) && picture >= 0 && picture < 64;

/** In the place of an earlier one. @throws VaultFailure not-allowed for a child without pictures, wrong-code */
export async function addPasskey(pocket: Pocket, kdf: Kdf, passkey: NewPasskey): Promise<void> {
  const { credential, salt, pictures } = passkey;
  const alone = pictures.length === 0;
  if (alone && pocket.keyring.me.role !== "caseworker") throw new VaultFailure("not-allowed");
  if (salt.length !== SALT_BYTES || credential.length === 0 || credential.length > MAX_CREDENTIAL_BYTES) {
    throw new VaultFailure("wrong-code");
  }
  if (!alone && pictures.length !== PASSKEY_PICTURES) throw new VaultFailure("wrong-code");
  const params = alone ? null : (await kdf.calibrate(pictureCodeBytes(pictures))).params;
  const seed = await passkeySeed(kdf, passkey, params);
  await pocket.ways(async () => {
    const { vaultKey, burn } = pocket;
    const wayIn = createWayIn({ kind: "prf", seed, vaultKey, burn, ...(params && { params }) });
    await pocket.changeRow((row) => ({
      ...row,
      waysIn: [...row.waysIn.filter((way) => !isPasskey(way)), wayIn],
      passkey: { credential: credential.slice(), salt: salt.slice() },
    }));
  });
}

export const removePasskey = (pocket: Pocket): Promise<void> =>
  pocket.ways(() =>
    pocket.changeRow((row) => ({ ...row, waysIn: row.waysIn.filter((way) => !isPasskey(way)), passkey: null })),
  );

/** False for a way in that another build wrote, or that was damaged. */
export function isPasskey(bytes: Uint8Array): boolean {
  try {
    return parseWayIn(bytes as WayIn).kind === "prf";
  } catch {
    return false;
  }
}
