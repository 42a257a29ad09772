/** From what a person gives (pictures, words, card) to the seed of a way in. */
import { deriveCardKeys, picturesToCard } from "../../crypto/card.ts";
import type { CardSecret, WayIn, WayInSeed } from "../../crypto/types.ts";
import { type KdfParams, passphraseBytes, pictureCodeBytes } from "../../crypto/unlocking.ts";
import { createWayIn, parseWayIn, type WayInParts } from "../../crypto/ways-in.ts";
import type { WayInSecret } from "./api.ts";
import { VaultFailure } from "./failure.ts";
import type { Kdf } from "./kdf.ts";
import { passkeySeed } from "./passkey.ts";
import type { Pocket } from "./pocket.ts";
import type { CoverRow } from "./ports.ts";

export type { Kdf } from "./kdf.ts";
export type Code = Exclude<WayInSecret, { readonly kind: "card" }>;
/** A code that a person knows: seven pictures, or words. */
export type KnownCode = Exclude<Code, { readonly kind: "prf" }>;

const PICTURES_IN_CODE = 7;

/** The bytes that go into the KDF. @throws VaultFailure wrong-code for what can't be a code */
export function codeBytes(secret: KnownCode): Uint8Array {
  if (secret.kind === "passphrase") {
    if (secret.passphrase.trim() === "") throw new VaultFailure("wrong-code");
    return passphraseBytes(secret.passphrase);
  }
  const { pictures } = secret;
  const fits = pictures.every((picture) => Number.isInteger(picture) && picture >= 0 && picture < 64);
  if (pictures.length !== PICTURES_IN_CODE || !fits) throw new VaultFailure("wrong-code");
  return pictureCodeBytes(pictures);
}

/** `params` as the way in says them. @throws VaultFailure wrong-code for what can't be a code */
export async function codeSeed(kdf: Kdf, code: Code, params: KdfParams | null): Promise<WayInSeed> {
  if (code.kind === "prf") return passkeySeed(kdf, code, params);
  const bytes = codeBytes(code);
  if (params === null) throw new VaultFailure("wrong-code");
  return kdf.derive(bytes, params);
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

/** The pictures or words of this pocket, as their way in says them; null where it has neither. */
export function firstCode(row: CoverRow): (WayInParts & { readonly params: KdfParams }) | null {
  for (const way of row.waysIn.map((bytes) => parseWayIn(bytes as WayIn))) {
    const { kind, params } = way;
    if ((kind === "pictures" || kind === "passphrase") && params !== null) return { ...way, params };
  }
  return null;
}

/**
 * A new code in the place of every old one of this device, a passkey too: whoever saw the one may have seen the other's
 * pictures. The card's way in stays. @throws VaultFailure not-allowed for a passkey,
 * wrong-code, same-code when it is the second code of this pocket
 */
export async function changeCode(pocket: Pocket, kdf: Kdf, code: Code): Promise<void> {
  if (code.kind === "prf") throw new VaultFailure("not-allowed");
  const [second] = (pocket.row.side?.waysIn ?? []).map((way) => parseWayIn(way as WayIn));
  // Beside a second code the parameters stay: it opens with the same run of the KDF as the first (side/side.ts).
  const kept = second?.kind === code.kind ? second.params : null;
  const bytes = codeBytes(code);
  const { seed, params } = kept ? { seed: await kdf.derive(bytes, kept), params: kept } : await kdf.calibrate(bytes);
  await pocket.ways(async () => {
    const { vaultKey, burn } = pocket;
    const wayIn = createWayIn({ kind: code.kind, seed, params, vaultKey, burn });
    if (parseWayIn(wayIn).tag === second?.tag) throw new VaultFailure("same-code");
    await pocket.changeRow((row) => ({ ...row, waysIn: [wayIn, ...row.waysIn.filter(isCard)], passkey: null }));
  });
}

export const isCard = (bytes: Uint8Array): boolean => parseWayIn(bytes as WayIn).kind === "card";
