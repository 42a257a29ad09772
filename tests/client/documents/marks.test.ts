import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import {
  MAX_MARK,
  readMarks,
  setArchived,
  setBinned,
  setPinned,
  setSubject,
  setWords,
  toggleWord,
} from "../../../client/documents/marks.ts";
import { isEmptySummary, summarise } from "../../../client/documents/own-read.ts";

const nothing = {
  pinned: false,
  archived: false,
  binnedAt: null,
  day: "",
  place: "",
  tags: [],
  persons: [],
  subject: null,
};

describe("marks of an entry", () => {
  it("are none on a new one", () => expect(readMarks(new Y.Doc())).toEqual(nothing));

  it("say what a wish is about, and pass over what a newer Lomme may say", () => {
    const doc = new Y.Doc();
    setSubject(doc, "school");
    expect(readMarks(doc).subject).toBe("school");
    expect(isEmptySummary(summarise(doc))).toBe(false);
    doc.getMap("about").set("subject", "pets");
    expect(readMarks(doc).subject).toBeNull();
    setSubject(doc, null);
    expect(doc.getMap("about").has("subject")).toBe(false);
  });

  it("make it something: when, where, who or a word alone keep it in the lists", () => {
    const made = [
      (doc: Y.Doc) => setWords(doc, "day", "i går"),
      (doc: Y.Doc) => setWords(doc, "place", "hos mormor"),
      (doc: Y.Doc) => toggleWord(doc, "persons", "far"),
      (doc: Y.Doc) => toggleWord(doc, "tags", "skole"),
    ].map((mark) => {
      const doc = new Y.Doc();
      mark(doc);
      return doc;
    });
    expect(made.map((doc) => isEmptySummary(summarise(doc)))).toEqual([false, false, false, false]);
    const pinned = new Y.Doc();
    setPinned(pinned, true);
    expect(isEmptySummary(summarise(pinned))).toBe(true);
  });

  it("go on and off again, and leave nothing behind", () => {
    const doc = new Y.Doc();
    setPinned(doc, true);
    setArchived(doc, true);
    setBinned(doc, 1_700_000_000_000);
    setWords(doc, "day", "den sommer, jeg var 7");
    setWords(doc, "place", "hos mormor");
    expect(readMarks(doc)).toMatchObject({
      pinned: true,
      archived: true,
      binnedAt: 1_700_000_000_000,
      day: "den sommer, jeg var 7",
      place: "hos mormor",
    });
    setPinned(doc, false);
    setArchived(doc, false);
    setBinned(doc, null);
    setWords(doc, "day", "");
    setWords(doc, "place", "  ");
    expect(readMarks(doc)).toEqual(nothing);
    expect(doc.getMap("about").size).toBe(0);
  });

  it("hold a word once, whatever its capitals", () => {
    const doc = new Y.Doc();
    toggleWord(doc, "tags", " Skole ");
    toggleWord(doc, "persons", "Åse");
    expect(readMarks(doc)).toMatchObject({ tags: ["Skole"], persons: ["Åse"] });
    toggleWord(doc, "persons", "åse");
    toggleWord(doc, "tags", "");
    expect(readMarks(doc)).toMatchObject({ tags: ["Skole"], persons: [] });
  });

  it("count a word once that two devices put on", () => {
    const one = new Y.Doc();
    const other = new Y.Doc();
    toggleWord(one, "tags", "fodbold");
    toggleWord(other, "tags", "Fodbold");
    Y.applyUpdate(one, Y.encodeStateAsUpdate(other));
    expect(readMarks(one).tags.length).toBe(1);
    toggleWord(one, "tags", "FODBOLD");
    expect(readMarks(one).tags).toEqual([]);
  });

  it("are cut where they are too long, and passed over where they have the wrong shape", () => {
    const doc = new Y.Doc();
    toggleWord(doc, "tags", "x".repeat(99));
    expect(readMarks(doc).tags).toEqual(["x".repeat(MAX_MARK)]);
    doc.getArray("persons").push([5, null, "Noah"]);
    doc.getMap("about").set("binnedAt", "yesterday");
    doc.getMap("about").set("pinned", 1);
    doc.getMap("about").set("day", ["monday"]);
    expect(readMarks(doc)).toMatchObject({ persons: ["Noah"], binnedAt: null, pinned: false, day: "" });
  });
});
