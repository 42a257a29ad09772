/** The updates in which a moment was written, as the editor and the vault make them: head, title, words, moods, photo. */
import * as Y from "yjs";
import { addPhotoTo, beginDocument, setTitle, textOf, toggleMood } from "../../client/documents/entry.ts";
import type { PhotoRef } from "../../client/documents/kinds.ts";
import type { Moment } from "./life.ts";

export interface Written {
  /** As many as the moment has records. */
  readonly updates: readonly Uint8Array[];
  readonly doc: Y.Doc;
}

/** @param clientId the Yjs client that writes: chance's, so that the same seed gives the same bytes */
export function writeMoment(moment: Moment, photo: PhotoRef | null, clientId: number): Written {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const made: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => made.push(update));
  beginDocument(doc, moment.kind, moment.at);
  if (moment.title !== "") setTitle(doc, moment.title);
  for (const mood of moment.moods) toggleMood(doc, mood);
  if (photo !== null) addPhotoTo(doc, photo);
  const pieces = Math.max(1, moment.records - made.length);
  writeText(doc, moment.paragraphs, pieces);
  const updates =
    made.length <= moment.records
      ? made
      : [
          Y.mergeUpdates(made.slice(0, made.length - moment.records + 1)),
          ...made.slice(made.length - moment.records + 1),
        ];
  return { updates, doc };
}

/** Types the paragraphs in about so many goes, each a few words that stand after the ones before. */
function writeText(doc: Y.Doc, paragraphs: readonly string[], pieces: number): void {
  const all = paragraphs.join("\n");
  let open: Y.XmlText | null = null;
  for (let i = 0; i < pieces; i++) {
    const piece = all.slice(Math.floor((i * all.length) / pieces), Math.floor(((i + 1) * all.length) / pieces));
    doc.transact(() => {
      // Nothing is left to be typed: a letter that is taken back at once.
      if (piece === "" && open !== null) {
        open.insert(open.length, "x");
        open.delete(open.length - 1, 1);
      }
      for (const [at, line] of piece.split("\n").entries()) {
        if (open === null || at > 0) {
          open = new Y.XmlText();
          const paragraph = new Y.XmlElement("paragraph");
          paragraph.insert(0, [open]);
          textOf(doc).push([paragraph]);
        }
        if (line !== "") open.insert(open.length, line);
      }
    });
  }
}
