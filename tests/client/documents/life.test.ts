import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { addPhotoTo, beginDocument } from "../../../client/documents/entry.ts";
import type { BlobId, DocumentTag, PhotoRef, SpaceId, StopId } from "../../../client/documents/kinds.ts";
import {
  addStop,
  addStopPhoto,
  forgetStops,
  moveStop,
  readLine,
  readStops,
  removeStopPhoto,
  setStopEntry,
  setStopGone,
  setStopSign,
  setStopTitle,
  setStopWhen,
  writeStopText,
} from "../../../client/documents/life.ts";
import { readTopics, toggleSign, writeTopic } from "../../../client/documents/life-me.ts";
import { copyForShowing, isEmptySummary, readOwn } from "../../../client/documents/own-read.ts";
import { writeField } from "../../../client/documents/plain-field.ts";

const id = (n: number) => n.toString(16).padStart(32, "0") as StopId;
const photo = (n: number): PhotoRef => ({
  full: { space: id(1) as unknown as SpaceId, blob: id(2 * n) as unknown as BlobId },
  thumbnail: { space: id(1) as unknown as SpaceId, blob: id(2 * n + 1) as unknown as BlobId },
  width: 4,
  height: 3,
});
const titles = (doc: Y.Doc) => readLine(doc).map(({ title }) => title);

function story(...names: string[]): Y.Doc {
  const doc = new Y.Doc();
  beginDocument(doc, "life", 1000);
  for (const [index, name] of names.entries()) {
    addStop(doc, id(index + 1), "house-red");
    setStopTitle(doc, id(index + 1), name);
  }
  return doc;
}

