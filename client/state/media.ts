/**
 * Recordings on the screen, each under a random name that its player asks for and that only this page knows. The service
 * worker brings the request back here, and from here a port goes to the vault (docs/protocol/vault-socket.md §4).
 */
import { transfer } from "comlink";
import { isVideo, type RecordingRef } from "../documents/kinds.ts";
import {
  isMediaAsked,
  MEDIA_PATH,
  type MediaGone,
  type MediaOpened,
  type MediaPiece,
  type MediaRead,
} from "../documents/media-port.ts";
import type { RecordingSource } from "../vault/api.ts";
import { vault } from "./vault.ts";

export { isVideo, type RecordingRef };

/**
 * Without a service worker a recording is read into an object URL. Chromium writes large blobs to the disk when memory is
 * short, and on phones that is soon; a voice note of ten minutes has some 2.5 MiB.
 */
const MAX_OBJECT_URL_BYTES = 4 * 1024 * 1024;

const shown = new Map<string, RecordingSource>();

/** Hands the port on to the vault; a name that isn't known here, or what can't be read, is gone. */
function answer(id: string, port: MessagePort): void {
  const recording = shown.get(id);
  if (recording === undefined) {
    port.postMessage({ type: "gone" } satisfies MediaGone);
    return;
  }
  // What the vault refuses it says on the port too.
  void vault()
    .openRecording(recording, transfer(port, [port]))
    .catch(() => undefined);
}

let listening = false;
function listen(): void {
  if (listening) return;
  listening = true;
  navigator.serviceWorker?.addEventListener("message", ({ data, ports: [port] }) => {
    if (isMediaAsked(data) && port !== undefined) answer(data.id, port);
  });
}

export interface HeldRecording {
  /** For `src`; null: it is too large to be played before Lomme is opened the next time. */
  readonly url: string | null;
  release(): void;
}

/** Gives it an address while it is on the screen. @throws VaultError not-here, offline, does-not-open */
export async function holdRecording({ media, type, bytes }: RecordingSource): Promise<HeldRecording> {
  const recording = { media, type, bytes };
  if (navigator.serviceWorker?.controller?.state === "activated") {
    listen();
    const id = crypto.randomUUID().replaceAll("-", "");
    shown.set(id, recording);
    return { url: MEDIA_PATH + id, release: () => shown.delete(id) };
  }
  if (bytes > MAX_OBJECT_URL_BYTES) return { url: null, release: () => undefined };
  const url = URL.createObjectURL(new Blob(await readAll(recording), { type }));
  return { url, release: () => URL.revokeObjectURL(url) };
}

async function readAll(recording: RecordingSource): Promise<Uint8Array<ArrayBuffer>[]> {
  const { port1: port, port2 } = new MessageChannel();
  const next = <T>(): Promise<T> =>
    new Promise((resolve) => {
      port.onmessage = ({ data }: MessageEvent<T>) => resolve(data);
    });
  try {
    const head = next<MediaOpened>();
    await vault().openRecording(recording, transfer(port2, [port2]));
    await head;
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (let at = 0; at < recording.bytes; ) {
      const answered = next<MediaPiece>();
      port.postMessage({ at } satisfies MediaRead);
      const piece = await answered;
      if (piece.type === "gone") throw new Error("gone");
      pieces.push(piece.bytes as Uint8Array<ArrayBuffer>);
      at += piece.bytes.length;
    }
    return pieces;
  } finally {
    port.close();
  }
}
