/** Entries and wishes: making, listing, removing, and the photos in them. */
import { randomId } from "../../crypto/ids.ts";
import type { BlobId, DocumentTag } from "../../crypto/types.ts";
import { addPhotoTo, beginDocument, putOriginalTo } from "../documents/entry.ts";
import type { OriginalRef, OwnKind, PhotoRef } from "../documents/kinds.ts";
import { isEmptySummary, readOwn, summarise } from "../documents/own-read.ts";
import { clientIdsOf, firstUpdate, readUpdate } from "../documents/updates.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import { newMediaKey } from "./media-keys.ts";
import type { DrawnPicture } from "./picture.ts";
import type { Pocket } from "./pocket.ts";
import { StoreError, type Write } from "./ports.ts";
import { forgetRows, removeWithTombstone } from "./removal.ts";

export type Begin = Parameters<typeof firstUpdate>[0];

/** Makes a document, committed when this resolves. `more` fills it; `blobs` must reach the server before it does. */
export async function createDocument(
  pocket: Pocket,
  kind: OwnKind,
  more: Begin = () => undefined,
  alongside: (batch: Batch, document: DocumentTag) => readonly BlobId[] = () => [],
  document: DocumentTag = randomId<DocumentTag>(),
): Promise<DocumentTag> {
  const space = pocket.keyring.me.pocket;
  const payload = firstUpdate((doc) => {
    beginDocument(doc, kind, pocket.clock.now());
    more(doc);
  });
  await pocket.store.exclusive(async () => {
    const batch = new Batch();
    const blobs = alongside(batch, document);
    const added = { document, kind: "update", payload, blobs, clientIds: clientIdsOf(payload) } as const;
    await pocket.log(space).addPending(batch, added, pocket.clock.now());
    pocket.putSummary(batch, document, readUpdate(payload, readOwn));
    await batch.commit(pocket.store);
  });
  pocket.onPending(space);
  pocket.listsChanged();
  return document;
}

/** @throws VaultFailure not-here */
export function requireDocument(pocket: Pocket, document: DocumentTag): void {
  if (pocket.pages.get(document) === null) throw new VaultFailure("not-here");
}

/** Everything that a document says of a photo that comes into it. False where there is no place for it: then nothing is said. */
export type NamePhoto = (doc: Parameters<typeof addPhotoTo>[0], photo: PhotoRef) => boolean;

export const nameInEntry: NamePhoto = (doc, photo) => {
  addPhotoTo(doc, photo);
  return true;
};

/**
 * Seals both sizes, then puts the photo into the document, in one edit; durable when this resolves.
 * @throws VaultFailure not-here, StoreError
 */
export async function addPhoto(
  pocket: Pocket,
  document: DocumentTag,
  drawn: DrawnPicture,
  name: NamePhoto = nameInEntry,
): Promise<PhotoRef> {
  const photo = newPhoto(pocket, drawn);
  const blobs = [photo.full.blob, photo.thumbnail.blob];
  await pocket.store.exclusive(async () => {
    // It took a while to draw it: what is removed by now gets no rows.
    requireDocument(pocket, document);
    const batch = new Batch();
    putPhoto(pocket, batch, document, photo, drawn);
    await batch.commit(pocket.store);
  });
  let isNamed = false;
  await pocket.documents.edit(
    pocket.keyring.me.pocket,
    document,
    (doc) => {
      isNamed = name(doc, photo);
    },
    blobs,
  );
  if (isNamed) return photo;
  await forgetBlobs(pocket, blobs);
  throw new VaultFailure("not-here");
}

/**
 * The file that a photo was made of, after the photo itself is safe: named when all of it is here, so that what breaks off
 * costs the original alone. Null where it found no room, or the photo was taken out meanwhile.
 * @throws VaultFailure not-here when the document was removed, StoreError
 */
