/** What is read out of an own document of whatever kind: its summary for the lists, its words for search, a copy to show. */
import type * as Y from "yjs";
import { readDrawings } from "./drawing.ts";
import { readCreatedAt, readKind, readMoods, readPhotos, readTitle, textOf, withoutOriginal } from "./entry.ts";
import { type CopiedContent, type CopyOptions, type DocumentSummary, isPage, isVideo } from "./kinds.ts";
import { lifeWords, readLine } from "./life.ts";
import { copyParts } from "./life-copy.ts";
import { isAnswered, readTopics } from "./life-me.ts";
import { isMarked, readMarks } from "./marks.ts";
import { readRecordings } from "./recordings.ts";
import { readPlainText, readRichText } from "./rich-text.ts";
import { readStickers } from "./stickers.ts";
import { lastSaidBefore } from "./taken-along.ts";

const EXCERPT_CHARACTERS = 120;

/** What the lists show of a document. */
export function summarise(doc: Y.Doc): DocumentSummary {
  const photos = readPhotos(doc);
  const recordings = readRecordings(doc);
  const videos = recordings.filter(isVideo).length;
  const before = lastSaidBefore(doc);
  return {
    kind: readKind(doc),
    title: readTitle(doc),
    excerpt: excerptOf(doc),
    moods: readMoods(doc),
    createdAt: readCreatedAt(doc),
    thumbnail: photos[0]?.thumbnail ?? null,
    photos: photos.length,
    sounds: recordings.length - videos,
    videos,
    stickers: signsOn(doc),
    drawings: readDrawings(doc).filter(({ strokes }) => strokes.length > 0).length,
    marks: readMarks(doc),
    ...(before !== null && { before }),
  };
}

/** What the vault keeps of a document beside its records: the summary for the lists, and all its words for search. */
export interface OwnRead {
  readonly summary: DocumentSummary;
  readonly text: string;
}

export const readOwn = (doc: Y.Doc): OwnRead => ({ summary: summarise(doc), text: wordsOf(doc) });

/** At most `most` characters of them, or all. */
function wordsOf(doc: Y.Doc, most?: number): string {
  const kind = readKind(doc);
  if (!isPage(kind)) return readPlainText(textOf(doc), most);
  const words =
    kind === "life"
      ? lifeWords(readLine(doc))
      : readTopics(doc)
          .map(({ text }) => text)
          .filter((text) => text.trim() !== "")
          .join("\n");
  return words.slice(0, most);
}

const excerptOf = (doc: Y.Doc): string => wordsOf(doc, EXCERPT_CHARACTERS).replaceAll(/\s+/g, " ").trim();

/** Pictures that were put on it: a life story has one on each stop, a page about me any number on each topic. */
function signsOn(doc: Y.Doc): number {
  const kind = readKind(doc);
  if (kind === "life") return readLine(doc).length;
  return kind === "me" ? readTopics(doc).filter(isAnswered).length : readStickers(doc).length;
}

/** Nothing has been put into it yet: such a document stays out of the lists. */
export const isEmptySummary = (summary: DocumentSummary): boolean =>
  summary.title === "" &&
  summary.excerpt === "" &&
  !isMarked(summary.marks) &&
  summary.moods.length + summary.photos + summary.stickers + summary.drawings + summary.sounds + summary.videos === 0;

/**
 * Exactly what another person gets: the words as they stand now, chosen photos and recordings, moods when wanted. Plain values, so no
 * deleted word, earlier version or client id can come along.
 */
export function copyForShowing(doc: Y.Doc, options: CopyOptions): CopiedContent {
  const chosen = new Set([...options.photos, ...(options.recordings ?? [])]);
  const kind = readKind(doc);
  const life = isPage(kind) ? copyParts(doc, kind, options.parts ?? []) : null;
  return {
    kind,
    title: readTitle(doc),
    text: readRichText(textOf(doc)),
    moods: options.withMoods ? readMoods(doc) : [],
    photos: (life?.photos ?? readPhotos(doc)).filter((photo) => chosen.has(photo.full.blob)).map(withoutOriginal),
    recordings: readRecordings(doc).filter(({ media }) => chosen.has(media.blob)),
    stickers: readStickers(doc),
    parts: life?.parts ?? [],
    subject: kind === "wish" ? readMarks(doc).subject : null,
    createdAt: readCreatedAt(doc),
    notSafeForParents: options.notSafeForParents,
  };
}
