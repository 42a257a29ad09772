/** Photos and recordings of one's own documents. Part of the vault's API (api.ts). */
import type { BlobId, DocumentTag } from "../../crypto/types.ts";
import type { DrawingId } from "../documents/drawing.ts";
import type { BlobRef, MediaType, OwnPhoto, RecordingRef, StopId } from "../documents/kinds.ts";

/** What is needed to read a recording. */
export type RecordingSource = Pick<RecordingRef, "media" | "type" | "bytes">;

export interface MediaInside {
  /**
   * Re-encodes (no EXIF, no place, ≤ 2048 px), makes the thumbnail, seals both and names the photo in its document; then,
   * where `original` is wanted, the file as it came, unless there is no room for that: then the photo's `original` is null. @throws bad-picture, storage-full
   */
  addPhoto(document: DocumentTag, picture: Blob, original?: boolean): Promise<OwnPhoto>;
  /** The same on a stop of the life story `document`, named by it at once. @throws bad-picture, storage-full, not-here */
  addStopPhoto(document: DocumentTag, stop: StopId, picture: Blob): Promise<OwnPhoto>;
  /** The same as what a drawing looks like now; the picture from before goes with the same edit. @throws storage-full, not-here */
  putDrawing(document: DocumentTag, drawing: DrawingId, picture: Blob): Promise<OwnPhoto>;
  /** The opened bytes, for an object URL. @throws not-here when the chunks have not arrived, does-not-open */
  readBlob(ref: BlobRef): Promise<Blob>;
  /**
   * A recording in this document, begun. What is handed over is sealed and strictly committed piece by piece; a recording
   * that nobody ended is ended at the next unlock, and stands in its document then.
   * @throws storage-full when the browser has no room for a long one, not-here
   */
  beginRecording(document: DocumentTag, type: MediaType): Promise<BlobId>;
  /** Durable when it resolves; call one after the other. `shape`: of the whole so far. @throws storage-full: end it, what
   * came before is kept; not-here when it was ended or its document removed */
  appendRecording(
    recording: BlobId,
    bytes: Uint8Array,
    shape: Pick<RecordingRef, "durationMs" | "peaks">,
  ): Promise<void>;
  /** Puts it into its document. Null when nothing was recorded. @throws storage-full: it is kept for the next unlock */
  endRecording(recording: BlobId): Promise<RecordingRef | null>;
  /** Throws away a recording that was not ended. */
  dropRecording(recording: BlobId): Promise<void>;
  /**
   * Reads a recording over `port`, any part of it, with memory for a chunk (docs/protocol/vault-socket.md §4).
   * @throws not-here, offline, does-not-open; then all that is sent on the port is `gone`
   */
  openRecording(recording: RecordingSource, port: MessagePort): Promise<void>;
}
