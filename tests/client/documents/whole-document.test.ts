/** Whatever stands in a document comes out as JSON and goes in again; what is no document goes in nowhere. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { addStroke, beginDrawing, type DrawingId, readDrawings } from "../../../client/documents/drawing.ts";
import { beginDocument, setTitle, textOf, toggleMood } from "../../../client/documents/entry.ts";
import { appendRichText, readRichText } from "../../../client/documents/rich-text.ts";
import { fillDocument, type Json, NotADocument, wholeOf } from "../../../client/documents/whole-document.ts";

const again = (doc: Y.Doc): Y.Doc => {
  const made = new Y.Doc();
  fillDocument(made, JSON.parse(JSON.stringify(wholeOf(doc))) as Json);
  return made;
};

/** An entry with everything that the editor and the screens put into one, after some rubbing out. */
function lively(): Y.Doc {
  const doc = new Y.Doc();
  beginDocument(doc, "wish", Date.UTC(2026, 2, 1));
  setTitle(doc, 'Æbler & "pærer" 🍐');
  toggleMood(doc, "happy");
  toggleMood(doc, "sad");
  toggleMood(doc, "happy");
  appendRichText(textOf(doc), [
    { type: "heading", runs: [{ text: "Det jeg vil" }] },
    { type: "paragraph", runs: [{ text: "En " }, { text: "hund", bold: true }, { text: "\nog ro", italic: true }] },
    { type: "bullet", runs: [{ text: "et" }] },
    { type: "bullet", runs: [] },
    { type: "number", runs: [{ text: "to" }] },
    { type: "quote", runs: [{ text: "sagde far" }] },
  ]);
  const id = "0".repeat(32) as DrawingId;
  beginDrawing(doc, id, { over: null, height: 0.75 });
  addStroke(doc, id, { colour: 3, size: 0.02, points: [{ x: 0.1, y: 0.2, pressure: 0.5 }] });
  doc.getArray("photos").push([{ full: { space: "1", blob: "2" }, width: 4 }]);
  return doc;
}

describe("a document as JSON", () => {
  test("everything of an entry comes back, and reads the same", () => {
    const doc = lively();
    const made = again(doc);
    expect(wholeOf(made)).toEqual(wholeOf(doc));
    expect(readRichText(textOf(made))).toEqual(readRichText(textOf(doc)));
    expect(readDrawings(made)).toEqual(readDrawings(doc));
    expect(JSON.stringify(wholeOf(doc))).toContain("En ");
    expect(JSON.stringify(wholeOf(doc))).not.toContain("happy");
  });

  test("also what no version knows yet: any root, types in types, odd values", () => {
    const doc = new Y.Doc();
    const inner = new Y.Map<unknown>([["list", Y.Array.from([1, "to", null])]]);
    doc.getMap("later").set("inner", inner);
    doc.getMap("later").set("odd", { $list: [1], plain: { a: [true] } });
    doc.getMap("later").set("numbers", [Number.NaN, Number.POSITIVE_INFINITY, -0.5]);
    doc.getMap("later").set("__proto__", "a word");
    doc.getText("words").insert(0, "fed", { bold: true });
    doc.getArray("bytes").push([new Uint8Array([0, 255, 7])]);
    doc.getMap("empty").set("gone", 1);
    doc.getMap("empty").delete("gone");
    const made = again(doc);
    expect(wholeOf(made)).toEqual(wholeOf(doc));
    expect(Object.keys(wholeOf(doc))).toEqual(["bytes", "later", "words"]);
    expect(made.getMap("later").get("odd")).toEqual({ $list: [1], plain: { a: [true] } });
    expect(made.getMap("later").get("numbers")).toEqual([Number.NaN, Number.POSITIVE_INFINITY, -0.5]);
    expect(made.getArray("bytes").get(0)).toEqual(new Uint8Array([0, 255, 7]));
    expect((made.getMap("later").get("inner") as Y.Map<unknown>).get("list")).toBeInstanceOf(Y.Array);
  });

  test("bytes in a worker, which has no Buffer", () => {
    const doc = new Y.Doc();
    const bytes = new Uint8Array(20_000).map((_, at) => (at * 7) % 256);
    doc.getArray("bytes").push([bytes, new Uint8Array()]);
    vi.stubGlobal("Buffer", undefined);
    try {
      const made = again(doc);
      expect(made.getArray("bytes").toArray()).toEqual([bytes, new Uint8Array()]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("a zero below nothing, which JSON forgets and a property once found", () => {
    const doc = new Y.Doc();
    doc.getMap("root").set("", { "": -0 });
    expect(again(doc).getMap("root").get("")).toEqual({ "": -0 });
  });

  test("any plain values", () => {
    // The comparison below reads that one as the object's prototype.
    const aKey = fc.string().filter((key) => key !== "__proto__");
    fc.assert(
      fc.property(fc.dictionary(aKey, fc.jsonValue(), { minKeys: 1 }), (values) => {
        const doc = new Y.Doc();
        for (const [key, value] of Object.entries(values)) doc.getMap("root").set(key, value);
        expect(wholeOf(again(doc))).toEqual(wholeOf(doc));
      }),
    );
  });

  test("reading leaves the document as it was: no type is settled", () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(lively()));
    wholeOf(doc);
    expect(doc.share.get("text")?.constructor.name).toBe(new Y.Doc().get("x").constructor.name);
    expect(() => doc.getText("moods")).not.toThrow();
  });
});

describe("what is no document", () => {
  const deep = (levels: number): Json => (levels === 0 ? 1 : { $list: [deep(levels - 1)] });
  const nested = (levels: number): Json =>
    levels === 0 ? { $text: [{ insert: "x" }] } : { $node: "blockquote", children: [nested(levels - 1)] };
  test.each([
    ["no object", 7],
    ["a root without a type", { about: { kind: "entry" } }],
    ["a type that isn't one", { about: { $map: { a: { $what: 1 } } } }],
    ["a node without a name", { text: { $nodes: [{ children: [] }] } }],
    ["a word that isn't one", { text: { $nodes: [{ $text: [{ insert: null }] }] } }],
    ["bytes that aren't", { a: { $list: [{ $bytes: "*" }] } }],
    ["lists too deep", { a: { $map: { a: deep(70) } } }],
    ["nodes too deep", { text: { $nodes: [nested(70)] } }],
    ["plain values too deep", { a: { $list: [Array.from({ length: 80 }).reduce<Json>((all) => [all], 1)] } }],
  ] as [string, Json][])("%s is refused", (_, whole) => {
    expect(() => fillDocument(new Y.Doc(), whole)).toThrow(NotADocument);
  });
});
