/** One own document (entry or wish) while it is on the screen, and what can be done with it. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type * as Y from "yjs";
import { type Drawing, readDrawings, removeDrawing } from "../documents/drawing.ts";
import {
  appendHeadings,
  appendText,
  readFrom,
  readKind,
  readMoods,
  readPhotos,
  readTitle,
  removePhotoFrom,
  setTitle,
  textOf,
  toggleMood,
} from "../documents/entry.ts";
import { readTogether } from "../documents/from-others.ts";
import type { BlobId, DocumentTag, OwnKind, OwnPhoto, PhotoRef, RecordingRef } from "../documents/kinds.ts";
import {
  type EntryMarks,
  NO_MARKS,
  readMarks,
  setArchived,
  setBinned,
  setPinned,
  setSubject,
  setWords,
  toggleWord,
  WISH_SUBJECTS,
  type WishSubject,
  type WordMark,
} from "../documents/marks.ts";
import { readRecordings, removeRecordingFrom } from "../documents/recordings.ts";
import { readPlainText } from "../documents/rich-text.ts";
import { addSticker, readStickers, removeSticker } from "../documents/stickers.ts";
import { readShownBefore, type ShownBefore } from "../documents/taken-along.ts";
import { isTypedInto } from "../documents/typed.ts";
import { sealAfter } from "./before-sealing.ts";
import { type PartChoice, readPartChoices } from "./life.ts";
import { openDocument } from "./open-document.ts";
import type { SavedState } from "./saved.ts";
import { vault } from "./vault.ts";

export { BIN_MS, isMarked, MAX_MARK } from "../documents/marks.ts";
export type {
  BlobId,
  DocumentTag,
  Drawing,
  EntryMarks,
  OwnKind,
  OwnPhoto,
  PhotoRef,
  SavedState,
  WishSubject,
  WordMark,
};
export { WISH_SUBJECTS };
/** What the editor binds to; opaque to screens. */
export type EntryText = Y.XmlFragment;

export interface OpenEntry {
  readonly document: DocumentTag;
  readonly kind: ReadonlySignal<OwnKind>;
  readonly ready: ReadonlySignal<boolean>;
  readonly text: EntryText;
  readonly title: ReadonlySignal<string>;
  readonly moods: ReadonlySignal<readonly string[]>;
  readonly photos: ReadonlySignal<readonly OwnPhoto[]>;
  readonly drawings: ReadonlySignal<readonly Drawing[]>;
  readonly marks: ReadonlySignal<EntryMarks>;
  readonly recordings: ReadonlySignal<readonly RecordingRef[]>;
  readonly saved: ReadonlySignal<SavedState>;
  readonly trouble: ReadonlySignal<"removed" | "failed" | null>;
  /** Whom it is from, or who wrote it with the child; null where the child wrote it alone. */
  readonly from: ReadonlySignal<string | null>;
  readonly together: ReadonlySignal<string | null>;
  /** What it was answered where it came from, in a file that was brought in. */
  readonly before: ReadonlySignal<readonly ShownBefore[]>;
  /** Something of it lies here and can't be read; what can be read is shown. */
  readonly damaged: ReadonlySignal<boolean>;
  /** True while a picture is being made smaller and sealed. */
  readonly addingPhoto: ReadonlySignal<boolean>;
  writeTitle(title: string): void;
  toggleMood(mood: string): void;
  /** Pictures 0 … 63 that are on it. */
  readonly stickers: ReadonlySignal<readonly number[]>;
  addSticker(picture: number): void;
  /** Takes off the one at this place of `stickers`. */
  removeSticker(place: number): void;
  /** A title and headings to write under, on a page where nothing stands yet. */
  begin(title: string, headings: readonly string[]): void;
  /** Headings to write under, at the end of the text; those that stand there already aren't put in again. */
  writeUnder(headings: readonly string[]): void;
  /** A sentence at the end of the text, as it was dictated. */
  write(sentence: string): void;
  /** @throws VaultError bad-picture, storage-full */
  addPhoto(picture: Blob, original: boolean): Promise<OwnPhoto>;
  /** The file a photo was made of, as it came. @throws VaultError code-needed, not-here, offline */
  takeOriginal(photo: BlobId): Promise<Blob>;
  removeOriginal(photo: BlobId): Promise<void>;
  /** Takes a photo out, and the drawing it was made of. */
  removePhoto(blob: BlobId): void;
  pin(on: boolean): void;
  /** Puts it away: out of the lists, never out of the pocket. */
  archive(on: boolean): void;
  /** Into the bin, where it lies for 30 days, or out of it. */
  bin(on: boolean): void;
  writeWords(name: "day" | "place", words: string): void;
  toggleWord(mark: WordMark, word: string): void;
  /** What a wish is about; null takes it off. */
  writeSubject(subject: WishSubject | null): void;
  removeRecording(blob: BlobId): void;
  /** Stops of a life story or topics of a page about me; none otherwise. */
  readonly parts: ReadonlySignal<readonly PartChoice[]>;
  /** True while no letter stands in title or text. */
  readonly blank: ReadonlySignal<boolean>;
  close(): void;
}

/** Makes an empty document. It stays out of the lists until something stands in it. */
export const createEntry = (kind: OwnKind): Promise<DocumentTag> => vault().createDocument(kind);

