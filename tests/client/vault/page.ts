/** A page for the vault's tests: the stock y-websocket provider over the real VaultSocket. */
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { openVaultSocket } from "../../../client/state/vault-socket.ts";
import type { VaultApi } from "../../../client/vault/api.ts";
import type { DocumentTag } from "../../../crypto/types.ts";

export interface Page {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  close(): void;
}

export async function openPage(vault: VaultApi, document: DocumentTag): Promise<Page> {
  const doc = new Y.Doc();
  const provider: WebsocketProvider = new WebsocketProvider("ws://vault", document, doc, {
    WebSocketPolyfill: openVaultSocket(
      () => vault.openDocument(document),
      () => provider,
    ),
    disableBc: true,
  });
  await new Promise<void>((resolve) => {
    provider.on("sync", (synced: boolean) => {
      if (synced) resolve();
    });
  });
  return {
    doc,
    provider,
    close: () => {
      provider.destroy();
      doc.destroy();
    },
  };
}

/** Types into the text as the editor would: one paragraph, letters appended. */
export function type(page: Page, text: string): void {
  const fragment = page.doc.getXmlFragment("text");
  let paragraph = fragment.get(0);
  if (!(paragraph instanceof Y.XmlElement)) {
    paragraph = new Y.XmlElement("paragraph");
    fragment.push([paragraph]);
  }
  let words = (paragraph as Y.XmlElement).get(0);
  if (!(words instanceof Y.XmlText)) {
    words = new Y.XmlText();
    (paragraph as Y.XmlElement).push([words]);
  }
  (words as Y.XmlText).insert((words as Y.XmlText).length, text);
}
