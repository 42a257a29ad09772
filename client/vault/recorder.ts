/**
 * Recording into an entry: begin, hand over what the recorder gave, end. A recording whose page or browser ended in the
 * middle is finished at the next unlock, and stands where it was begun.
 */
import { blobChunks } from "../../crypto/blobs.ts";
import { randomId } from "../../crypto/ids.ts";

import type { BlobId, DocumentTag } from "../../crypto/types.ts";
import {
  MAX_PEAK,
  MAX_PEAKS,
  MAX_RECORDING_BYTES,
  MAX_RECORDING_MS,
  MEDIA_TYPES,
  type RecordingRef,
} from "../documents/kinds.ts";
import { addRecordingTo } from "../documents/recordings.ts";
import type { Inside } from "./api.ts";
import { VaultFailure } from "./failure.ts";
import { findMediaKey, newMediaKey } from "./media-keys.ts";
import { createDocument, requireDocument } from "./own-documents.ts";
import type { Pocket } from "./pocket.ts";
import type { LiveRecording, RecordingRow, Shape } from "./recording-rows.ts";
import { ROOM_BYTES } from "./storage-inside.ts";

export interface Recorder
  extends Pick<Inside, "beginRecording" | "appendRecording" | "endRecording" | "dropRecording"> {
  /** Finishes what a closing broke off. What can't be finished now (a full disk) stays for the next time. */
  resume(): Promise<void>;
}

export function createRecorder(pocket: Pocket, hasRoom: (bytes: number) => Promise<boolean>): Recorder {
  const { recordings } = pocket;
  const live = new Map<BlobId, LiveRecording>();

  const end = async (blob: BlobId): Promise<RecordingRef | null> => {
    const row = await recordings.finish(blob, await findMediaKey(pocket, blob));
    if (row === null || row.ended === null) return null;
    await putIntoDocument(pocket, row, row.ended);
    return row.ended;
  };

  return {
    beginRecording: async (document, type) => {
      requireDocument(pocket, document);
      if (!MEDIA_TYPES.includes(type)) throw new VaultFailure("not-allowed");
      if (!(await hasRoom(ROOM_BYTES[type.startsWith("video/") ? "video" : "sound"]))) {
        throw new VaultFailure("storage-full");
      }
      const blob = randomId<BlobId>();
      const place = { space: pocket.keyring.me.pocket, document, blob };
      live.set(blob, await recordings.begin(place, type, newMediaKey(pocket, blob)));
      return blob;
    },
    appendRecording: async (blob, bytes, shape) => {
      const recording = live.get(blob);
      if (recording === undefined) throw new VaultFailure("not-here");
      if (bytes.length === 0) return;
      try {
        if (recording.bytes + bytes.length > MAX_RECORDING_BYTES) throw new VaultFailure("storage-full");
        await recordings.append(recording, bytes, checkedShape(shape));
      } catch (error) {
        // What memory has and the disk hasn't would be a hole: only the disk counts from here on.
        live.delete(blob);
        throw error;
      }
    },
    endRecording: async (blob) => {
      live.delete(blob);
      return end(blob);
    },
    dropRecording: async (blob) => {
      live.delete(blob);
      await recordings.drop(blob);
    },
    resume: async () => {
      for (const { blob } of await recordings.all()) {
        if (!live.has(blob)) await end(blob).catch(() => undefined);
      }
    },
  };
}

const checkedShape = ({ durationMs, peaks }: Shape): Shape => ({
  durationMs: within(durationMs, MAX_RECORDING_MS),
  peaks: peaks.slice(0, MAX_PEAKS).map((peak) => within(peak, MAX_PEAK)),
});

const within = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value) || 0));

/**
 * Its entry names it, and its row goes, in one transaction: a row that stayed would put back, at the next unlock, what the
 * child had taken out by then. An entry that is gone by now is no reason to lose what was said: then it gets one of its own.
 */
async function putIntoDocument(pocket: Pocket, row: RecordingRow, recording: RecordingRef): Promise<void> {
  const { space, document, blob } = row;
  const forgetting = pocket.recordings.forgetting(blob);
  if (pocket.pages.get(document) !== null) {
    await pocket.documents.edit(space, document, (doc) => addRecordingTo(doc, recording), [blob], [forgetting]);
    return;
  }
  await createDocument(
    pocket,
    "entry",
    (doc) => addRecordingTo(doc, recording),
    (batch, made: DocumentTag) => {
      pocket.blobs.finish(batch, { space, document: made, blob }, blobChunks(recording.bytes));
      batch.add(forgetting);
      return [blob];
    },
  );
}
