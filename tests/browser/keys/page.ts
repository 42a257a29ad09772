/**
 * A page without screens: it starts the key-telling worker and puts the vault where a test can call it. Built and served
 * for at-rest-keys.spec.ts only.
 */
import { proxy, type Remote, wrap } from "comlink";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { setTitle } from "../../../client/documents/entry.ts";
import { createPolicy } from "../../../client/state/policy.ts";
import { openVaultSocket } from "../../../client/state/vault-socket.ts";
import type { VaultApi, VaultEvent } from "../../../client/vault/api.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import workerUrl from "./worker.ts?worker&url";

export interface TestPage {
  readonly vault: Remote<VaultApi>;
  readonly events: VaultEvent[];
  /** Types a title through the stock provider, and resolves when it is saved. */
  write(document: DocumentTag, title: string): Promise<void>;
  until<T>(look: () => Promise<T> | T): Promise<NonNullable<T>>;
  end(): void;
}

const worker = new Worker(createPolicy().createScriptURL(workerUrl) as string, { type: "module" });
const vault = wrap<VaultApi>(worker);
const events: VaultEvent[] = [];

async function until<T>(look: () => Promise<T> | T): Promise<NonNullable<T>> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`waited in vain: ${look}`);
}

const page: TestPage = {
  vault,
  events,
  until,
  write: async (document, title) => {
    const doc = new Y.Doc();
    const provider: WebsocketProvider = new WebsocketProvider("ws://vault", document, doc, {
      WebSocketPolyfill: openVaultSocket(
        () => vault.openDocument(document),
        () => provider,
      ),
      disableBc: true,
    });
    await until(() => provider.synced);
    setTitle(doc, title);
    await until(() => events.some((event) => event.type === "saved" && event.saved && event.document === document));
    provider.destroy();
  },
  end: () => worker.terminate(),
};

await vault.listen(proxy((event: VaultEvent) => void events.push(event)));
Object.assign(globalThis, { page });
