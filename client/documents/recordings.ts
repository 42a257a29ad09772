/** Voice notes and videos in an own document: the array "recordings" of RecordingRef (kinds.ts). */
import type * as Y from "yjs";
import { toBlobRef } from "./blob-ref.ts";
import {
  type BlobId,
  MAX_PEAK,
  MAX_PEAKS,
  MAX_RECORDING_BYTES,
  MAX_RECORDING_MS,
  MEDIA_TYPES,
  type RecordingRef,
} from "./kinds.ts";

const recordingsOf = (doc: Y.Doc): Y.Array<unknown> => doc.getArray("recordings");

/** Puts it in unless it is there already: what was broken off is finished later, and then perhaps twice. */
export function addRecordingTo(doc: Y.Doc, recording: RecordingRef): void {
  if (readRecordings(doc).some(({ media }) => media.blob === recording.media.blob)) return;
  recordingsOf(doc).push([recording]);
}

/** Takes it out of the document; its sealed bytes go with the document. */
export function removeRecordingFrom(doc: Y.Doc, blob: BlobId): void {
  doc.transact(() => {
    const recordings = recordingsOf(doc);
    for (let i = recordings.length - 1; i >= 0; i--) {
      if (toRecording(recordings.get(i))?.media.blob === blob) recordings.delete(i, 1);
    }
  });
}

/** Each recording once, in the order they were put in. What has another shape is passed over. */
export function readRecordings(doc: Y.Doc): readonly RecordingRef[] {
  const byBlob = new Map<BlobId, RecordingRef>();
  for (const recording of recordingsOf(doc).toArray().map(toRecording)) {
    if (recording !== null) byBlob.set(recording.media.blob, recording);
  }
  return [...byBlob.values()];
}

function toRecording(value: unknown): RecordingRef | null {
  if (typeof value !== "object" || value === null) return null;
  const { media, type, bytes, durationMs, peaks } = value as Record<string, unknown>;
  const mediaRef = toBlobRef(media);
  const known = MEDIA_TYPES.find((one) => one === type);
  if (mediaRef === null || known === undefined || !isWhole(bytes, MAX_RECORDING_BYTES) || bytes === 0) return null;
  if (!isWhole(durationMs, MAX_RECORDING_MS) || !Array.isArray(peaks) || peaks.length > MAX_PEAKS) return null;
  if (!peaks.every((peak): peak is number => isWhole(peak, MAX_PEAK))) return null;
  return { media: mediaRef, type: known, bytes, durationMs, peaks };
}

const isWhole = (value: unknown, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