/** Deletes it here and on the server. What was shown of it is a copy of its own and stays where it is. */
export const removeEntry = (document: DocumentTag): Promise<void> => vault().removeDocument(document);

/** Deletes it where nothing stands in it and nothing is on its way into it: the vault knows of photos and recordings that no screen shows yet. */
export const removeIfEmpty = (document: DocumentTag): Promise<boolean> => vault().removeIfEmpty(document);

/** Takes it out of the bin again. */
export const takeOut = (document: DocumentTag): Promise<void> => vault().takeOutOfBin(document);

/** A letter of the title leaves the lists as they were: they are not drawn again. */
function setIfOther<T>(held: Signal<T>, read: T): void {
  if (JSON.stringify(held.peek()) !== JSON.stringify(read)) held.value = read;
}

export const openEntry = (document: DocumentTag): OpenEntry => {
  const kind = signal<OwnKind>("entry");
  const title = signal("");
  const moods = signal<readonly string[]>([]);
  const photos = signal<readonly OwnPhoto[]>([]);
  const damaged = signal(false);
  const blank = signal(true);
  const stickers = signal<readonly number[]>([]);
  const drawings = signal<readonly Drawing[]>([]);
  const marks = signal<EntryMarks>(NO_MARKS);
  const parts = signal<readonly PartChoice[]>([]);
  const recordings = signal<readonly RecordingRef[]>([]);
  const from = signal<string | null>(null);
  const together = signal<string | null>(null);
  const before = signal<readonly ShownBefore[]>([]);
  const addingPhoto = signal(false);
  const open = openDocument(document, (doc, transaction) => {
    blank.value = readTitle(doc) === "" && readPlainText(textOf(doc), 1).trim() === "";
    // Letters of the text change nothing else: no list is read anew for them, and nothing of the screen drawn.
    if (isTypedInto(textOf(doc), transaction)) return;
    // Together: what of it is other is drawn once.
    batch(() => {
      kind.value = readKind(doc);
      title.value = readTitle(doc);
      drawings.value = readDrawings(doc);
      setIfOther(moods, readMoods(doc));
      setIfOther(photos, readPhotos(doc));
      setIfOther(stickers, readStickers(doc));
      setIfOther(marks, readMarks(doc));
      setIfOther(parts, readPartChoices(doc));
      setIfOther(recordings, readRecordings(doc));
      setIfOther(before, readShownBefore(doc));
      from.value = readFrom(doc);
      together.value = readTogether(doc);
    });
  });
  // After the words are there: it reads the same rows once more, and nobody waits for the answer.
  const stopAsking = open.ready.subscribe((ready) => {
    if (!ready) return;
    void vault()
      .isWhole(document)
      .then(
        (whole) => {
          damaged.value = !whole;
        },
        () => undefined,
      );
  });
  return {
    document,
    kind,
    ready: open.ready,
    text: textOf(open.doc),
    title,
    moods,
    photos,
    drawings,
    marks,
    parts,
    recordings,
    from,
    together,
    before,
    // A photo that is still being made smaller is not kept.
    saved: computed(() => (addingPhoto.value && open.saved.value === "saved" ? "saving" : open.saved.value)),
    trouble: open.trouble,
    damaged,
    addingPhoto,
    writeTitle: (next) => open.edit((doc) => setTitle(doc, next)),
    toggleMood: (mood) => open.edit((doc) => toggleMood(doc, mood)),
    stickers,
    addSticker: (picture) => open.edit((doc) => addSticker(doc, picture)),
    removeSticker: (place) => open.edit((doc) => removeSticker(doc, place)),
    begin: (words, headings) =>
      open.edit((doc) => {
        setTitle(doc, words);
        appendHeadings(doc, headings);
      }),
    writeUnder: (headings) => open.edit((doc) => appendHeadings(doc, headings)),
    write: (sentence) => open.edit((doc) => appendText(doc, [{ type: "paragraph", runs: [{ text: sentence }] }])),
    takeOriginal: (photo) => vault().takeOriginal(document, photo),
    removeOriginal: (photo) => vault().removeOriginal(document, photo),
    addPhoto: async (picture, original) => {
      addingPhoto.value = true;
      try {
        return await sealAfter(vault().addPhoto(document, picture, original));
      } finally {
        addingPhoto.value = false;
      }
    },
    blank,
    removePhoto: (blob) =>
      open.edit((doc) => {
        removePhotoFrom(doc, blob);
        for (const { id, picture } of readDrawings(doc)) if (picture === blob) removeDrawing(doc, id);
      }),
    pin: (on) => open.edit((doc) => setPinned(doc, on)),
    archive: (on) => open.edit((doc) => setArchived(doc, on)),
    bin: (on) => open.edit((doc) => setBinned(doc, on ? Date.now() : null)),
    writeWords: (name, words) => open.edit((doc) => setWords(doc, name, words)),
    toggleWord: (mark, word) => open.edit((doc) => toggleWord(doc, mark, word)),
    writeSubject: (subject) => open.edit((doc) => setSubject(doc, subject)),
    removeRecording: (blob) => open.edit((doc) => removeRecordingFrom(doc, blob)),
    close: () => {
      stopAsking();
      open.close();
    },
  };
};
