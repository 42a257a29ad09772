/**
 * An answer while it is being written: a draft of one's own in the pocket (sealed at every letter, there again after a
 * lock), until "send" makes the one record that the other gets.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type * as Y from "yjs";
import { readTitle, setTitle, textOf } from "../documents/entry.ts";
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
  /** Sends the words and `more` (a promise, or what became of a wish in a sentence) as one answer, then lets the draft go. @throws VaultError */
  send(more: string, wish?: WishAnswer): Promise<void>;
  close(): void;
}

/** Drafts are told from anything else by their title; whoever answers keeps no diary under the same pocket. */
const titleOf = (share: ShareId): string => `reply:${share}`;

/** Every one of them: an adult's pocket holds nothing else. */
const MOST_DRAFTS = 10_000;

const findDraft = async (share: ShareId): Promise<DocumentTag> => {
  const drafts = await vault().timeline("entry", undefined, MOST_DRAFTS);
  const found = drafts.find(({ title }) => title === titleOf(share));
  return found?.document ?? (await vault().createDocument("entry"));
};

export const openReply = async (share: ShareId): Promise<OpenReply> =>
  openDraft(share, await findDraft(share), titleOf(share));

/** Drafts of this unlock; after a lock they are entries of the child's like others, under their title. */
const drafts = new Map<ShareId, DocumentTag>();

/**
 * A child's answer to another child, under a title in words: its draft stands in the child's own diary until it is sent.
 * Without a word it leaves nothing behind.
 */
export const openAnswer = async (share: ShareId, title: string): Promise<OpenReply> => {
  const document = drafts.get(share) ?? (await vault().createDocument("entry"));
  drafts.set(share, document);
  const open = openDraft(share, document, title);
  return {
    ...open,
    send: async (more) => {
      await open.send(more);
      drafts.delete(share);
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

function openDraft(share: ShareId, document: DocumentTag, title: string): OpenReply {
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
      await answer(share, [plain.value.trim(), more].filter((part) => part !== "").join("\n"), wish);
      open.close();
      // The answer stands: a draft that could not be deleted is only untidy.
      await vault()
        .removeDocument(document)
        .catch(() => undefined);
    },
    close: open.close,
  };
}
