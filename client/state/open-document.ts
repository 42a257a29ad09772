/** A document on the screen: its Y.Doc behind the stock y-websocket provider, which reaches the vault through a VaultSocket. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { CHANNEL_CLOSES } from "../documents/closes.ts";
import type { DocumentTag } from "../documents/kinds.ts";
import { type SavedState, watchSaved } from "./saved.ts";
import { onVaultEvent, vault } from "./vault.ts";
import { openVaultSocket } from "./vault-socket.ts";

export interface OpenDocument {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** False until the vault's copy has been read; before that a screen takes no input. */
  readonly ready: ReadonlySignal<boolean>;
  readonly saved: ReadonlySignal<SavedState>;
  /** removed: it was deleted, taken back, or one is no longer part of it. failed: it can't be opened now. */
  readonly trouble: ReadonlySignal<"removed" | "failed" | null>;
  /** Ends the connection. What was typed has gone to the vault letter by letter and is committed there. */
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
    if (origin !== provider) saved.edited();
    changed(doc, transaction);
  });
  provider.on("sync", (synced: boolean) => {
    if (!synced) return;
    ready.value = true;
    trouble.value = null;
  });
  // The stock provider tries again by itself after "failed", and not after a code of 4400 … 4499.
  provider.on("connection-close", (event: { readonly code: number } | null) => {
    if (event?.code === CHANNEL_CLOSES.removed.code) trouble.value = "removed";
    else if (event?.code === CHANNEL_CLOSES.failed.code) trouble.value = "failed";
  });
  return {
    doc,
    provider,
    ready,
    saved: saved.state,
    trouble,
    close: () => {
      saved.stop();
      provider.destroy();
      doc.destroy();
    },
  };
};
