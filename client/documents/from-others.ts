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
import { fillDocument, isObject, type WholeDocument } from "./whole-document.ts";

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

/** What a calendar can say. */
const LATEST_MS = 8e15;

/**
 * Of a joint page (joint.ts), read with `wholeOf`: its title, its time and its text, and nothing else that the other may have
 * put beside them. @throws NotADocument
 */
export function fillFromJoint(doc: Y.Doc, { about, text }: WholeDocument, together: string): void {
  const { title = "", createdAt = 0 } = isObject(about) && isObject(about.$map) ? about.$map : {};
  doc.transact(() => {
    beginDocument(doc, "entry", typeof createdAt === "number" && Math.abs(createdAt) < LATEST_MS ? createdAt : 0);
    setTitle(doc, typeof title === "string" ? title : "");
    doc.getMap("about").set("together", together);
    if (isObject(text) && Array.isArray(text.$nodes)) fillDocument(doc, { text });
  });
}

/** Null for what the child wrote alone. */
export function readTogether(doc: Y.Doc): string | null {
  const together = doc.getMap("about").get("together");
  return typeof together === "string" ? together : null;
}
