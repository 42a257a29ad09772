/** Photos and recordings, as the page asks for them from inside (api-media.ts). */
import type { DocumentTag } from "../../crypto/types.ts";
import { putDrawingPicture } from "../documents/drawing.ts";
import type { BlobRef, OwnPhoto } from "../documents/kinds.ts";
import { addPhotoToStop } from "../documents/life.ts";
import type { MediaGone } from "../documents/media-port.ts";
import type { MediaInside, RecordingSource } from "./api-media.ts";
import type { Beyond } from "./beyond.ts";
import { readDoorItem } from "./door.ts";
import { VaultFailure } from "./failure.ts";
import { findMediaKey } from "./media-keys.ts";
import { readOriginal } from "./originals.ts";
import { addOriginal, addPhoto, type NamePhoto, nameInEntry, requireDocument } from "./own-documents.ts";
import type { DrawPicture } from "./picture.ts";
import { servePlayback } from "./playback.ts";
import type { Pocket } from "./pocket.ts";
import type { Recorder } from "./recorder.ts";

type MediaBeyond = Pick<Beyond, "circleBlobKey" | "fetchOwnBlob">;

export function createMediaInside(
  pocket: Pocket,
  beyond: MediaBeyond,
  recorder: Recorder,
  draw: DrawPicture,
): MediaInside {
  const { beginRecording, appendRecording, endRecording, dropRecording } = recorder;
  const add = (document: DocumentTag, picture: Blob, name: NamePhoto, original = false): Promise<OwnPhoto> =>
    pocket.beingAdded.during(document, async () => {
      requireDocument(pocket, document);
      const drawn = await draw(picture);
      const seal = original ? await readOriginal(pocket, document, picture) : null;
      const photo = await addPhoto(pocket, document, drawn, name);
      return { ...photo, original: seal === null ? null : await addOriginal(pocket, document, photo, seal) };
    });
  return {
    beginRecording,
    appendRecording,
    endRecording,
    dropRecording,
    openRecording: (recording, port) => openRecording(pocket, beyond, recording, port),
    addPhoto: (document, picture, original = false) => add(document, picture, nameInEntry, original),
    addStopPhoto: (document, stop, picture) => add(document, picture, (doc, photo) => addPhotoToStop(doc, stop, photo)),
    putDrawing: (document, drawing, picture) =>
      add(document, picture, (doc, photo) => putDrawingPicture(doc, drawing, photo)),
    readBlob: async (ref) => new Blob([(await readBlob(pocket, beyond, ref)).slice()], { type: "image/jpeg" }),
  };
}

async function openRecording(
  pocket: Pocket,
  beyond: MediaBeyond,
  recording: RecordingSource,
  port: MessagePort,
): Promise<void> {
  const { space, blob } = recording.media;
  const own = pocket.keyring.me;
  try {
    if (space === own.pocket) await beyond.fetchOwnBlob(blob);
    const key = space === own.pocket ? await findMediaKey(pocket, blob) : await beyond.circleBlobKey(recording.media);
    if (!(await pocket.blobs.has(space, blob))) throw new VaultFailure("not-here");
    await servePlayback(recording, (index) => pocket.blobs.readChunk(space, blob, key, index, recording.bytes), port);
  } catch (error) {
    // Whoever holds the other end waits for an answer, and it may not be the one who called.
    port.postMessage({ type: "gone" } satisfies MediaGone);
    throw error;
  }
}

async function readBlob(pocket: Pocket, beyond: MediaBeyond, ref: BlobRef): Promise<Uint8Array> {
  const { pocket: own } = pocket.keyring.me;
  if (ref.space !== own) return pocket.blobs.read(ref.space, ref.blob, await beyond.circleBlobKey(ref));
  await beyond.fetchOwnBlob(ref.blob);
  if (await pocket.blobs.has(own, ref.blob))
    return pocket.blobs.read(own, ref.blob, await findMediaKey(pocket, ref.blob));
  // The photo of something left at the door that nobody has accepted yet.
  const { photo } = await readDoorItem(pocket.store, ref.blob);
  if (photo === null) throw new VaultFailure("not-here");
  return photo.full;
}
