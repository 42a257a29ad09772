/**
 * Keys of the blobs of a pocket: derived from one random root that only the pocket's devices have, so that a photo's
 * record needs to carry no key and a copy of a record opens no photo.
 *
 *   blob key = derive(media root, "…/media-root/blob-key", blob 16)
 *
 * A blob that is shown to somebody is sealed again under a random key of its own (`createBlobKey`), so that what is
 * handed on has no tie to the root. Spec: docs/protocol/blobs.md.
 */
import { u32, utf8 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { bytesToId, ID_BYTES, idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { KEY_BYTES, randomBytes } from "./sodium.ts";
import type { BlobId, BlobKey, DocumentTag, MediaRoot } from "./types.ts";

/** 32 random bytes, once per pocket. */
export const createMediaRoot = (): MediaRoot => randomBytes(KEY_BYTES) as MediaRoot;

/** 32 bytes. @throws bad-size, bad-format */
export const deriveBlobKey = (root: MediaRoot, blob: BlobId): BlobKey =>
  derive(root, LABELS.mediaBlobKey, [idToBytes(blob)]) as BlobKey;

/**
 * The tag under which something out of an archive is kept: the same for the same `source` in the same pocket, so that what
 * is brought in twice is there once, and tied to nothing for a server that knew it elsewhere under another. `times`: how
 * often it was brought in and removed for good here.
 */
export const deriveTakenAlongTag = (root: MediaRoot, source: string, times: number): DocumentTag =>
  bytesToId<DocumentTag>(derive(root, LABELS.takenAlong, [utf8(source), u32(times)], ID_BYTES));
