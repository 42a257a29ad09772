/**
 * Drawings in an own document, stroke by stroke, so that a lock in the middle of a line loses that line at most, and a
 * finished drawing can be gone on with:
 *
 * | name | type | holds |
 * |---|---|---|
 * | drawings | Map by id (32 hex) of Map | over: full blob id of the photo below, or none; height: ‰ of the width; picture: full blob id of the photo made of it, or none; strokes: Array of plain objects |
 *
 * A stroke is `{ colour: 0 … 7, size: ‰ of the width, points: bytes }`; a point is five bytes: x and y as unsigned
 * 16-bit big-endian in 1/16,000 of the width, and the pressure 0 … 255.
 */
import * as Y from "yjs";
import { addPhotoTo, removePhotoFrom } from "./entry.ts";
import type { BlobId, PhotoRef } from "./kinds.ts";

const POINT_BYTES = 5;
/** A coordinate of one whole width. Nine tenths of the range stay for what is higher than wide. */
const WIDTH_UNITS = 16_000;
const MAX_UNITS = 65_535;
/** Crayons on white paper, the same by day and by night: a picture has one ground. */
export const CRAYONS = [
  "#1d2433",
  "#2f4b7c",
  "#b5432e",
  "#f4b73f",
  "#4f6238",
  "#643a54",
  "#7fb2d1",
  "#ffffff",
] as const;
const COLOURS = CRAYONS.length;
const ID = /^[0-9a-f]{32}$/;

/** A drawing's id: 32 hexadecimal characters, random, local to its document. */
export type DrawingId = string & { readonly __drawing: unique symbol };

/** x and y in shares of the drawing's width, pressure 0 … 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly pressure: number;
}

export interface Stroke {
  /** Which of the eight crayons, 0 … 7. */
  readonly colour: number;
  /** Width of the line in shares of the drawing's width. */
  readonly size: number;
  readonly points: readonly Point[];
}

export interface Drawing {
  readonly id: DrawingId;
  /** The photo it is drawn on. */
  readonly over: BlobId | null;
  /** Height in shares of the width. */
  readonly height: number;
  /** The photo made of it when it was last done; null while it was never finished. */
  readonly picture: BlobId | null;
  readonly strokes: readonly Stroke[];
}

const drawingsOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap("drawings");

export function beginDrawing(doc: Y.Doc, id: DrawingId, { over, height }: Pick<Drawing, "over" | "height">): void {
  const drawing = new Y.Map<unknown>();
  drawing.set("height", Math.round(height * 1000));
  if (over !== null) drawing.set("over", over);
  drawing.set("strokes", new Y.Array());
  drawingsOf(doc).set(id, drawing);
}

export const addStroke = (doc: Y.Doc, id: DrawingId, { colour, size, points }: Stroke): void =>
  strokesOf(doc, id)?.push([{ colour, size: Math.round(size * 1000), points: encodePoints(points) }]);

/** Takes the newest stroke away again. */
export function undoStroke(doc: Y.Doc, id: DrawingId): void {
  const strokes = strokesOf(doc, id);
  if (strokes !== null && strokes.length > 0) strokes.delete(strokes.length - 1, 1);
}

/**
 * Puts the picture of a drawing into the document, and takes the one from before out. False, and nothing done, where there
 * is no such drawing.
 */
export function putDrawingPicture(doc: Y.Doc, id: DrawingId, photo: PhotoRef): boolean {
  const drawing = readDrawings(doc).find((one) => one.id === id);
  if (drawing === undefined) return false;
  doc.transact(() => {
    addPhotoTo(doc, photo);
    setDrawingPicture(doc, id, photo.full.blob);
    if (drawing.picture !== null) removePhotoFrom(doc, drawing.picture);
  });
  return true;
}

/** Which photo of the document shows it now. */
export function setDrawingPicture(doc: Y.Doc, id: DrawingId, picture: BlobId): void {
  const drawing = drawingsOf(doc).get(id);
  if (drawing instanceof Y.Map) drawing.set("picture", picture);
}

export const removeDrawing = (doc: Y.Doc, id: DrawingId): void => drawingsOf(doc).delete(id);

/** In no order that means anything; what has the wrong shape is passed over. */
export const readDrawings = (doc: Y.Doc): readonly Drawing[] =>
  [...drawingsOf(doc).entries()].flatMap(([id, value]) =>
    ID.test(id) && value instanceof Y.Map ? [toDrawing(id as DrawingId, value)] : [],
  );

/** Those of which no picture was made yet: begun, with a line at least, and still open. */
export const readUnfinished = (doc: Y.Doc): readonly Drawing[] =>
  readDrawings(doc).filter(({ picture, strokes }) => picture === null && strokes.length > 0);

const toDrawing = (id: DrawingId, value: Y.Map<unknown>): Drawing => {
  const height = value.get("height");
  const strokes = value.get("strokes");
  return {
    id,
    over: toBlobId(value.get("over")),
    height: typeof height === "number" && height >= 100 && height <= 4000 ? height / 1000 : 1,
    picture: toBlobId(value.get("picture")),
    strokes: strokes instanceof Y.Array ? strokes.toArray().flatMap(toStroke) : [],
  };
};

const toBlobId = (value: unknown): BlobId | null =>
  typeof value === "string" && ID.test(value) ? (value as BlobId) : null;

function toStroke(value: unknown): Stroke[] {
  if (typeof value !== "object" || value === null) return [];
  const { colour, size, points } = value as Record<string, unknown>;
  if (typeof colour !== "number" || typeof size !== "number" || !(points instanceof Uint8Array)) return [];
  if (!Number.isInteger(colour) || colour < 0 || colour >= COLOURS || !(size > 0 && size <= 500)) return [];
  return [{ colour, size: size / 1000, points: decodePoints(points) }];
}

function strokesOf(doc: Y.Doc, id: DrawingId): Y.Array<unknown> | null {
  const drawing = drawingsOf(doc).get(id);
  const strokes = drawing instanceof Y.Map ? drawing.get("strokes") : null;
  return strokes instanceof Y.Array ? strokes : null;
}

function encodePoints(points: readonly Point[]): Uint8Array {
  const bytes = new Uint8Array(points.length * POINT_BYTES);
  const view = new DataView(bytes.buffer);
  points.forEach(({ x, y, pressure }, index) => {
    view.setUint16(index * POINT_BYTES, within(x * WIDTH_UNITS, MAX_UNITS));
    view.setUint16(index * POINT_BYTES + 2, within(y * WIDTH_UNITS, MAX_UNITS));
    view.setUint8(index * POINT_BYTES + 4, within(pressure * 255, 255));
  });
  return bytes;
}

function decodePoints(bytes: Uint8Array): Point[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / POINT_BYTES) }, (_, index) => ({
    x: view.getUint16(index * POINT_BYTES) / WIDTH_UNITS,
    y: view.getUint16(index * POINT_BYTES + 2) / WIDTH_UNITS,
    pressure: view.getUint8(index * POINT_BYTES + 4) / 255,
  }));
}

const within = (value: number, most: number): number => Math.round(Math.min(most, Math.max(0, value || 0)));
