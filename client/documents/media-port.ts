/**
 * What travels when a recording is played: between the service worker and a page, and over the port between whoever reads
 * (the service worker, or a page that has none yet) and the vault. Spec: docs/protocol/vault-socket.md §4.
 */

/** The service worker asks the page that plays: give me a port to what you call `id`. With one port. */
export interface MediaAsked {
  readonly type: "media";
  readonly id: string;
}

export const isMediaAsked = (message: unknown): message is MediaAsked =>
  typeof message === "object" && message !== null && "type" in message && message.type === "media";

/** First message on the port, from the vault, or `gone` from a page that knows nothing of this id. */
export type MediaOpened = { readonly type: "head"; readonly bytes: number; readonly mime: string } | MediaGone;
export interface MediaGone {
  readonly type: "gone";
}
/** A piece of the content from byte `at` on, as much as is at hand at once: answered by one MediaPiece, or by `gone`. */
export interface MediaRead {
  readonly at: number;
}
export type MediaPiece = { readonly type: "piece"; readonly bytes: Uint8Array } | MediaGone;

/** Where recordings are played from: `/media/` and 32 hex digits that mean nothing after this unlock. */
export const MEDIA_PATH = "/media/";
