/**
 * All that an entry or a wish says, as plain values, and the same written into a new document. Between the two no deleted
 * word, earlier version or client id comes along, nor the place in the bin. What a newer Lomme may have put in is left out.
 */
import type * as Y from "yjs";
import { addStroke, beginDrawing, type Drawing, readDrawings, setDrawingPicture } from "./drawing.ts";
import {
  addPhotoTo,
  appendText,
  beginDocument,
  readCreatedAt,
  readFrom,
  readKind,
  readMoods,
  readPhotos,
  readTitle,
  setFrom,
  setTitle,
  textOf,
  toggleMood,
} from "./entry.ts";
import type { BlobId, BlobRef, EntryMarks, OwnKind, PhotoRef, RecordingRef, RichText } from "./kinds.ts";
import { readMarks, setArchived, setPinned, setWords, toggleWord } from "./marks.ts";
import { addRecordingTo, readRecordings } from "./recordings.ts";
import { readRichText } from "./rich-text.ts";
import { addSticker, readStickers } from "./stickers.ts";

export interface WholeDocument {
  readonly kind: OwnKind;
  readonly createdAt: number;
  readonly title: string;
  readonly from: string | null;
  readonly text: RichText;
  readonly moods: readonly string[];
  readonly photos: readonly PhotoRef[];
  readonly recordings: readonly RecordingRef[];
  readonly stickers: readonly number[];
  readonly drawings: readonly Drawing[];
  readonly marks: Omit<EntryMarks, "binnedAt">;
}

export function readWhole(doc: Y.Doc): WholeDocument {
  const { binnedAt: _, ...marks } = readMarks(doc);
  return {
    kind: readKind(doc),
    createdAt: readCreatedAt(doc),
    title: readTitle(doc),
    from: readFrom(doc),
    text: readRichText(textOf(doc)),
    moods: readMoods(doc),
    photos: readPhotos(doc),
    recordings: readRecordings(doc),
    stickers: readStickers(doc),
    drawings: readDrawings(doc),
    marks,
  };
}

/** Photos and recordings that `whole` names, each once. */
export const blobsOf = ({ photos, recordings }: WholeDocument): readonly BlobRef[] => [
  ...photos.flatMap(({ full, thumbnail }) => [full, thumbnail]),
  ...recordings.map(({ media }) => media),
];

/** Into a new document; `moved` says where each photo and recording lies now, by its old id. */
export function writeWhole(doc: Y.Doc, whole: WholeDocument, moved: ReadonlyMap<BlobId, BlobRef>): void {
  const to = (ref: BlobRef): BlobRef => moved.get(ref.blob) ?? ref;
  doc.transact(() => {
    beginDocument(doc, whole.kind, whole.createdAt);
    if (whole.title !== "") setTitle(doc, whole.title);
    if (whole.from !== null) setFrom(doc, whole.from);
    appendText(doc, whole.text);
    for (const mood of whole.moods) toggleMood(doc, mood);
    for (const photo of whole.photos) {
      addPhotoTo(doc, { ...photo, full: to(photo.full), thumbnail: to(photo.thumbnail) });
    }
    for (const recording of whole.recordings) addRecordingTo(doc, { ...recording, media: to(recording.media) });
    for (const sticker of whole.stickers) addSticker(doc, sticker);
    for (const drawing of whole.drawings) writeDrawing(doc, drawing, moved);
    writeMarks(doc, whole.marks);
  });
}

function writeDrawing(doc: Y.Doc, drawing: Drawing, moved: ReadonlyMap<BlobId, BlobRef>): void {
  const { id, over, height, picture, strokes } = drawing;
  const to = (blob: BlobId | null): BlobId | null => (blob === null ? null : (moved.get(blob)?.blob ?? blob));
  beginDrawing(doc, id, { over: to(over), height });
  for (const stroke of strokes) addStroke(doc, id, stroke);
  const made = to(picture);
  if (made !== null) setDrawingPicture(doc, id, made);
}

function writeMarks(doc: Y.Doc, { pinned, archived, day, place, tags, persons }: WholeDocument["marks"]): void {
  if (pinned) setPinned(doc, true);
  if (archived) setArchived(doc, true);
  setWords(doc, "day", day);
  setWords(doc, "place", place);
  for (const tag of tags) toggleWord(doc, "tags", tag);
  for (const person of persons) toggleWord(doc, "persons", person);
}
