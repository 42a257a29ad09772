/**
 * Own documents (entries and wishes) as a Y.Doc:
 *
 * | name | type | holds |
 * |---|---|---|
 * | text | XmlFragment | what the editor writes (rich-text.ts) |
 * | about | Map | kind: 'entry' or 'wish'; title: string; createdAt: ms; from: whom it is from, of what was left at the door in their own words; together: who wrote it with the child (from-others.ts) |
 * | moods | Array of strings | ids of moods, in the order they were chosen |
 * | photos | Array of plain objects | PhotoRef, with `original` (OriginalRef) where it was kept; blob ids only, keys come from the pocket's media root |
 * | recordings | Array of plain objects | RecordingRef, likewise (recordings.ts) |
 *
 * Life story and page about me are own documents of other kinds (life.ts, life-me.ts); what is read out of any of them is in
 * own-read.ts. Its drawings are in drawing.ts, stickers in stickers.ts, what it is marked with in marks.ts. Whatever else stands in a document is left alone:
 * a newer Lomme may have written it. Readers take nothing for granted, as another device's version wrote it: what has
 * the wrong shape is passed over.
 */
import type * as Y from "yjs";
import { toBlobRef } from "./blob-ref.ts";
import type { BlobId, OriginalRef, OwnKind, OwnPhoto, PhotoRef, RichText } from "./kinds.ts";
import { ORIGINAL_TYPES, OWN_KINDS, TOLD } from "./kinds.ts";
import { appendRichText, readRichText } from "./rich-text.ts";

/** The fragment the editor binds to. */
export const textOf = (doc: Y.Doc): Y.XmlFragment => doc.getXmlFragment("text");
const aboutOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap("about");
const moodsOf = (doc: Y.Doc): Y.Array<unknown> => doc.getArray("moods");
const photosOf = (doc: Y.Doc): Y.Array<unknown> => doc.getArray("photos");

// ── Edit functions ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Writes the head of a new document. `createdAt` in milliseconds comes from the caller's clock. */
export function beginDocument(doc: Y.Doc, kind: OwnKind, createdAt: number): void {
  doc.transact(() => {
    aboutOf(doc).set("kind", kind);
    aboutOf(doc).set("createdAt", createdAt);
  });
}

export const setTitle = (doc: Y.Doc, title: string): void => {
  if (readTitle(doc) !== title) aboutOf(doc).set("title", title);
};

/** Puts the mood on, or takes it off when it is there. */
export function toggleMood(doc: Y.Doc, mood: string): void {
  doc.transact(() => {
    const moods = moodsOf(doc);
    const at = moods.toArray().indexOf(mood);
    if (at < 0) moods.push([mood]);
    for (let i = moods.length - 1; at >= 0 && i >= 0; i--) if (moods.get(i) === mood) moods.delete(i, 1);
  });
}

/** Puts a photo in unless it is there already. The vault does so, so that a page that ends early loses none. */
export function addPhotoTo(doc: Y.Doc, photo: PhotoRef | OwnPhoto): void {
  if (!readPhotos(doc).some(({ full }) => full.blob === photo.full.blob)) photosOf(doc).push([photo]);
}

/** Takes a photo out of the document; its sealed bytes go when no document names them any more. */
export function removePhotoFrom(doc: Y.Doc, blob: BlobId): void {
  doc.transact(() => {
    const photos = photosOf(doc);
    for (let i = photos.length - 1; i >= 0; i--) {
      if (toPhoto(photos.get(i))?.full.blob === blob) photos.delete(i, 1);
    }
  });
}

/** Leaves the photo and takes the file it was made of away from it. */
export function removeOriginalFrom(doc: Y.Doc, blob: BlobId): void {
  doc.transact(() => {
    const photos = photosOf(doc);
    for (let i = photos.length - 1; i >= 0; i--) {
      const photo = toPhoto(photos.get(i));
      if (photo?.full.blob !== blob || photo.original === null) continue;
      photos.delete(i, 1);
      photos.insert(i, [withoutOriginal(photo)]);
    }
  });
}

