/** A document on the screen: its Y.Doc behind the stock y-websocket provider, which reaches the vault through a VaultSocket. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { CHANNEL_CLOSES } from "../documents/closes.ts";
import type { DocumentTag } from "../documents/kinds.ts";
import { sealAfter } from "./before-sealing.ts";
import { type SavedState, watchSaved } from "./saved.ts";
import { onVaultEvent, vault } from "./vault.ts";
import { openVaultSocket } from "./vault-socket.ts";

/** A screen that is gone still gives the vault what it hasn't got: for so long, where the vault doesn't answer. */
const LINGER_MS = 30_000;

export interface OpenDocument {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** False until the vault's copy has been read; before that a screen takes no words, and `edit` holds back. */
  readonly ready: ReadonlySignal<boolean>;
  readonly saved: ReadonlySignal<SavedState>;
  /** removed: it was deleted, taken back, or one is no longer part of it. failed: it can't be opened now. */
  readonly trouble: ReadonlySignal<"removed" | "failed" | null>;
  /** Edits it, in one transaction: at once, or as soon as the vault's copy is there, so that it stands on what is in that. */
  edit(change: (doc: Y.Doc) => void): void;
  /**
   * Ends the connection. What was typed has gone to the vault letter by letter and is committed there; an edit that the vault
   * hasn't got yet goes there first.
   */
  close(): void;
}

/** `changed` is called after every change of the document, whoever made it, with what was changed. */
export const openDocument = (
  document: DocumentTag,
  changed: (doc: Y.Doc, transaction: Y.Transaction) => void,
): OpenDocument => {
  const doc = new Y.Doc();
  const ready = signal(false);
  const trouble = signal<"removed" | "failed" | null>(null);
  const saved = watchSaved(document, onVaultEvent);
  let held: ((doc: Y.Doc) => void)[] = [];
  /** Something was edited while there was no connection. */
  let isUnsent = false;
  let isClosed = false;
  let isReady = false;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  const provider: WebsocketProvider = new WebsocketProvider("ws://vault", document, doc, {
    WebSocketPolyfill: openVaultSocket(
      () => vault().openDocument(document),
      () => provider,
    ),
    // BroadcastChannel would carry plain text between tabs, and without it lib0 falls back to localStorage.
    disableBc: true,
  });
  // The stock provider announces us at once; nothing of that leaves before presence is turned on.
  provider.awareness.setLocalState(null);
  doc.on("update", (_update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
    if (origin !== provider) {
      if (!isClosed) saved.edited();
      isUnsent ||= !provider.wsconnected;
    }
    changed(doc, transaction);
  });
  let letSeal = (): void => undefined;
  const end = (): void => {
    clearTimeout(lingering);
    letSeal();
    provider.destroy();
    doc.destroy();
  };
  provider.on("sync", (synced: boolean) => {
    if (!synced) return;
    // What it lacked was asked for before this was said.
    isUnsent = false;
    isReady = true;
    ready.value = true;
    trouble.value = null;
    const waiting = held;
    held = [];
    for (const change of waiting) doc.transact(() => change(doc));
    letSeal();
    if (isClosed) end();
  });
  // The stock provider tries again by itself after "failed", and not after a code of 4400 … 4499.
  provider.on("connection-close", (event: { readonly code: number } | null) => {
    if (event?.code === CHANNEL_CLOSES.removed.code) trouble.value = "removed";
    else if (event?.code === CHANNEL_CLOSES.failed.code) trouble.value = "failed";
  });
  provider.on("closed", () => {
    if (isClosed) end();
  });
  return {
    doc,
    provider,
    ready,
    saved: saved.state,
    trouble,
    edit: (change) => {
      if (isReady) {
        doc.transact(() => change(doc));
        return;
      }
      held.push(change);
      if (held.length > 1) return;
      void sealAfter(
        new Promise<void>((resolve) => {
          letSeal = resolve;
        }),
      );
    },
    close: () => {
      saved.stop();
      isClosed = true;
      // Where the vault said that it is over there is nobody to wait for.
      if ((held.length === 0 && !isUnsent) || !provider.shouldConnect) end();
      else lingering = setTimeout(end, LINGER_MS);
    },
  };
};
