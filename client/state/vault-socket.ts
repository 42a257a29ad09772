/**
 * The page's end of the VaultSocket: a WebSocket-shaped class over a MessagePort of the vault worker, given to the stock
 * y-websocket WebsocketProvider as `WebSocketPolyfill`. Spec: docs/protocol/vault-socket.md.
 *
 * The provider calls `new P(url, protocols)`, sets `binaryType` and `on*` properties, compares `readyState === ws.OPEN`
 * on the instance, and needs `event.data` as an ArrayBuffer with one y-message per frame. Each connect asks the worker
 * for a fresh port, as a provider that reconnects makes a new socket.
 *
 * Use with `disableBc: true` (BroadcastChannel would carry plaintext between tabs) and without `resyncInterval`.
 */
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { keepClientId } from "../documents/client-ids.ts";
import { CHANNEL_CLOSES } from "../documents/closes.ts";
import type { DocumentPort } from "../vault/api.ts";

/** Asks the vault for a fresh port to the document. */
export type OpenPort = () => Promise<DocumentPort>;

/** What goes over the port: a frame as an ArrayBuffer (transferred), or the end of the channel. */
export type PortMessage = ArrayBuffer | { readonly close: number; readonly reason: string };

interface SocketEvents {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

/** Of the provider: what has to know with which client id its document is written. */
export interface Writing {
  readonly doc: Y.Doc;
  readonly awareness: Pick<Awareness, "getLocalState" | "setLocalState"> & { clientID: number };
}

/** A joint page is written with an id of its member's. The stock provider keeps presence under the document's id. */
function writeAs({ doc, awareness }: Writing, tag: number): void {
  keepClientId(doc, tag, () => {
    const state = awareness.getLocalState();
    awareness.setLocalState(null);
    awareness.clientID = doc.clientID;
    awareness.setLocalState(state);
  });
}

/** Makes the class for `WebSocketPolyfill`; `provider` is asked for once the port is there. */
export function openVaultSocket(openPort: OpenPort, provider: () => Writing): typeof WebSocket {
  let kept = false;
  class VaultSocket implements SocketEvents {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSING = 2;
    readonly CLOSED = 3;

    binaryType = "arraybuffer";
    readyState = 0;
    onopen: SocketEvents["onopen"] = null;
    onmessage: SocketEvents["onmessage"] = null;
    onclose: SocketEvents["onclose"] = null;
    onerror: SocketEvents["onerror"] = null;
    #port: MessagePort | null = null;

    readonly url: string;

    constructor(url: string) {
      this.url = url;
      openPort().then(
        ({ port, clientTag }) => {
          // Before the first frame: nothing was written with another id. Once, however often the provider comes back.
          if (clientTag !== null && !kept) writeAs(provider(), clientTag);
          kept ||= clientTag !== null;
          this.#connect(port);
        },
        (error: unknown) => {
          this.onerror?.(error);
          this.#end(CHANNEL_CLOSES.failed.code, CHANNEL_CLOSES.failed.reason);
        },
      );
    }

    send(frame: Uint8Array): void {
      if (this.readyState !== this.OPEN) return;
      const { buffer } = frame.slice();
      this.#port?.postMessage(buffer, [buffer]);
    }

    close(): void {
      if (this.readyState >= this.CLOSING) return;
      this.#port?.postMessage({ close: 1000, reason: "closed by the page" } satisfies PortMessage);
      this.#end(1000, "closed by the page");
    }

    #connect(port: MessagePort): void {
      if (this.readyState !== this.CONNECTING) {
        port.postMessage({ close: 1000, reason: "closed by the page" } satisfies PortMessage);
        port.close();
        return;
      }
      this.#port = port;
      this.readyState = this.OPEN;
      // Open first: the provider counts what it receives from here on.
      this.onopen?.();
      port.onmessage = ({ data }: MessageEvent<PortMessage>) => {
        if (data instanceof ArrayBuffer) this.onmessage?.({ data });
        else this.#end(data.close, data.reason);
      };
    }

    #end(code: number, reason: string): void {
      if (this.readyState === this.CLOSED) return;
      this.readyState = this.CLOSED;
      this.#port?.close();
      this.#port = null;
      this.onclose?.({ code, reason });
    }
  }
  return VaultSocket as unknown as typeof WebSocket;
}
