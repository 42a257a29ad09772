/** From what a person gives (pictures, words, card) to the seed of a way in. */
import { deriveCardKeys, picturesToCard } from "../../crypto/card.ts";
import type { CardSecret, WayIn, WayInSeed } from "../../crypto/types.ts";
import { type KdfParams, passphraseBytes, pictureCodeBytes } from "../../crypto/unlocking.ts";
import { createWayIn, parseWayIn } from "../../crypto/ways-in.ts";
import type { WayInSecret } from "./api.ts";
import { VaultFailure } from "./failure.ts";
import type { Pocket } from "./pocket.ts";

/** Argon2id in a throw-away worker: WebAssembly memory never shrinks, and nothing of it stays behind. */
export interface Kdf {
  /** Fresh parameters, calibrated to about a second on this device and never under the floor, and the seed they give. */
  calibrate(secret: Uint8Array): Promise<{ readonly seed: WayInSeed; readonly params: KdfParams }>;
  /** @throws CryptoError kdf-out-of-range before any work */
  derive(secret: Uint8Array, params: KdfParams): Promise<WayInSeed>;
}

export type Code = Exclude<WayInSecret, { readonly kind: "card" }>;

const PICTURES_IN_CODE = 7;

/** The bytes that go into the KDF. @throws VaultFailure wrong-code for what can't be a code */
export function codeBytes(secret: Code): Uint8Array {
  if (secret.kind === "passphrase") {
    if (secret.passphrase.trim() === "") throw new VaultFailure("wrong-code");
    return passphraseBytes(secret.passphrase);
  }
  const { pictures } = secret;
  const fits = pictures.every((picture) => Number.isInteger(picture) && picture >= 0 && picture < 64);
  if (pictures.length !== PICTURES_IN_CODE || !fits) throw new VaultFailure("wrong-code");
  return pictureCodeBytes(pictures);
}

/** The secret of a card. @throws VaultFailure card-rows with the rows (0 … 5) in which a picture is wrong */
export function readCard(rows: readonly (readonly number[])[]): CardSecret {
  let read: ReturnType<typeof picturesToCard>;
  try {
    read = picturesToCard(rows);
  } catch {
    throw new VaultFailure("card-rows", { rows: [] });
  }
  if ("wrongRows" in read) throw new VaultFailure("card-rows", { rows: read.wrongRows });
  return read.secret;
}

export const cardSeed = (card: CardSecret): WayInSeed => deriveCardKeys(card).wayInSeed;

/** A new code in the place of every old one of this device; the card's way in stays. @throws VaultFailure wrong-code */
export async function changeCode(pocket: Pocket, kdf: Kdf, code: Code): Promise<void> {
  const { seed, params } = await kdf.calibrate(codeBytes(code));
  await pocket.ways(async () => {
    const { vaultKey, burn } = pocket;
    const wayIn = createWayIn({ kind: code.kind, seed, params, vaultKey, burn });
    await pocket.changeRow((row) => ({ ...row, waysIn: [wayIn, ...row.waysIn.filter(isCard)] }));
  });
}

export const isCard = (bytes: Uint8Array): boolean => parseWayIn(bytes as WayIn).kind === "card";
