/**
 * The recovery card: 144 random bits as 30 pictures out of 64, in six rows of five.
 *
 * Each picture is 6 bits. A row holds four data pictures and a check picture. With pictures as elements of GF(64)
 * (polynomial x^6 + x + 1, α = 2) the row's five pictures x0…x4 satisfy
 *
 *   x0·α^4 + x1·α^3 + x2·α^2 + x3·α + x4 = row number (1 to 6)
 *
 * The five weights are distinct and none is zero, so one wrong picture, or any two pictures of a row changed round, is
 * always found; the row number on the right makes two rows changed round show in both. More mistakes at once in one row
 * pass with 1 in 64, and then the keys simply open nothing.
 *
 *   secret (18 bytes) = the 24 data pictures, 6 bits each, first picture first, most significant bit first
 *   root = hash("…/card-secret/root", secret)
 *   box seed, wrap secret, way-in seed = derive(root, "…/card-root/…")
 *
 * 144 bits need no slow KDF. Spec: docs/protocol/card.md. Vectors: tests/vectors/card.json. Names: the app's languages.
 */
import { derive, hash } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { boxKeyPairFromSeed } from "./recipients.ts";
import { checkSize, memzero, randomBytes } from "./sodium.ts";
import type { BoxKeyPair, CardSecret, WayInSeed, WrapSecret } from "./types.ts";

export const CARD_ROWS = 6;
export const CARD_ROW_PICTURES = 5;
export const CARD_PICTURES = 64;
const DATA_PER_ROW = 4;
const SECRET_BYTES = (CARD_ROWS * DATA_PER_ROW * 6) / 8;

export type CardKeys = {
  /** Recipient of the pocket's recovery wrap on the server. */
  readonly box: BoxKeyPair;
  /** Names that wrap: `recoveryTag(wrapSecret)`. */
  readonly wrapSecret: WrapSecret;
  /** For the way in to V on this device, until the pocket has been on the server. */
  readonly wayInSeed: WayInSeed;
};

/** 18 random bytes. */
export const createCardSecret = (): CardSecret => randomBytes(SECRET_BYTES) as CardSecret;

/** Six rows of five picture indexes, 0 to 63. @throws bad-size */
export function cardToPictures(secret: CardSecret): number[][] {
  checkSize(secret, SECRET_BYTES, "card secret");
  return Array.from({ length: CARD_ROWS }, (_, row) => {
    // 24 bits, three bytes, are one row.
    const [a = 0, b = 0, c = 0] = secret.subarray(row * 3, row * 3 + 3);
    const data = [a >>> 2, ((a & 3) << 4) | (b >>> 4), ((b & 15) << 2) | (c >>> 6), c & 63];
    return [...data, weighted(data) ^ (row + 1)];
  });
}

/** The secret, or the rows (0 to 5) in which something is wrong. @throws bad-format unless six rows of five from 0 to 63 */
export function picturesToCard(
  rows: readonly (readonly number[])[],
): { readonly secret: CardSecret } | { readonly wrongRows: number[] } {
  const isPicture = (index: number) => Number.isInteger(index) && index >= 0 && index < CARD_PICTURES;
  if (rows.length !== CARD_ROWS || rows.some((row) => row.length !== CARD_ROW_PICTURES || !row.every(isPicture))) {
    throw new CryptoError("bad-format", "expected six rows of five pictures");
  }
  const wrongRows = rows.flatMap((row, number) => (rowFits(row, number) ? [] : [number]));
  if (wrongRows.length > 0) return { wrongRows };
  const bytes = rows.flatMap(([p = 0, q = 0, r = 0, s = 0]) => [
    (p << 2) | (q >>> 4),
    ((q & 15) << 4) | (r >>> 2),
    ((r & 3) << 6) | s,
  ]);
  return { secret: Uint8Array.from(bytes) as CardSecret };
}

/** Whether one row (0 to 5) can be right, for a keyboard that says so as soon as it is full. */
export const rowFits = (row: readonly number[], number: number): boolean =>
  weighted(row.slice(0, DATA_PER_ROW)) === ((row[DATA_PER_ROW] ?? 0) ^ (number + 1));

/** @throws bad-size */
export function deriveCardKeys(secret: CardSecret): CardKeys {
  checkSize(secret, SECRET_BYTES, "card secret");
  const root = hash(LABELS.cardRoot, secret);
  const keys: CardKeys = {
    box: boxKeyPairFromSeed(derive(root, LABELS.cardBox)),
    wrapSecret: derive(root, LABELS.cardTags) as WrapSecret,
    wayInSeed: derive(root, LABELS.cardWayIn) as WayInSeed,
  };
  memzero(root);
  return keys;
}

/** x0·α^4 + x1·α^3 + x2·α^2 + x3·α, by Horner's rule. */
const weighted = (data: readonly number[]): number => data.reduce((sum, picture) => timesAlpha(sum ^ picture), 0);

/** Multiplication by α = 2 in GF(64). */
const timesAlpha = (element: number): number => ((element << 1) ^ (element & 32 ? 0b1000011 : 0)) & 63;