export async function addOriginal(
  pocket: Pocket,
  document: DocumentTag,
  photo: PhotoRef,
  seal: () => Promise<OriginalRef | null>,
): Promise<OriginalRef | null> {
  const original = await seal();
  if (original === null) return null;
  const { blob } = original.file;
  let isNamed = false;
  try {
    await pocket.documents.edit(
      pocket.keyring.me.pocket,
      document,
      (doc) => {
        isNamed = putOriginalTo(doc, photo.full.blob, original);
      },
      [blob],
    );
  } catch (error) {
    // On a full disk this edit waits and is tried again, like any other.
    if (!(error instanceof StoreError) || error.code !== "storage-full") throw error;
  }
  if (isNamed) return original;
  await forgetBlobs(pocket, [blob]);
  requireDocument(pocket, document);
  return null;
}

/** Of photos and files that no document names. */
export const forgetBlobs = (pocket: Pocket, blobs: readonly BlobId[]): Promise<void> =>
  pocket.store.exclusive(async () => {
    const batch = new Batch();
    for (const blob of blobs) pocket.blobs.remove(batch, { space: pocket.keyring.me.pocket, blob });
    await batch.commit(pocket.store);
  });

export function newPhoto(pocket: Pocket, { width, height }: Pick<DrawnPicture, "width" | "height">): PhotoRef {
  const space = pocket.keyring.me.pocket;
  return {
    full: { space, blob: randomId<BlobId>() },
    thumbnail: { space, blob: randomId<BlobId>() },
    width,
    height,
  };
}

export function putPhoto(
  pocket: Pocket,
  batch: Batch,
  document: DocumentTag,
  photo: PhotoRef,
  bytes: Pick<DrawnPicture, "full" | "thumbnail">,
): void {
  const { pocket: space } = pocket.keyring.me;
  for (const size of ["full", "thumbnail"] as const) {
    const { blob } = photo[size];
    pocket.blobs.put(batch, { space, document, blob }, newMediaKey(pocket, blob), bytes[size]);
  }
}

/** Deletes it here, with its photos and recordings, in one transaction with `alongside`. What was shown of it is a copy of its own and stays where it is. */
export async function removeDocument(
  pocket: Pocket,
  document: DocumentTag,
  alongside: readonly Write[],
): Promise<void> {
  await pocket.documents.drop(pocket.keyring.me.pocket, document);
  await pocket.store.exclusive(() => removeRows(pocket, document, alongside));
  pocket.onPending(pocket.keyring.me.pocket);
  pocket.listsChanged();
}

/**
 * Removes a document in which nothing stands, waits or is on its way: no edit that is not committed yet, no photo that is
 * being drawn or sealed, no recording that runs, is being ended, or could not be ended because the disk is full; and no row
 * that can't be read. True when it was removed.
 */
export async function removeIfEmpty(
  pocket: Pocket,
  document: DocumentTag,
  alongside: () => readonly Write[],
): Promise<boolean> {
  if (pocket.pages.get(document) === null) return false;
  const space = pocket.keyring.me.pocket;
  const gone = await pocket.documents.removeIf(space, document, {
    mayGo: async () =>
      pocket.pages.get(document) !== null &&
      !(await pocket.recordings.hasOf(document)) &&
      (await pocket.log(space).isWhole(document)) &&
      !pocket.beingAdded.has(document),
    isEmpty: (doc) => isEmptySummary(summarise(doc)),
    remove: () => removeRows(pocket, document, alongside()),
  });
  if (!gone) return false;
  pocket.onPending(space);
  pocket.listsChanged();
  return true;
}

/** Inside `store.exclusive`. */
async function removeRows(pocket: Pocket, document: DocumentTag, alongside: readonly Write[]): Promise<void> {
  const batch = new Batch();
  await forgetRows(pocket, batch, document);
  await removeWithTombstone(pocket, batch, document);
  for (const write of alongside) batch.add(write);
  await batch.commit(pocket.store);
}
