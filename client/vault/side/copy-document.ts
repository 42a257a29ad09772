/** A document of one pocket as a new one of another: what it says now, with photos and recordings under the other's keys. */
import { randomId } from "../../../crypto/ids.ts";
import { sha256, toBase64Url } from "../../../crypto/sodium.ts";
import type { BlobId, BlobRef, DocumentTag, PhotoRef, RecordingRef } from "../../documents/kinds.ts";
import { readUpdates } from "../../documents/updates.ts";
import { blobsOf, readWhole, type WholeDocument, writeWhole } from "../../documents/whole.ts";
import type { Batch } from "../batch.ts";
import { findMediaKey, newMediaKey } from "../media-keys.ts";
import { createDocument } from "../own-documents.ts";
import type { Pocket } from "../pocket.ts";

export const readDocument = (pocket: Pocket, document: DocumentTag): Promise<WholeDocument> =>
  pocket.store.exclusive(async () =>
    readUpdates(await pocket.log(pocket.keyring.me.pocket).updates(document), readWhole),
  );

/** The same for the same content in the same pocket; says nothing of it. */
export const digestOf = (whole: unknown): string =>
  toBase64Url(sha256(new TextEncoder().encode(JSON.stringify(whole))));

/** The same for a document and its copy, whose photos and recordings lie elsewhere. */
export const saysOf = ({ photos, recordings, drawings, ...words }: WholeDocument): string =>
  digestOf([
    words,
    photos.map(({ width, height }) => [width, height]),
    recordings.map(({ media: _, ...shape }) => shape),
    drawings.map(({ id, height, strokes }) => [id, height, strokes]).toSorted(),
  ]);

/**
 * Durable when it resolves, as `as`, in one transaction with `alongside` but for recordings, which come before it.
 * @throws VaultFailure not-here when a photo or recording of it is not on this device; StoreError
 */
export async function copyDocument(
  from: Pocket,
  document: DocumentTag,
  to: Pocket,
  as: DocumentTag,
  alongside: (batch: Batch) => void = () => undefined,
): Promise<void> {
  const whole = await readDocument(from, document);
  const moved = new Map<BlobId, BlobRef>();
  for (const { blob } of blobsOf(whole)) moved.set(blob, { space: to.keyring.me.pocket, blob: randomId<BlobId>() });
  for (const recording of whole.recordings) await copyRecording(from, recording, to, as, moved);
  const pictures = await readPictures(from, whole.photos);
  await createDocument(
    to,
    whole.kind,
    (doc) => writeWhole(doc, whole, moved),
    (batch, made) => {
      for (const [blob, bytes] of pictures) {
        const place = moved.get(blob);
        if (place === undefined) continue;
        to.blobs.put(batch, { ...place, document: made }, newMediaKey(to, place.blob), bytes);
      }
      alongside(batch);
      return [...moved.values()].map(({ blob }) => blob);
    },
    as,
  );
}

async function readPictures(from: Pocket, photos: readonly PhotoRef[]): Promise<ReadonlyMap<BlobId, Uint8Array>> {
  const pictures = new Map<BlobId, Uint8Array>();
  for (const { space, blob } of photos.flatMap(({ full, thumbnail }) => [full, thumbnail])) {
    pictures.set(blob, await from.blobs.read(space, blob, await findMediaKey(from, blob)));
  }
  return pictures;
}

async function copyRecording(
  from: Pocket,
  { media, bytes }: RecordingRef,
  to: Pocket,
  document: DocumentTag,
  moved: ReadonlyMap<BlobId, BlobRef>,
): Promise<void> {
  const place = moved.get(media.blob);
  if (place === undefined) return;
  const key = await findMediaKey(from, media.blob);
  const source = { ...media, key, bytes, store: from.blobs };
  await to.blobs.copy(source, { ...place, document }, newMediaKey(to, place.blob));
}
