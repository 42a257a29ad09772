import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { addPhotoTo, setTitle, textOf, toggleMood } from "../../../client/documents/entry.ts";
import type { OwnPhoto } from "../../../client/documents/kinds.ts";
import { setPinned } from "../../../client/documents/marks.ts";
import { addSticker } from "../../../client/documents/stickers.ts";
import { isTypedInto } from "../../../client/documents/typed.ts";

const photo = {
  full: { space: "a".repeat(32), blob: "b".repeat(32) },
  thumbnail: { space: "a".repeat(32), blob: "c".repeat(32) },
  width: 4,
  height: 3,
} as unknown as OwnPhoto;

/** What each change of a document that this one follows was taken for. */
function watch(doc: Y.Doc): boolean[] {
  const seen: boolean[] = [];
  doc.on("afterTransaction", (transaction: Y.Transaction) => {
    if (transaction.changed.size > 0) seen.push(isTypedInto(textOf(doc), transaction));
  });
  return seen;
}

function withText(): { doc: Y.Doc; words: Y.XmlText } {
  const doc = new Y.Doc();
  const paragraph = new Y.XmlElement("paragraph");
  const words = new Y.XmlText();
  textOf(doc).push([paragraph]);
  paragraph.push([words]);
  words.insert(0, "Kære");
  return { doc, words };
}

describe("letters typed into the text", () => {
  test("are that: letters, words taken out, a paragraph more, a mark on a word", () => {
    const { doc, words } = withText();
    const seen = watch(doc);
    words.insert(4, " mor");
    words.delete(0, 1);
    textOf(doc).push([new Y.XmlElement("paragraph")]);
    words.format(0, 2, { bold: true });
    expect(seen).toEqual([true, true, true, true]);
  });

  test("anything else isn't, alone or together with letters", () => {
    const { doc, words } = withText();
    const seen = watch(doc);
    setTitle(doc, "Brevet");
    toggleMood(doc, "happy");
    addPhotoTo(doc, photo);
    addSticker(doc, 3);
    setPinned(doc, true);
    doc.transact(() => {
      words.insert(0, "a");
      setTitle(doc, "Brev");
    });
    expect(seen.length).toBeGreaterThanOrEqual(6);
    expect(new Set(seen)).toEqual(new Set([false]));
  });

  test("what comes from the vault isn't, though only the text was asked for so far", () => {
    const { doc, words } = withText();
    setTitle(doc, "Brevet");
    addPhotoTo(doc, photo);
    const other = new Y.Doc();
    textOf(other);
    const seen = watch(other);
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc), "vault");
    words.insert(0, "Min ");
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)), "vault");
    expect(seen).toEqual([false, false]);
  });

  test("a photo put in before anybody asked for photos isn't", () => {
    const { doc } = withText();
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const seen = watch(other);
    other.transact(() => {
      (textOf(other).get(0) as Y.XmlElement).push([new Y.XmlText()]);
      addPhotoTo(other, photo);
    });
    expect(seen).toEqual([false]);
  });
});
