import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { addSticker, MAX_STICKERS, readStickers, removeSticker } from "../../../client/documents/stickers.ts";

describe("stickers", () => {
  it("stand in their order, one picture as often as it was put on, and go one by one", () => {
    const doc = new Y.Doc();
    for (const picture of [3, 63, 3, 0]) addSticker(doc, picture);
    expect(readStickers(doc)).toEqual([3, 63, 3, 0]);
    removeSticker(doc, 2);
    expect(readStickers(doc)).toEqual([3, 63, 0]);
    removeSticker(doc, 9);
    expect(readStickers(doc)).toEqual([3, 63, 0]);
  });

  it("are pictures of the alphabet: anything else is passed over, and doesn't shift what is taken off", () => {
    const doc = new Y.Doc();
    for (const picture of [-1, 64, 1.5, Number.NaN]) addSticker(doc, picture);
    expect(readStickers(doc)).toEqual([]);
    doc.getArray("stickers").push(["five", 7, null, 8]);
    expect(readStickers(doc)).toEqual([7, 8]);
    removeSticker(doc, 1);
    expect(readStickers(doc)).toEqual([7]);
  });

  it("end at some number", () => {
    const doc = new Y.Doc();
    for (let i = 0; i < MAX_STICKERS + 5; i += 1) addSticker(doc, 1);
    expect(readStickers(doc).length).toBe(MAX_STICKERS);
  });
});
