import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { addStroke, beginDrawing, type DrawingId } from "../../../client/documents/drawing.ts";
import {
  addPhotoTo,
  appendHeadings,
  appendText,
  beginDocument,
  putOriginalTo,
  readMoods,
  readPhotos,
  removeOriginalFrom,
  removePhotoFrom,
  setTitle,
  textOf,
  toggleMood,
} from "../../../client/documents/entry.ts";
import type { OriginalRef, PhotoRef, RecordingRef, RichBlock, RichText } from "../../../client/documents/kinds.ts";
import { copyForShowing, isEmptySummary, summarise } from "../../../client/documents/own-read.ts";
import { addRecordingTo, readRecordings, removeRecordingFrom } from "../../../client/documents/recordings.ts";
import { appendRichText, readPlainText, readRichText } from "../../../client/documents/rich-text.ts";
import { clientIdsOf, compactUpdates, mergeUpdates, readUpdate } from "../../../client/documents/updates.ts";
import type { BlobId, SpaceId } from "../../../crypto/types.ts";

const id = (digit: string) => digit.repeat(32);
const ref = (digit: string) => ({ space: id("a") as SpaceId, blob: id(digit) as BlobId });
const photo = (digit: string, thumbnail: string): PhotoRef => ({
  full: ref(digit),
  thumbnail: ref(thumbnail),
  width: 4,
  height: 3,
});

function entry(fill: (doc: Y.Doc) => void = () => undefined): Y.Doc {
  const doc = new Y.Doc();
  beginDocument(doc, "entry", 1_700_000_000_000);
  fill(doc);
  return doc;
}

const paragraph = (text: string): RichText => [{ type: "paragraph", runs: [{ text }] }];

describe("headings to write under", () => {
  it("come at the end, each once, and never between what stands there", () => {
    const doc = entry((made) => appendText(made, paragraph("Mit eget")));
    appendHeadings(doc, ["Det siger jeg", "Det spørger jeg om"]);
    appendText(doc, paragraph("Om skolen"));
    appendHeadings(doc, ["Det spørger jeg om", "Det blev sagt"]);
    expect(readPlainText(textOf(doc)).split("\n").filter(Boolean)).toEqual([
      "Mit eget",
      "Det siger jeg",
      "Det spørger jeg om",
      "Om skolen",
      "Det blev sagt",
    ]);
  });

  it("are no heading where the same words stand as a sentence", () => {
    const doc = entry((made) => appendText(made, paragraph("Det blev sagt")));
    appendHeadings(doc, ["Det blev sagt"]);
    expect(readRichText(textOf(doc)).map(({ type }) => type)).toEqual(["paragraph", "heading"]);
  });
});

describe("recordings in an entry", () => {
  const recording = (digit: string, type: RecordingRef["type"] = "audio/webm"): RecordingRef => ({
    media: ref(digit),
    type,
    bytes: 1000,
    durationMs: 4200,
    peaks: [0, 12, 31],
  });

  it("stand once each, are counted by kind, can be taken out, and keep an entry from being empty", () => {
    const doc = entry((made) => {
      addRecordingTo(made, recording("1"));
      addRecordingTo(made, recording("2", "video/mp4"));
      addRecordingTo(made, recording("1"));
    });
    expect(readRecordings(doc)).toEqual([recording("1"), recording("2", "video/mp4")]);
    expect(summarise(doc)).toMatchObject({ sounds: 1, videos: 1, photos: 0 });
    expect(isEmptySummary(summarise(doc))).toBe(false);
    removeRecordingFrom(doc, id("1") as BlobId);
    removeRecordingFrom(doc, id("2") as BlobId);
    expect(isEmptySummary(summarise(doc))).toBe(true);
  });

  it("of another shape are passed over: a page or a script is no recording", () => {
    const doc = entry();
    const good = recording("1");
    const bad = [
      { ...good, type: "text/html" },
      { ...good, bytes: 0 },
      { ...good, bytes: 1.5 },
      { ...good, bytes: 2 ** 40 },
      { ...good, durationMs: -1 },
      { ...good, durationMs: "9" },
      { ...good, peaks: [32] },
      { ...good, peaks: Array(65).fill(1) },
      { ...good, peaks: "loud" },
      { ...good, media: { space: id("a"), blob: "../x" } },
      null,
      "recording",
    ];
    doc.getArray("recordings").push(bad);
    expect(readRecordings(doc)).toEqual([]);
  });

  it("go along only when they were chosen", () => {
    const doc = entry((made) => {
      addRecordingTo(made, recording("1"));
      addRecordingTo(made, recording("2"));
    });
    const options = { notSafeForParents: false, withMoods: false, photos: [] };
    expect(copyForShowing(doc, options).recordings).toEqual([]);
    const chosen = copyForShowing(doc, { ...options, recordings: [id("2") as BlobId] });
    expect(chosen.recordings).toEqual([recording("2")]);
  });
});