function merge(one: Y.Doc, other: Y.Doc): void {
  Y.applyUpdate(one, Y.encodeStateAsUpdate(other));
  Y.applyUpdate(other, Y.encodeStateAsUpdate(one));
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

describe("life story", () => {
  it("is whole without a letter: a sign alone is a stop, and a gap is one like any other", () => {
    const doc = story();
    expect(isEmptySummary(readOwn(doc).summary)).toBe(true);
    addStop(doc, id(1), "house-red");
    addStop(doc, id(2), "gap");
    expect(readLine(doc).map(({ sign, title }) => [sign, title])).toEqual([
      ["house-red", ""],
      ["gap", ""],
    ]);
    expect(isEmptySummary(readOwn(doc).summary)).toBe(false);
  });

  it("has its time as well as the child knows it", () => {
    const doc = story("Mormor");
    const when = () => readLine(doc)[0]?.when;
    setStopWhen(doc, id(1), { season: "summer", age: 7 });
    expect(when()).toEqual({ season: "summer", age: 7, year: null, words: "", unknown: false });
    setStopWhen(doc, id(1), { words: "da Bølle var hvalp", season: null });
    expect(when()).toEqual({ season: null, age: 7, year: null, words: "da Bølle var hvalp", unknown: false });
    setStopWhen(doc, id(1), { unknown: true });
    expect(when()).toEqual({ season: null, age: null, year: null, words: "", unknown: true });
    setStopWhen(doc, id(1), { year: 2019 });
    expect(when()).toEqual({ season: null, age: null, year: 2019, words: "", unknown: false });
  });

  it("stands in the child's own order, and moves past one neighbour at a time", () => {
    const doc = story("a", "b", "c");
    moveStop(doc, id(3), -1);
    expect(titles(doc)).toEqual(["a", "c", "b"]);
    moveStop(doc, id(1), 1);
    expect(titles(doc)).toEqual(["c", "a", "b"]);
    moveStop(doc, id(3), -1);
    expect(titles(doc)).toEqual(["c", "a", "b"]);
    // However often two change places, there is room between them.
    for (let turn = 0; turn < 2001; turn += 1) moveStop(doc, id(2), turn % 2 === 0 ? -1 : 1);
    expect(titles(doc)).toEqual(["c", "b", "a"]);
  });

  it("takes a stop off and puts it back where it was; after thirty days it goes, with its photos", () => {
    const doc = story("a", "b", "c");
    addPhotoTo(doc, photo(5));
    addStopPhoto(doc, id(2), photo(5).full.blob);
    setStopGone(doc, id(2), 5000);
    expect(titles(doc)).toEqual(["a", "c"]);
    expect(readOwn(doc).text).not.toContain("b");
    setStopGone(doc, id(2), null);
    expect(titles(doc)).toEqual(["a", "b", "c"]);
    setStopGone(doc, id(2), 5000);
    forgetStops(doc, 5000);
    expect(readStops(doc)).toHaveLength(3);
    forgetStops(doc, 5001);
    expect(readStops(doc)).toHaveLength(2);
    expect(readOwn(doc).summary.photos).toBe(0);
  });

  it("holds photos of the document and ways to entries", () => {
    const doc = story("a");
    addPhotoTo(doc, photo(5));
    addStopPhoto(doc, id(1), photo(5).full.blob);
    // A photo that isn't in the document isn't shown.
    addStopPhoto(doc, id(1), photo(6).full.blob);
    setStopEntry(doc, id(1), id(9) as unknown as DocumentTag, true);
    expect(readLine(doc)[0]?.photos).toEqual([photo(5).full.blob]);
    expect(readLine(doc)[0]?.entries).toEqual([id(9)]);
    removeStopPhoto(doc, id(1), photo(5).full.blob);
    setStopEntry(doc, id(1), id(9) as unknown as DocumentTag, false);
    expect(readLine(doc)[0]?.photos).toEqual([]);
    expect(readLine(doc)[0]?.entries).toEqual([]);
    expect(readOwn(doc).summary.photos).toBe(0);
  });

  it("shows only the stops that were chosen, with their photos, and no entry", () => {
    const doc = story("Mormor", "Hemmeligt");
    for (const n of [5, 6]) addPhotoTo(doc, photo(n));
    addStopPhoto(doc, id(1), photo(5).full.blob);
    addStopPhoto(doc, id(2), photo(6).full.blob);
    setStopEntry(doc, id(1), id(9) as unknown as DocumentTag, true);
    writeStopText(doc, id(1), "Høns");
    const photos = [photo(5).full.blob, photo(6).full.blob];
    const options = { notSafeForParents: false, withMoods: false, photos };
    const none = copyForShowing(doc, options);
    expect([none.parts, none.photos]).toEqual([[], []]);
    const copy = copyForShowing(doc, { ...options, parts: [id(1)] });
    expect(copy.kind).toBe("life");
    expect(copy.parts.map(({ title, text }) => [title, text])).toEqual([["Mormor", "Høns"]]);
    expect(copy.photos).toEqual([photo(5)]);
    expect(JSON.stringify(copy)).not.toContain("Hemmeligt");
    expect(JSON.stringify(copy)).not.toContain(id(9));
  });

  it("two devices that each began one before they met have all of both", () => {
    const phone = story("Født", "Mormor");
    const tablet = new Y.Doc();
    beginDocument(tablet, "life", 900);
    addStop(tablet, id(77), "school");
    setStopTitle(tablet, id(77), "Skole");
    merge(phone, tablet);
    expect(titles(phone).toSorted()).toEqual(["Født", "Mormor", "Skole"]);
    expect(titles(tablet)).toEqual(titles(phone));
  });

  it("whatever two devices do at the same time, both end with the same line and no word is lost", () => {
    const act = fc.record({
      what: fc.constantFrom("add", "move", "gone", "back", "title", "text", "when", "sign", "entry"),
      stop: fc.integer({ min: 1, max: 4 }),
      by: fc.constantFrom(-1 as const, 1 as const),
      n: fc.integer({ min: 100, max: 999 }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), fc.array(act, { maxLength: 12 }), (mine, theirs) => {
        const one = story("a", "b", "c", "d");
        const other = copyOf(one);
        const written: [StopId, string][] = [];
        for (const [acts, doc, side] of [
          [mine, one, 1000],
          [theirs, other, 2000],
        ] as const) {
          for (const { what, stop, by, n } of acts) {
            const at = id(stop);
            if (what === "add") addStop(doc, id(side + n), "star");
            if (what === "move") moveStop(doc, at, by);
            if (what === "gone") setStopGone(doc, at, n);
            if (what === "back") setStopGone(doc, at, null);
            if (what === "title") setStopTitle(doc, at, `t${side + n}`);
            if (what === "when") setStopWhen(doc, at, { age: n % 20 });
            if (what === "sign") setStopSign(doc, at, "school");
            if (what === "entry") setStopEntry(doc, at, id(n) as unknown as DocumentTag, true);
            if (what === "text") {
              const word = `<${side + n}>`;
              writeStopText(doc, at, (readStops(doc).find((s) => s.id === at)?.text ?? "") + word);
              written.push([at, word]);
            }
          }
        }
        merge(one, other);
        expect(readStops(one)).toEqual(readStops(other));
        for (const [stop, word] of written) expect(readStops(one).find((s) => s.id === stop)?.text).toContain(word);
        const stops = new Set([...mine, ...theirs].filter(({ what }) => what === "add"));
        expect(readStops(one).length).toBeLessThanOrEqual(4 + stops.size);
        expect(readStops(one).length).toBeGreaterThanOrEqual(4);
      }),
    );
  });

  it("passes over what has the wrong shape", () => {
    const doc = story("a");
    const stops = doc.getMap("stops");
    stops.set("x", new Y.Map());
    stops.set(id(5), "no map");
    const odd = new Y.Map<unknown>();
    stops.set(id(6), odd);
    odd.set("sign", "<script>");
    odd.set("order", "last");
    odd.set("age", 400);
    odd.set("season", "monsoon");
    expect(readLine(doc).map(({ sign, when }) => [sign, when.age, when.season])).toEqual([
      ["star", null, null],
      ["house-red", null, null],
    ]);
  });
});

describe("what a new adult should know", () => {
  it("has words and signs to each topic, and shows only those that were chosen", () => {
    const doc = new Y.Doc();
    beginDocument(doc, "me", 1000);
    expect(isEmptySummary(readOwn(doc).summary)).toBe(true);
    toggleSign(doc, "likes", "dog", 1);
    toggleSign(doc, "likes", "bike", 2);
    toggleSign(doc, "sleep", "lamp", 3);
    writeTopic(doc, "calms", "Ro og en dyne");
    expect(isEmptySummary(readOwn(doc).summary)).toBe(false);
    expect(readOwn(doc).text).toBe("Ro og en dyne");
    toggleSign(doc, "sleep", "lamp", 4);
    const parts = copyForShowing(doc, {
      notSafeForParents: false,
      withMoods: false,
      photos: [],
      parts: ["likes", "sleep"],
    }).parts;
    expect(parts).toEqual([{ topic: "likes", signs: ["dog", "bike"], text: "", title: "", when: null }]);
  });

  it("two devices that begin the same topic at the same time keep both words and signs", () => {
    const [one, other] = [new Y.Doc(), new Y.Doc()];
    for (const doc of [one, other]) beginDocument(doc, "me", 1000);
    writeTopic(one, "food", "pizza");
    writeTopic(other, "food", "ris");
    toggleSign(one, "food", "pizza", 1);
    toggleSign(other, "food", "rice", 2);
    merge(one, other);
    const [mine, theirs] = [one, other].map((doc) => readTopics(doc).find(({ topic }) => topic === "food"));
    expect(mine).toEqual(theirs);
    expect(mine?.text).toContain("pizza");
    expect(mine?.text).toContain("ris");
    expect(mine?.signs).toEqual(["pizza", "rice"]);
  });
});

describe("a plain field", () => {
  it("reads as it was typed, whatever was there, and never cuts an emoji in two", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "b", "🐶", "🐱", "å", " "), maxLength: 8 });
    fc.assert(
      fc.property(words, words, (before, after) => {
        const doc = new Y.Doc();
        const text = doc.getText("t");
        writeField(text, before);
        writeField(text, after);
        expect(text.toString()).toBe(after);
        const elsewhere = new Y.Doc();
        Y.applyUpdate(elsewhere, Y.encodeStateAsUpdate(doc));
        expect(elsewhere.getText("t").toString()).toBe(after);
      }),
    );
  });
});