/** Puts the file beside the photo that was made of it. False where that photo isn't in the document. */
export function putOriginalTo(doc: Y.Doc, blob: BlobId, original: OriginalRef): boolean {
  const photos = photosOf(doc);
  let isThere = false;
  doc.transact(() => {
    for (let i = photos.length - 1; i >= 0; i--) {
      const photo = toPhoto(photos.get(i));
      if (photo?.full.blob !== blob) continue;
      photos.delete(i, 1);
      photos.insert(i, [{ ...withoutOriginal(photo), original }]);
      isThere = true;
    }
  });
  return isThere;
}

/** The name that whoever left this at the door wrote as their own. */
export const setFrom = (doc: Y.Doc, from: string): unknown => aboutOf(doc).set("from", from);

export function readFrom(doc: Y.Doc): string | null {
  const from = aboutOf(doc).get("from");
  return typeof from === "string" ? from : null;
}

/** Appends paragraphs, as when something left at the door becomes an entry. */
export const appendText = (doc: Y.Doc, text: RichText): void => doc.transact(() => appendRichText(textOf(doc), text));

/** Headings with room under each, at the end; those that stand there already are left as they are. */
export function appendHeadings(doc: Y.Doc, headings: readonly string[]): void {
  const there = readRichText(textOf(doc)).flatMap(({ type, runs }) =>
    type === "heading"
      ? [
          runs
            .map(({ text }) => text)
            .join("")
            .trim(),
        ]
      : [],
  );
  appendText(
    doc,
    headings
      .filter((heading) => !there.includes(heading))
      .flatMap((text) => [{ type: "heading", runs: [{ text }] } as const, { type: "paragraph", runs: [] } as const]),
  );
}

// ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

export const readKind = (doc: Y.Doc): OwnKind => OWN_KINDS.find((kind) => kind === aboutOf(doc).get("kind")) ?? "entry";

export function readTitle(doc: Y.Doc): string {
  const title = aboutOf(doc).get("title");
  return typeof title === "string" ? title : "";
}

export function readCreatedAt(doc: Y.Doc): number {
  const at = aboutOf(doc).get("createdAt");
  return typeof at === "number" && Number.isFinite(at) ? at : 0;
}

/** Each mood once, in the order they were chosen (two devices may both have added one). */
export const readMoods = (doc: Y.Doc): readonly string[] => [
  ...new Set(
    moodsOf(doc)
      .toArray()
      .filter((mood) => typeof mood === "string"),
  ),
];

/** Each photo once, in the order they were put in. */
export function readPhotos(doc: Y.Doc): readonly OwnPhoto[] {
  const byBlob = new Map<BlobId, OwnPhoto>();
  for (const photo of photosOf(doc).toArray().map(toPhoto)) if (photo !== null) byBlob.set(photo.full.blob, photo);
  return [...byBlob.values()];
}

/** Field by field: what else stands there stays behind. */
export const withoutOriginal = ({ full, thumbnail, width, height }: PhotoRef): PhotoRef => ({
  full,
  thumbnail,
  width,
  height,
});

function toPhoto(value: unknown): OwnPhoto | null {
  if (typeof value !== "object" || value === null) return null;
  const { full, thumbnail, width, height, original } = value as Record<string, unknown>;
  const fullRef = toBlobRef(full);
  const thumbnailRef = toBlobRef(thumbnail);
  if (fullRef === null || thumbnailRef === null || typeof width !== "number" || typeof height !== "number") return null;
  return { full: fullRef, thumbnail: thumbnailRef, width, height, original: toOriginal(original) };
}

function toOriginal(value: unknown): OriginalRef | null {
  if (typeof value !== "object" || value === null) return null;
  const { file, type, bytes, tells } = value as Record<string, unknown>;
  const fileRef = toBlobRef(file);
  const known = Object.values(ORIGINAL_TYPES).find((one) => one === type);
  if (fileRef === null || known === undefined || typeof bytes !== "number") return null;
  const told = Array.isArray(tells) ? TOLD.filter((one) => tells.includes(one)) : [...TOLD];
  return { file: fileRef, type: known, bytes, tells: told };
}
