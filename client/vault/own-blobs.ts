/**
 * A photo or recording of an own document that another of my devices put in: its bytes are fetched when something wants to
 * see them. The server files blobs under their document, so that is looked for first: among what is on a screen, then among
 * the pictures of the lists.
 */
import type { BlobId, DocumentTag } from "../../crypto/types.ts";
import { readPhotos } from "../documents/entry.ts";
import { readRecordings } from "../documents/recordings.ts";
import type { Pocket } from "./pocket.ts";

/** Null when no document that is open or listed shows it. */
export async function findDocumentOf(pocket: Pocket, blob: BlobId): Promise<DocumentTag | null> {
  const open = await pocket.documents.find(pocket.keyring.me.pocket, (doc) => {
    const photos = readPhotos(doc).flatMap(({ full, thumbnail, original }) => [
      full.blob,
      thumbnail.blob,
      ...(original === null ? [] : [original.file.blob]),
    ]);
    return [...photos, ...readRecordings(doc).map(({ media }) => media.blob)].includes(blob);
  });
  if (open !== null) return open;
  for (const { document, thumbnail } of pocket.pages.fromNewest()) if (thumbnail?.blob === blob) return document;
  return null;
}
