/**
 * Takes a photo or recording out of an archive into the pocket. Nothing is believed of it: a picture is kept as it is only
 * where it is a JPEG as Lomme draws them (plain-jpeg.ts), any other is drawn anew like a photo that is put in; of sound and
 * video only what begins as our recorders write is taken, as in recording. What came is sealed and partial until its
 * document names it (store.md §6).
 */
import { blobChunks, createBlobSealer } from "../../../crypto/blobs.ts";
import { concat } from "../../../crypto/bytes.ts";
import { randomId } from "../../../crypto/ids.ts";
import type { BlobId, DocumentTag, SealedChunk } from "../../../crypto/types.ts";
import { type BlobRef, MAX_RECORDING_BYTES, ORIGINAL_TYPES, type OriginalRef } from "../../documents/kinds.ts";
import { Batch } from "../batch.ts";
import { VaultFailure } from "../failure.ts";
import { newMediaKey } from "../media-keys.ts";
import { photoTells } from "../photo-facts.ts";
import type { DrawPicture } from "../picture.ts";
import { readPictureHeader } from "../picture-format.ts";
import type { Pocket } from "../pocket.ts";
import { MAX_PICTURE_BYTES } from "./archive-format.ts";
import { mediaKindOf } from "./media-kinds.ts";
import { readPlainJpeg } from "./plain-jpeg.ts";

/** As picture.ts draws them. */
const EDGE_PX = 2048;
const HEAD_BYTES = 64;
const CHUNKS_AT_ONCE = 8;

/** Something that is sealed here and waits for its document. */
export interface TakenMedia {
  readonly ref: BlobRef;
  readonly kind: "picture" | "webm" | "mp4";
  readonly bytes: number;
  readonly chunks: number;
  /** Of a picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the file that a photo was made of: what it is, read from it. */
  readonly original?: Pick<OriginalRef, "type" | "tells">;
}

type Content = AsyncIterable<Uint8Array>;

/** Null when it is nothing that is taken in. `isOriginal`: the file that a photo was made of. @throws ArchiveError of the content, StoreError, VaultFailure storage-full */
export async function takeMedia(
  pocket: Pocket,
  draw: DrawPicture,
  document: DocumentTag,
  content: Content,
  isOriginal = false,
): Promise<TakenMedia | null> {
  const reading = content[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  for (let bytes = 0; bytes < HEAD_BYTES; bytes += head.at(-1)?.length ?? 0) {
    const { done, value } = await reading.next();
    if (done) break;
    head.push(value);
  }
  const whole = andThen(head, reading);
  const kind = mediaKindOf(concat(...head));
  if (kind === "picture") {
    const bytes = await gather(whole, MAX_PICTURE_BYTES);
    if (bytes === null) return null;
    return isOriginal ? takeOriginal(pocket, document, bytes) : takePicture(pocket, draw, document, bytes);
  }
  return kind === "other" ? null : takeRecording(pocket, document, whole, kind);
}

async function* andThen(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  for (;;) {
    const { done, value } = await rest.next();
    if (done) return;
    yield value;
  }
}

/** Null when there are more than `most` bytes. */
export async function gather(content: Content, most: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > most) return null;
    pieces.push(piece.slice());
  }
  return concat(...pieces);
}

async function takePicture(
  pocket: Pocket,
  draw: DrawPicture,
  document: DocumentTag,
  bytes: Uint8Array,
): Promise<TakenMedia | null> {
  const plain = readPlainJpeg(bytes, EDGE_PX);
  const kept = plain === null ? await drawn(draw, bytes) : { full: bytes, ...plain };
  return kept === null ? null : keepPicture(pocket, document, kept.full, kept);
}

/** As it came, like one that is kept when a photo is put in (originals.ts): nothing ever draws it. */
async function takeOriginal(pocket: Pocket, document: DocumentTag, bytes: Uint8Array): Promise<TakenMedia | null> {
  const header = readPictureHeader(bytes);
  if (header === null) return null;
  const kept = await keepPicture(pocket, document, bytes, { width: 0, height: 0 });
  return { ...kept, original: { type: ORIGINAL_TYPES[header.format], tells: photoTells(bytes) } };
}

async function drawn(draw: DrawPicture, bytes: Uint8Array) {
  try {
    return await draw(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  } catch (error) {
    if (error instanceof VaultFailure && error.code === "bad-picture") return null;
    throw error;
  }
}

/** Seals a picture that was drawn here. */
export async function keepPicture(
  pocket: Pocket,
  document: DocumentTag,
  bytes: Uint8Array,
  { width, height }: Pick<TakenMedia, "width" | "height">,
): Promise<TakenMedia> {
  const { key, place, ref } = placeFor(pocket, document);
  const sealer = createBlobSealer(key, place.blob);
  const chunks = [...sealer.push(bytes), ...sealer.finish()];
  await keep(pocket, (batch) => pocket.blobs.putPart(batch, place, 0, chunks));
  return { ref, kind: "picture", bytes: bytes.length, chunks: chunks.length, width, height };
}

async function takeRecording(
  pocket: Pocket,
  document: DocumentTag,
  content: Content,
  kind: "webm" | "mp4",
): Promise<TakenMedia | null> {
  const { key, place, ref } = placeFor(pocket, document);
  const sealer = createBlobSealer(key, place.blob);
  let waiting: SealedChunk[] = [];
  let written = 0;
  let bytes = 0;
  const write = (): Promise<void> =>
    keep(pocket, (batch) => {
      pocket.blobs.putPart(batch, place, written, waiting);
      written += waiting.length;
      waiting = [];
    });
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > MAX_RECORDING_BYTES) return null;
    waiting.push(...sealer.push(piece));
    if (waiting.length >= CHUNKS_AT_ONCE) await write();
  }
  waiting.push(...sealer.finish());
  await write();
  return { ref, kind, bytes, chunks: blobChunks(bytes), width: 0, height: 0 };
}

function placeFor(pocket: Pocket, document: DocumentTag) {
  const { pocket: space } = pocket.keyring.me;
  const blob = randomId<BlobId>();
  return { key: newMediaKey(pocket, blob), place: { space, document, blob }, ref: { space, blob } };
}

const keep = (pocket: Pocket, put: (batch: Batch) => void): Promise<void> =>
  pocket.store.exclusive(async () => {
    const batch = new Batch();
    put(batch);
    await batch.commit(pocket.store);
  });
