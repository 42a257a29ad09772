/**
 * Keys of the blobs of a pocket: derived from one random root that only the pocket's devices have, so that a photo's
 * record needs to carry no key and a copy of a record opens no photo.
 *
 *   blob key = derive(media root, "…/media-root/blob-key", blob 16)
 *
 * A blob that is shown to somebody is sealed again under a random key of its own (`createBlobKey`), so that what is
 * handed on has no tie to the root. Spec: docs/protocol/blobs.md.
 */
import { derive } from "./derive.ts";
import { idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { KEY_BYTES, randomBytes } from "./sodium.ts";
import type { BlobId, BlobKey, MediaRoot } from "./types.ts";

/** 32 random bytes, once per pocket. */
export const createMediaRoot = (): MediaRoot => randomBytes(KEY_BYTES) as MediaRoot;

/** 32 bytes. @throws bad-size, bad-format */
export const deriveBlobKey = (root: MediaRoot, blob: BlobId): BlobKey =>
  derive(root, LABELS.mediaBlobKey, [idToBytes(blob)]) as BlobKey;
