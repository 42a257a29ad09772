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
import { CHANNEL_CLOSES } from "../documents/closes.ts";

/** Asks the vault for a fresh port to the document. */
export type OpenPort = () => Promise<MessagePort>;

/** What goes over the port: a frame as an ArrayBuffer (transferred), or the end of the channel. */
export type PortMessage = ArrayBuffer | { readonly close: number; readonly reason: string };

interface SocketEvents {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

/** Makes the class for `WebSocketPolyfill`. */
export function openVaultSocket(openPort: OpenPort): typeof WebSocket {
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
        (port) => this.#connect(port),
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