describe("an entry", () => {
  it("is summarised: title, first words, moods once, first thumbnail", () => {
    const doc = entry((made) => {
      setTitle(made, "Weekend");
      appendText(made, paragraph(`Vi  var\nved ${"søen ".repeat(60)}`));
      toggleMood(made, "glad");
      addPhotoTo(made, photo("1", "2"));
      addPhotoTo(made, photo("3", "4"));
    });
    const summary = summarise(doc);
    expect(summary).toMatchObject({
      kind: "entry",
      title: "Weekend",
      moods: ["glad"],
      createdAt: 1_700_000_000_000,
      thumbnail: ref("2"),
      photos: 2,
    });
    expect(summary.excerpt.startsWith("Vi var ved søen")).toBe(true);
    expect(summary.excerpt.length).toBeLessThanOrEqual(120);
    expect(isEmptySummary(summary)).toBe(false);
    expect(isEmptySummary(summarise(entry()))).toBe(true);
    const drawn = entry((made) => {
      const drawing = id("e") as DrawingId;
      beginDrawing(made, drawing, { over: null, height: 1 });
      addStroke(made, drawing, { colour: 0, size: 0.01, points: [{ x: 0, y: 0, pressure: 1 }] });
    });
    expect(isEmptySummary(summarise(drawn))).toBe(false);
  });

  it("takes a photo once, however often it is put in, and lets it be taken out again", () => {
    const doc = entry((made) => addPhotoTo(made, photo("1", "2")));
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    addPhotoTo(doc, photo("3", "4"));
    addPhotoTo(copy, photo("3", "4"));
    addPhotoTo(doc, photo("1", "2"));
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(copy));
    const plain = { original: null };
    expect(readPhotos(doc)).toEqual([
      { ...photo("1", "2"), ...plain },
      { ...photo("3", "4"), ...plain },
    ]);
    removePhotoFrom(doc, id("3") as BlobId);
    expect(readPhotos(doc)).toEqual([{ ...photo("1", "2"), ...plain }]);
  });

  it("keeps a photo's original beside it, never in a shown copy, and lets it go without the photo", () => {
    const original: OriginalRef = { file: ref("9"), type: "image/jpeg", bytes: 3_000_000, tells: ["place", "camera"] };
    const doc = entry((made) => {
      addPhotoTo(made, photo("1", "2"));
      addPhotoTo(made, { ...photo("3", "4"), original });
    });
    expect(readPhotos(doc).map((one) => one.original)).toEqual([null, original]);
    const copy = copyForShowing(doc, {
      notSafeForParents: false,
      withMoods: false,
      photos: [ref("1").blob, ref("3").blob],
    });
    expect(copy.photos).toEqual([photo("1", "2"), photo("3", "4")]);
    expect(JSON.stringify(copy)).not.toContain(ref("9").blob);
    removeOriginalFrom(doc, ref("3").blob);
    expect(readPhotos(doc)).toEqual([
      { ...photo("1", "2"), original: null },
      { ...photo("3", "4"), original: null },
    ]);
  });

  it("gets a photo's original when that is there, in the photo's place, and none for a photo that was taken out", () => {
    const original: OriginalRef = { file: ref("9"), type: "image/heic", bytes: 3_000_000, tells: [] };
    const doc = entry((made) => {
      addPhotoTo(made, photo("1", "2"));
      addPhotoTo(made, photo("3", "4"));
    });
    expect(putOriginalTo(doc, ref("1").blob, original)).toBe(true);
    expect(readPhotos(doc)).toEqual([
      { ...photo("1", "2"), original },
      { ...photo("3", "4"), original: null },
    ]);
    removePhotoFrom(doc, ref("3").blob);
    expect(putOriginalTo(doc, ref("3").blob, original)).toBe(false);
    expect(readPhotos(doc)).toHaveLength(1);
  });

  it("takes a mood off, also when two devices had put it on", () => {
    const doc = entry((made) => toggleMood(made, "træt"));
    doc.getArray("moods").push(["træt"]);
    expect(readMoods(doc)).toEqual(["træt"]);
    toggleMood(doc, "træt");
    expect(readMoods(doc)).toEqual([]);
  });

  it("passes over what another version wrote in another shape", () => {
    const doc = entry((made) => {
      made.getArray("photos").push([{ full: "x" }, 3, null, { ...photo("1", "2"), full: { space: "..", blob: "/" } }]);
      made.getArray("moods").push([1, "glad"]);
      made.getMap("about").set("title", 7);
      made.getMap("about").set("createdAt", "yesterday");
    });
    expect(summarise(doc)).toMatchObject({ title: "", moods: ["glad"], photos: 0, createdAt: 0 });
  });

  it("shows a copy with chosen photos and moods, and nothing that was deleted", () => {
    const doc = entry((made) => {
      appendText(made, paragraph("hemmeligt"));
      textOf(made).delete(0, 1);
      appendText(made, paragraph("det må du se"));
      toggleMood(made, "glad");
      addPhotoTo(made, photo("1", "2"));
      addPhotoTo(made, photo("3", "4"));
    });
    const copy = copyForShowing(doc, { notSafeForParents: true, withMoods: false, photos: [id("3") as BlobId] });
    expect(copy).toEqual({
      kind: "entry",
      title: "",
      text: paragraph("det må du se"),
      moods: [],
      photos: [photo("3", "4")],
      recordings: [],
      stickers: [],
      parts: [],
      subject: null,
      createdAt: 1_700_000_000_000,
      notSafeForParents: true,
    });
    expect(JSON.stringify(copy)).not.toContain("hemmeligt");
  });
});

