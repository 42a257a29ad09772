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
  setDrawingPicture,
  undoStroke,
} from "../documents/drawing.ts";
import { addPhotoTo, readPhotos, removePhotoFrom } from "../documents/entry.ts";
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
  /** Puts its picture into the entry, in the place of the one from before. @throws VaultError storage-full */
  finish(picture: Blob): Promise<void>;
  /** Nothing was drawn, or it is not wanted: it goes, and its picture too. */
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
  /** Begins with the first stroke: a drawing that was only looked into leaves nothing behind. */
  const begin = (): void => {
    if (find() === undefined) beginDrawing(open.doc, id, { over, height: height.peek() });
  };
  const stop = open.ready.subscribe((ready) => {
    if (!ready || over === null || find() !== undefined) return;
    const photo = readPhotos(open.doc).find(({ full }) => full.blob === over);
    if (photo === undefined) return;
    below.value = photo;
    height.value = photo.height / photo.width;
  });
  return {
    ready: open.ready,
    saved: open.saved,
    strokes,
    height,
    over: below,
    add: (stroke) =>
      open.doc.transact(() => {
        begin();
        addStroke(open.doc, id, stroke);
      }),
    undo: () => undoStroke(open.doc, id),
    finish: async (picture) => {
      const photo = await sealAfter(vault().addPhoto(document, picture));
      open.doc.transact(() => {
        const before = find()?.picture ?? null;
        addPhotoTo(open.doc, photo);
        setDrawingPicture(open.doc, id, photo.full.blob);
        if (before !== null) removePhotoFrom(open.doc, before);
      });
    },
    discard: () =>
      open.doc.transact(() => {
        const before = find()?.picture ?? null;
        if (before !== null) removePhotoFrom(open.doc, before);
        removeDrawing(open.doc, id);
      }),
    close: () => {
      stop();
      open.close();
    },
  };
};
