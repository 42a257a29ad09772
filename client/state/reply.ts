/**
 * An answer while it is being written: a draft of one's own in the pocket (sealed at every letter, there again after a
 * lock), until "send" makes the one record that the other gets.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type * as Y from "yjs";
import { appendText, readTitle, setTitle, textOf } from "../documents/entry.ts";
import type { DocumentTag } from "../documents/kinds.ts";
import { readPlainText } from "../documents/rich-text.ts";
import type { ShareId, WishAnswer } from "../vault/api.ts";
import { openDocument } from "./open-document.ts";
import type { SavedState } from "./saved.ts";
import { answer } from "./sharing.ts";
import { vault } from "./vault.ts";

export interface OpenReply {
  readonly ready: ReadonlySignal<boolean>;
  readonly text: Y.XmlFragment;
  /** The words as they would be sent. */
  readonly plain: ReadonlySignal<string>;
  readonly saved: ReadonlySignal<SavedState>;
  /**
   * Sends the words and `more` (a promise, or what became of a wish in a sentence) as one answer, then lets the draft go. What was
   * typed after that press stays in it: `openReply` gives it back. @throws VaultError
   */
  send(more: string, wish?: WishAnswer): Promise<void>;
  close(): void;
}

/** Drafts are told from anything else by their title; whoever answers keeps no diary under the same pocket. */
const titleOf = (share: ShareId): string => `reply:${share}`;

/** Every one of them: an adult's pocket holds nothing else. */
const MOST_DRAFTS = 10_000;

/** A draft that was sent is on its way out: whoever opens the next doesn't find it. */
let removing: Promise<unknown> = Promise.resolve();

const findDraft = async (share: ShareId): Promise<DocumentTag> => {
  await removing;
  const drafts = await vault().timeline("entry", undefined, MOST_DRAFTS);
  const found = drafts.find(({ title }) => title === titleOf(share));
  return found?.document ?? (await vault().createDocument("entry"));
};

export const openReply = async (share: ShareId): Promise<OpenReply> =>
  openDraft(await findDraft(share), titleOf(share), (words, wish) => answer(share, words, wish));

/** Drafts of this unlock; after a lock they are entries of the child's like others, under their title. */
const drafts = new Map<ShareId, DocumentTag>();

/**
 * A child's answer to another child, under a title in words: its draft stands in the child's own diary until it is sent.
 * Without a word it leaves nothing behind.
 */
export const openAnswer = async (share: ShareId, title: string): Promise<OpenReply> => {
  const document = drafts.get(share) ?? (await vault().createDocument("entry"));
  drafts.set(share, document);
  const open = openDraft(document, title, (words) => answer(share, words));
  return {
    ...open,
    send: async (more) => {
      await open.send(more);
      if (open.plain.peek().trim() === "") drafts.delete(share);
    },
    close: () => {
      open.close();
      if (!open.ready.peek() || open.plain.peek().trim() !== "" || !drafts.delete(share)) return;
      void vault()
        .removeDocument(document)
        .catch(() => undefined);
    },
  };
};

/** `send` makes the one record of it. */
export function openDraft(
  document: DocumentTag,
  title: string,
  send: (words: string, wish?: WishAnswer) => Promise<unknown>,
): OpenReply {
  const plain = signal("");
  const open = openDocument(document, (doc) => {
    plain.value = readPlainText(textOf(doc));
    // Named with the first letter, so that merely looking leaves no draft behind.
    if (plain.value !== "" && readTitle(doc) === "") setTitle(doc, title);
  });
  return {
    ready: open.ready,
    text: textOf(open.doc),
    plain,
    saved: open.saved,
    send: async (more, wish) => {
      const sent = plain.peek();
      await send([sent.trim(), more].filter((part) => part !== "").join("\n"), wish);
      const typedSince = leaveRest(open.doc, sent, plain.peek());
      open.close();
      if (typedSince) return;
      plain.value = "";
      // The answer stands: a draft that could not be deleted is only untidy.
      removing = vault()
        .removeDocument(document)
        .catch(() => undefined);
    },
    close: open.close,
  };
}

/** Takes what was sent out of the draft. Changed in its middle it stays whole: better there twice than gone. @returns false when nothing is left */
function leaveRest(doc: Y.Doc, sent: string, now: string): boolean {
  if (now.trim() === sent.trim()) return false;
  if (!now.startsWith(sent)) return true;
  const lines = now.slice(sent.length).trim().split("\n");
  doc.transact(() => {
    textOf(doc).delete(0, textOf(doc).length);
    appendText(
      doc,
      lines.map((text) => ({ type: "paragraph", runs: [{ text }] })),
    );
  });
  return true;
}
