/** A drawing while it is on the screen: each stroke goes to the vault as soon as the crayon is lifted. */
import { type ReadonlySignal, signal } from "@preact/signals";
import {
  addStroke,
  beginDrawing,
  CRAYONS,
  type Drawing,
  type DrawingId,
  type Point,
  readDrawings,
  removeDrawing,
  type Stroke,
  undoStroke,
} from "../documents/drawing.ts";
import { readPhotos, removePhotoFrom } from "../documents/entry.ts";
import type { BlobId, DocumentTag, PhotoRef } from "../documents/kinds.ts";
import { sealAfter } from "./before-sealing.ts";
import { openDocument } from "./open-document.ts";
import type { SavedState } from "./saved.ts";
import { vault } from "./vault.ts";

export type { Drawing, DrawingId, Point, Stroke };
export { CRAYONS };

export interface OpenDrawing {
  readonly ready: ReadonlySignal<boolean>;
  readonly saved: ReadonlySignal<SavedState>;
  readonly strokes: ReadonlySignal<readonly Stroke[]>;
  /** Height in shares of the width. */
  readonly height: ReadonlySignal<number>;
  /** The photo it is drawn on, once that is known. */
  readonly over: ReadonlySignal<PhotoRef | null>;
  add(stroke: Stroke): void;
  undo(): void;
  /** Puts its picture into the entry, in the place of the one from before; also after `close`. @throws VaultError storage-full */
  finish(picture: Blob): Promise<void>;
  /** Where no line stands in it: it goes, and its picture too. */
  discard(): void;
  close(): void;
}

/** A name for a drawing that begins now. */
export const newDrawingId = (): DrawingId => crypto.randomUUID().replaceAll("-", "") as DrawingId;

/** Goes on with a drawing, or begins it: on paper, or on one of the entry's photos (`over`, by its full blob id). */
export const openDrawing = (document: DocumentTag, id: DrawingId, over: BlobId | null): OpenDrawing => {
  const strokes = signal<readonly Stroke[]>([]);
  const height = signal(1);
  const below = signal<PhotoRef | null>(null);
  const find = () => readDrawings(open.doc).find((drawing) => drawing.id === id);
  const open = openDocument(document, (doc) => {
    const drawing = readDrawings(doc).find((one) => one.id === id);
    strokes.value = drawing?.strokes ?? [];
    if (drawing === undefined) return;
    height.value = drawing.height;
    const photo = readPhotos(doc).find(({ full }) => full.blob === drawing.over);
    if (photo !== undefined && below.peek()?.full.blob !== photo.full.blob) below.value = photo;
  });
  const lookBelow = (): void => {
    const photo = readPhotos(open.doc).find(({ full }) => full.blob === over);
    if (photo === undefined) return;
    below.value = photo;
    height.value = photo.height / photo.width;
  };
  /** Begins with the first stroke: a drawing that was only looked into leaves nothing behind. */
  const begin = (): void => {
    if (find() !== undefined) return;
    lookBelow();
    beginDrawing(open.doc, id, { over, height: height.peek() });
  };
  const stop = open.ready.subscribe((ready) => {
    if (ready && find() === undefined) lookBelow();
  });
  return {
    ready: open.ready,
    saved: open.saved,
    strokes,
    height,
    over: below,
    add: (stroke) =>
      open.edit((doc) => {
        begin();
        addStroke(doc, id, stroke);
      }),
    undo: () => open.edit((doc) => undoStroke(doc, id)),
    finish: async (picture) => void (await sealAfter(vault().putDrawing(document, id, picture))),
    discard: () =>
      open.edit((doc) => {
        const drawing = find();
        // Before the vault's copy was there the screen knew of no line.
        if (drawing === undefined || drawing.strokes.length > 0) return;
        if (drawing.picture !== null) removePhotoFrom(doc, drawing.picture);
        removeDrawing(doc, id);
      }),
    close: () => {
      stop();
      open.close();
    },
  };
};