describe("rich text", () => {
  const run = fc.record({
    text: fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes("\n")),
    mark: fc.constantFrom("none", "bold", "italic", "both"),
  });
  const block = fc.record({
    type: fc.constantFrom<RichBlock["type"]>("paragraph", "heading", "quote", "bullet", "number"),
    runs: fc.array(run, { minLength: 1, maxLength: 4 }),
  });

  it("comes back as it was written", () => {
    void fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
        const text: RichText = blocks.map(({ type, runs }) => ({
          type,
          runs: joined(
            runs.map(({ text, mark }) => ({
              text,
              ...((mark === "bold" || mark === "both") && { bold: true as const }),
              ...((mark === "italic" || mark === "both") && { italic: true as const }),
            })),
          ),
        }));
        const fragment = new Y.Doc().getXmlFragment("text");
        appendRichText(fragment, text);
        expect(readRichText(fragment)).toEqual(text);
      }),
      { numRuns: 200 },
    );
  });

  function joined(runs: RichBlock["runs"]): RichBlock["runs"] {
    const all: RichBlock["runs"][number][] = [];
    for (const next of runs) {
      const last = all.at(-1);
      const same = last !== undefined && last.bold === next.bold && last.italic === next.italic;
      if (same) all[all.length - 1] = { ...last, text: last.text + next.text };
      else all.push(next);
    }
    return all;
  }

  it("reads what the editor makes: marks by hash, breaks, nested lists, an empty last paragraph", () => {
    const fragment = new Y.Doc().getXmlFragment("text");
    const words = new Y.XmlText();
    words.insert(0, "fed", { "bold--QUJDREVG": {} });
    const list = new Y.XmlElement("bulletList");
    const item = new Y.XmlElement("listItem");
    const inner = new Y.XmlElement("paragraph");
    fragment.push([inner, list, new Y.XmlElement("paragraph")]);
    inner.push([words, new Y.XmlElement("hardBreak")]);
    list.push([item]);
    const point = new Y.XmlElement("paragraph");
    item.push([point]);
    point.push([new Y.XmlText("punkt")]);
    expect(readRichText(fragment)).toEqual([
      { type: "paragraph", runs: [{ text: "fed", bold: true }, { text: "\n" }] },
      { type: "bullet", runs: [{ text: "punkt" }] },
    ]);
    expect(readPlainText(fragment)).toBe("fed\npunkt");
  });

  it("cuts a page that nests without end", () => {
    const fragment = new Y.Doc().getXmlFragment("text");
    let parent: Y.XmlFragment = fragment;
    for (let depth = 0; depth < 500; depth++) {
      const child = new Y.XmlElement("blockquote");
      parent.push([child]);
      parent = child;
    }
    parent.push([new Y.XmlText("bunden")]);
    expect(readRichText(fragment)).toEqual([]);
    expect(readPlainText(fragment)).toBe("");
  });
});

describe("updates", () => {
  it("merge to the same document, name who wrote, and a snapshot holds no deleted word", () => {
    const doc = entry();
    const updates: Uint8Array[] = [Y.encodeStateAsUpdate(doc)];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    appendText(doc, paragraph("slettet"));
    textOf(doc).delete(0, 1);
    appendText(doc, paragraph("bliver"));
    const merged = mergeUpdates(updates);
    expect(readUpdate(merged, (read) => readPlainText(textOf(read)))).toBe("bliver");
    expect(clientIdsOf(merged)).toEqual([doc.clientID]);
    expect(Buffer.from(compactUpdates(updates) ?? []).includes("slettet")).toBe(false);
    expect(clientIdsOf(Uint8Array.of(0, 0))).toEqual([]);
  });
});
