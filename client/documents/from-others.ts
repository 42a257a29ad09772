/**
 * What others wrote, as an own document (entry.ts): in an archive, and after it was brought in. It says whom it is from
 * (`about.from`), or who wrote it together with the child (`about.together`).
 */
import type * as Y from "yjs";
import { addPhotoTo, beginDocument, setFrom, setTitle, textOf, toggleMood } from "./entry.ts";
import type { CopiedContent } from "./kinds.ts";
import { setSubject } from "./marks.ts";
import { addRecordingTo } from "./recordings.ts";
import { appendRichText } from "./rich-text.ts";
import { addSticker } from "./stickers.ts";
import { isObject, type WholeDocument } from "./whole-document.ts";

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

/** A joint page that was read with `wholeOf`. */
export function jointAsEntry(whole: WholeDocument, together: string): WholeDocument {
  const about = isObject(whole.about) && isObject(whole.about.$map) ? whole.about.$map : {};
  const entries = Object.entries({ ...about, kind: "entry", together }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...whole, about: { $map: Object.fromEntries(entries) } };
}

/** Null for what the child wrote alone. */
export function readTogether(doc: Y.Doc): string | null {
  const together = doc.getMap("about").get("together");
  return typeof together === "string" ? together : null;
}
