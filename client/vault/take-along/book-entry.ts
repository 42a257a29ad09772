/** One own document as plain values, for the pages of an archive and for the book. */
import { readUnfinished } from "../../documents/drawing.ts";
import { readCreatedAt, readFrom, readKind, readMoods, readPhotos, readTitle, textOf } from "../../documents/entry.ts";
import { readTogether } from "../../documents/from-others.ts";
import { readLine } from "../../documents/life.ts";
import { isAnswered, readTopics } from "../../documents/life-me.ts";
import type { LiveDocument } from "../../documents/live.ts";
import { readMarks } from "../../documents/marks.ts";
import { readRecordings } from "../../documents/recordings.ts";
import { readRichText } from "../../documents/rich-text.ts";
import { readStickers } from "../../documents/stickers.ts";
import { readShownBefore } from "../../documents/taken-along.ts";
import type { BookEntry } from "../api-take-along.ts";

type Doc = LiveDocument["doc"];

export const readBookEntry = (doc: Doc, document: BookEntry["document"]): BookEntry => ({
  document,
  kind: readKind(doc),
  title: readTitle(doc),
  text: readRichText(textOf(doc)),
  moods: readMoods(doc),
  photos: readPhotos(doc),
  recordings: readRecordings(doc),
  drawings: readUnfinished(doc),
  stickers: readStickers(doc),
  marks: readMarks(doc),
  from: readFrom(doc),
  together: readTogether(doc),
  createdAt: saneTime(readCreatedAt(doc)),
  stops: readKind(doc) === "life" ? readLine(doc) : [],
  topics: readKind(doc) === "me" ? readTopics(doc).filter(isAnswered) : [],
  shown: readShownBefore(doc),
});

/** What a calendar can say; anything else is the beginning of time. */
export const saneTime = (at: number): number => (Math.abs(at) < 8e15 ? at : 0);
