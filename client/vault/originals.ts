/**
 * Originals: the file a photo was made of, kept as it came where the child wants that. It lies in the pocket alone, sealed in
 * chunks like every blob, and is no part of any copy that is shown (documents/own-read.ts). It goes with its
 * entry, or by itself.
 */
import { randomId } from "../../crypto/ids.ts";
import type { BlobId, DocumentTag } from "../../crypto/types.ts";
import { readPhotos, removeOriginalFrom } from "../documents/entry.ts";
import { ORIGINAL_TYPES, type OriginalRef } from "../documents/kinds.ts";
import { VaultFailure } from "./failure.ts";
import { newMediaKey } from "./media-keys.ts";
import { forgetBlobs, requireDocument } from "./own-documents.ts";
import { photoTells } from "./photo-facts.ts";
import { readPictureHeader } from "./picture-format.ts";
import type { Pocket } from "./pocket.ts";
import { StoreError } from "./ports.ts";
import { sharedRows } from "./state-rows.ts";

interface ChoiceRow {
  readonly on: boolean;
}

/** Shared by all devices of the person. */
const choices = ({ shared }: Pocket) => sharedRows<ChoiceRow>(shared, "choice");

export const keepsOriginals = async (pocket: Pocket): Promise<boolean> =>
  (await choices(pocket).get("originals"))?.on ?? false;

export const keepOriginals = (pocket: Pocket, on: boolean): Promise<void> =>
  pocket.shared.write([choices(pocket).entry("originals", { on })]);

/**
 * Reads the file; what it gives seals it as it is, a few chunks at a time. Null when there is no room for it: the photo
 * itself is kept all the same. It throws VaultFailure not-here, and leaves nothing, when the document is removed meanwhile.
 * @throws VaultFailure bad-picture for what is no picture
 */
export async function readOriginal(
  pocket: Pocket,
  document: DocumentTag,
  file: Blob,
): Promise<() => Promise<OriginalRef | null>> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const header = readPictureHeader(bytes);
  if (header === null) throw new VaultFailure("bad-picture");
  return () => sealOriginal(pocket, document, bytes, header.format);
}

async function sealOriginal(
  pocket: Pocket,
  document: DocumentTag,
  bytes: Uint8Array,
  format: keyof typeof ORIGINAL_TYPES,
): Promise<OriginalRef | null> {
  const place = { space: pocket.keyring.me.pocket, document, blob: randomId<BlobId>() };
  try {
    const check = async (): Promise<void> => requireDocument(pocket, document);
    await pocket.blobs.putInParts(place, newMediaKey(pocket, place.blob), bytes, check);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "storage-full") throw error;
    await forgetBlobs(pocket, [place.blob]).catch(() => undefined);
    return null;
  }
  const { space, blob } = place;
  return { file: { space, blob }, type: ORIGINAL_TYPES[format], bytes: bytes.length, tells: photoTells(bytes) };
}

/** @throws VaultFailure not-here */
export async function findOriginal(pocket: Pocket, document: DocumentTag, photo: BlobId): Promise<OriginalRef> {
  requireDocument(pocket, document);
  const original = await pocket.documents.read(pocket.keyring.me.pocket, document, (doc) => originalOf(doc, photo));
  if (original === null) throw new VaultFailure("not-here");
  return original;
}

/** Out of the document first: broken off in between, what is left goes with the entry. @throws VaultFailure not-here */
export async function removeOriginal(pocket: Pocket, document: DocumentTag, photo: BlobId): Promise<void> {
  const original = await findOriginal(pocket, document, photo);
  await pocket.documents.edit(pocket.keyring.me.pocket, document, (doc) => removeOriginalFrom(doc, photo));
  await forgetBlobs(pocket, [original.file.blob]);
}

const originalOf = (doc: Parameters<typeof readPhotos>[0], photo: BlobId): OriginalRef | null =>
  readPhotos(doc).find(({ full }) => full.blob === photo)?.original ?? null;
