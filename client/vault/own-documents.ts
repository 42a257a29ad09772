/** Entries and wishes: making, listing, removing, and the photos in them. */
import { randomId } from "../../crypto/ids.ts";
import type { BlobId, DocumentTag } from "../../crypto/types.ts";
import { addPhotoTo, beginDocument } from "../documents/entry.ts";
import type { OriginalRef, OwnKind, OwnPhoto, PhotoRef } from "../documents/kinds.ts";
import { readOwn } from "../documents/own-read.ts";
import { clientIdsOf, firstUpdate, readUpdate } from "../documents/updates.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import { newMediaKey } from "./media-keys.ts";
import type { DrawnPicture } from "./picture.ts";
import type { Pocket } from "./pocket.ts";
import type { Write } from "./ports.ts";
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

/**
 * Seals both sizes and puts the photo into the document; durable when this resolves. `seal` keeps what else belongs to it,
 * after the photo itself is safe.
 */
export async function addPhoto(
  pocket: Pocket,
  document: DocumentTag,
  drawn: DrawnPicture,
  seal: () => Promise<OriginalRef | null> = async () => null,
): Promise<OwnPhoto> {
  requireDocument(pocket, document);
  const made = newPhoto(pocket, drawn);
  await pocket.store.exclusive(async () => {
    const batch = new Batch();
    putPhoto(pocket, batch, document, made, drawn);
    await batch.commit(pocket.store);
  });
  const original = await seal();
  const photo: OwnPhoto = { ...made, original };
  const blobs = [photo.full.blob, photo.thumbnail.blob, ...(original === null ? [] : [original.file.blob])];
  await pocket.documents.edit(pocket.keyring.me.pocket, document, (doc) => addPhotoTo(doc, photo), blobs);
  return photo;
}

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
  const space = pocket.keyring.me.pocket;
  await pocket.documents.drop(space, document);
  await pocket.store.exclusive(async () => {
    const batch = new Batch();
    await forgetRows(pocket, batch, document);
    await removeWithTombstone(pocket, batch, document);
    for (const write of alongside) batch.add(write);
    await batch.commit(pocket.store);
  });
  pocket.onPending(space);
  pocket.listsChanged();
}
