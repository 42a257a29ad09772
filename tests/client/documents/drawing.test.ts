import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import {
  addStroke,
  beginDrawing,
  type DrawingId,
  readDrawings,
  removeDrawing,
  type Stroke,
  setDrawingPicture,
  undoStroke,
} from "../../../client/documents/drawing.ts";
import type { BlobId } from "../../../client/documents/kinds.ts";

const ID = "d".repeat(32) as DrawingId;
const PHOTO = "1".repeat(32) as BlobId;
const line: Stroke = {
  colour: 3,
  size: 0.012,
  points: [
    { x: 0.25, y: 0.5, pressure: 1 },
    { x: 1, y: 1.75, pressure: 0 },
  ],
};

const begun = (over: BlobId | null = null): Y.Doc => {
  const doc = new Y.Doc();
  beginDrawing(doc, ID, { over, height: 1.25 });
  return doc;
};

const only = (doc: Y.Doc) => {
  const [drawing, ...others] = readDrawings(doc);
  expect(others).toEqual([]);
  if (drawing === undefined) throw new Error("no drawing");
  return drawing;
};

describe("a drawing", () => {
  it("keeps its strokes in order, and what it is drawn on", () => {
    const doc = begun(PHOTO);
    addStroke(doc, ID, line);
    addStroke(doc, ID, { ...line, colour: 0 });
    expect(only(doc)).toMatchObject({ id: ID, over: PHOTO, height: 1.25, picture: null });
    expect(only(doc).strokes.map(({ colour }) => colour)).toEqual([3, 0]);
    expect(only(doc).strokes[0]).toEqual(line);
  });

  it("gives a stroke back within a tenth of a thousandth of its width, wherever it goes", async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.property(fc.array(fc.record({ x: share, y: share, pressure: share }), { maxLength: 40 }), (points) => {
        const doc = begun();
        addStroke(doc, ID, { ...line, points });
        const read = only(doc).strokes[0]?.points ?? [];
        expect(read.length).toBe(points.length);
        for (const [index, point] of points.entries()) {
          expect(read[index]?.x).toBeCloseTo(point.x, 4);
          expect(read[index]?.y).toBeCloseTo(point.y, 4);
          expect(Math.abs((read[index]?.pressure ?? 9) - point.pressure)).toBeLessThan(0.003);
        }
      }),
    );
  });

  it("undoes the newest stroke, and nothing where there is none", () => {
    const doc = begun();
    addStroke(doc, ID, line);
    addStroke(doc, ID, { ...line, colour: 7 });
    undoStroke(doc, ID);
    expect(only(doc).strokes.map(({ colour }) => colour)).toEqual([3]);
    undoStroke(doc, ID);
    undoStroke(doc, ID);
    expect(only(doc).strokes).toEqual([]);
  });

  it("knows the photo that was made of it, and goes whole", () => {
    const doc = begun();
    setDrawingPicture(doc, ID, PHOTO);
    expect(only(doc).picture).toBe(PHOTO);
    removeDrawing(doc, ID);
    expect(readDrawings(doc)).toEqual([]);
  });

  it("loses no stroke when two devices draw at once", () => {
    const one = begun();
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(one));
    addStroke(one, ID, line);
    addStroke(other, ID, { ...line, colour: 5 });
    Y.applyUpdate(one, Y.encodeStateAsUpdate(other));
    expect(only(one).strokes.length).toBe(2);
  });

  it("passes over what has the wrong shape", () => {
    const doc = begun();
    const drawings = doc.getMap("drawings");
    const strokes = (drawings.get(ID) as Y.Map<unknown>).get("strokes") as Y.Array<unknown>;
    strokes.push([
      null,
      "line",
      { colour: 8, size: 12, points: new Uint8Array(5) },
      { colour: 1, size: -1, points: new Uint8Array(5) },
      { colour: 1, size: 12, points: "abc" },
      { colour: 1, size: 12, points: new Uint8Array(7) },
    ]);
    drawings.set("not an id", new Y.Map());
    drawings.set("e".repeat(32), 5);
    expect(only(doc).strokes).toEqual([{ colour: 1, size: 0.012, points: [{ x: 0, y: 0, pressure: 0 }] }]);
  });
});
