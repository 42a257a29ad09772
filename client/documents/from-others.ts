/**
 * What others wrote, as an own document (entry.ts): in an archive, and after it was brought in. It says whom it is from
 * (`about.from`), or who wrote it together with the child (`about.together`).
 */
import type * as Y from "yjs";
import { addPhotoTo, beginDocument, readCreatedAt, readTitle, setFrom, setTitle, textOf, toggleMood } from "./entry.ts";
import type { CopiedContent } from "./kinds.ts";
import { setSubject } from "./marks.ts";
import { addRecordingTo } from "./recordings.ts";
import { appendRichText, readRichText } from "./rich-text.ts";
import { addSticker } from "./stickers.ts";
import { firstUpdate } from "./updates.ts";
import { fillDocument, isObject, wholeOf } from "./whole-document.ts";

/** Always an entry: another's wish is no wish of mine, and another's life no page of mine. */
export function fillFromCopy(doc: Y.Doc, copy: CopiedContent, from: string): void {
  doc.transact(() => {
    beginDocument(doc, "entry", copy.createdAt);
    setTitle(doc, copy.title);
    setFrom(doc, from);
    setSubject(doc, copy.subject);
    appendRichText(textOf(doc), copy.text);
    for (const mood of new Set(copy.moods)) toggleMood(doc, mood);
    for (const photo of copy.photos) addPhotoTo(doc, photo);
    for (const recording of copy.recordings) addRecordingTo(doc, recording);
    for (const picture of copy.stickers) addSticker(doc, picture);
  });
}

/** Two clocks, and time zones set wrong, may differ by this much. */
const DAY_MS = 24 * 3600 * 1000;

/** With whom a page was written. Times in ms, all of this device's clock. */
export interface Meeting {
  /** Their name as it is known here. */
  readonly together: string;
  /** When the two met; 0 when that isn't known. */
  readonly met: number;
  readonly now: number;
}

/**
 * When a joint page was begun. Whoever writes on it may set that to anything: a page is not older than the day the two met,
 * nor from after tomorrow. What says so otherwise says nothing, and the page is of the day they met.
 */
export const jointTime = (at: unknown, { met, now }: Omit<Meeting, "together">): number =>
  typeof at === "number" && at >= met - DAY_MS && at <= now + DAY_MS ? at : met;

/**
 * A joint page (joint.ts) as the first update of an entry: its title, its time and its text, and nothing else that the other
 * may have put beside them. Where something there can't be read as any Lomme writes it, its words alone: that mustn't
 * keep them from being kept. `more` is done to the entry afterwards.
 */
export function entryFromJoint(page: Y.Doc, meeting: Meeting, more: (entry: Y.Doc) => void = () => undefined) {
  const entry = (fill: (doc: Y.Doc) => void): Uint8Array =>
    firstUpdate((doc) => {
      doc.transact(() => {
        beginDocument(doc, "entry", jointTime(readCreatedAt(page), meeting));
        setTitle(doc, readTitle(page));
        doc.getMap("about").set("together", meeting.together);
        fill(doc);
      });
      more(doc);
    });
  try {
    const { text } = wholeOf(page);
    return entry((doc) => {
      if (isObject(text) && Array.isArray(text.$nodes)) fillDocument(doc, { text });
    });
  } catch {
    return entry((doc) => appendRichText(textOf(doc), readRichText(textOf(page))));
  }
}

/** Null for what the child wrote alone. */
export function readTogether(doc: Y.Doc): string | null {
  const together = doc.getMap("about").get("together");
  return typeof together === "string" ? together : null;
}
