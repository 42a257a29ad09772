/**
 * The worker's end of one MessagePort of a VaultSocket: frames as transferred ArrayBuffers, the end of the channel as
 * `{ close, reason }`. Spec: docs/protocol/vault-socket.md §2. The page's end: client/state/vault-socket.ts.
 */
import type { LiveDocument } from "../documents/live.ts";

type PortMessage = ArrayBuffer | { readonly close: number; readonly reason: string };

/** Attaches a page to a document and gives the page's port; `released` is called when the page has closed its end. */
export function connectPort(live: LiveDocument, released: () => Promise<void>): MessagePort {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const attached = live.attach({
    send: (frame) => {
      const { buffer } = frame.slice();
      ours.postMessage(buffer, [buffer]);
    },
    close: (code, reason) => {
      ours.postMessage({ close: code, reason } satisfies PortMessage);
      ours.close();
    },
  });
  ours.onmessage = ({ data }: MessageEvent<PortMessage>) => {
    if (data instanceof ArrayBuffer) {
      attached.receive(new Uint8Array(data));
      return;
    }
    attached.detach();
    ours.close();
    void released();
  };
  return theirs;
}
