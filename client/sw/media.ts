/**
 * Recordings are played from `/media/…`: asked for, opened and streamed piece by piece, without a key or a stored byte
 * here. Nothing is remembered between two requests, so this worker may be ended and started at any time.
 * Spec: docs/protocol/vault-socket.md §4.
 */
import {
  MEDIA_PATH,
  type MediaAsked,
  type MediaOpened,
  type MediaPiece,
  type MediaRead,
} from "../documents/media-port.ts";
import { type ByteRange, readRange } from "./range.ts";

declare const self: ServiceWorkerGlobalScope;

/** A page that is locking or frozen answers nothing. */
const ANSWER_WITHIN_MS = 5_000;

export const isMedia = ({ pathname }: URL): boolean => pathname.startsWith(MEDIA_PATH);

const gone = (): Response => new Response(null, { status: 404, headers: { "Cache-Control": "no-store" } });

/** Answers the request of a page's own player; whoever else asks for the address gets nothing. */
export async function playMedia(request: Request, clientId: string): Promise<Response> {
  if (request.destination !== "audio" && request.destination !== "video") return gone();
  const page = await self.clients.get(clientId);
  if (page === undefined) return gone();
  const { port1: port, port2 } = new MessageChannel();
  const opened = nextMessage<MediaOpened>(port);
  const id = new URL(request.url).pathname.slice(MEDIA_PATH.length);
  page.postMessage({ type: "media", id } satisfies MediaAsked, [port2]);
  const head = await opened;
  if (head?.type !== "head") {
    port.close();
    return gone();
  }
  const range = readRange(request.headers.get("Range"), head.bytes);
  if (range === "unsatisfiable") {
    port.close();
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${head.bytes}` } });
  }
  const { from, to } = range ?? { from: 0, to: head.bytes - 1 };
  return new Response(streamOf(port, { from, to }), {
    status: range === null ? 200 : 206,
    headers: {
      "Accept-Ranges": "bytes",
      "Cache-Control": "no-store",
      "Content-Length": String(to - from + 1),
      "Content-Security-Policy": "default-src 'none'; sandbox",
      "Content-Type": head.mime,
      "Cross-Origin-Resource-Policy": "same-origin",
      "X-Content-Type-Options": "nosniff",
      ...(range !== null && { "Content-Range": `bytes ${from}-${to}/${head.bytes}` }),
    },
  });
}

/** Asks for the next piece when the player has taken the one before. */
function streamOf(port: MessagePort, { from, to }: ByteRange): ReadableStream<Uint8Array> {
  let at = from;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const answer = nextMessage<MediaPiece>(port);
      port.postMessage({ at } satisfies MediaRead);
      const piece = await answer;
      if (piece?.type !== "piece" || piece.bytes.length === 0) {
        port.close();
        controller.error(new Error("gone"));
        return;
      }
      const bytes = piece.bytes.subarray(0, to - at + 1);
      controller.enqueue(bytes);
      at += bytes.length;
      if (at <= to) return;
      controller.close();
      port.close();
    },
    cancel() {
      port.close();
    },
  });
}

/** Null when nothing came in time. */
function nextMessage<T>(port: MessagePort): Promise<T | null> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(null), ANSWER_WITHIN_MS);
    port.onmessage = ({ data }: MessageEvent<T>) => {
      clearTimeout(late);
      resolve(data);
    };
  });
}
