/**
 * Stickers on an own document: `stickers`, an Array of numbers 0 … 63, pictures of the alphabet (client/i18n/pictures),
 * in the order they were put on. One picture may be on it several times.
 */
import type * as Y from "yjs";

/** More of them are play, and stay; what is over this many is not drawn. */
export const MAX_STICKERS = 60;
const PICTURES = 64;

const stickersOf = (doc: Y.Doc): Y.Array<unknown> => doc.getArray("stickers");

/** `picture` 0 … 63. */
export function addSticker(doc: Y.Doc, picture: number): void {
  if (isPicture(picture) && readStickers(doc).length < MAX_STICKERS) stickersOf(doc).push([picture]);
}

/** Takes the one at this place of `readStickers` off. */
export function removeSticker(doc: Y.Doc, place: number): void {
  const stickers = stickersOf(doc);
  let seen = -1;
  for (let at = 0; at < stickers.length; at += 1) {
    if (isPicture(stickers.get(at))) seen += 1;
    if (seen !== place) continue;
    stickers.delete(at, 1);
    return;
  }
}

export const readStickers = (doc: Y.Doc): readonly number[] =>
  stickersOf(doc).toArray().filter(isPicture).slice(0, MAX_STICKERS);

const isPicture = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < PICTURES;
