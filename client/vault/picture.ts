/**
 * A photo as it is kept: drawn anew in the worker, so that nothing of the file but its pixels survives (no EXIF, no
 * place, no camera, no hidden thumbnail), at most 2048 px, with a thumbnail of at most 320 px, both as JPEG.
 */
import { VaultFailure } from "./failure.ts";
import { type PictureHeader, readPictureHeader } from "./picture-format.ts";

/** A phone's photo has 3–12 MB; what is larger is a scan or an attack. */
const MAX_FILE_BYTES = 40 * 1024 * 1024;
/** 80 megapixels take 320 MB when decoded: what a tablet just survives. */
const MAX_PIXELS = 80_000_000;
/** A panorama; longer ones no canvas draws. */
const MAX_EDGE_PX = 30_000;
const FULL_EDGE_PX = 2048;
const THUMBNAIL_EDGE_PX = 320;
const FULL_QUALITY = 0.85;
const THUMBNAIL_QUALITY = 0.75;

export interface DrawnPicture {
  readonly full: Uint8Array;
  readonly thumbnail: Uint8Array;
  /** Of the full picture, in pixels. */
  readonly width: number;
  readonly height: number;
}

export type DrawPicture = (file: Blob) => Promise<DrawnPicture>;

/** @throws VaultFailure bad-picture for what is too large, of another format, or doesn't decode */
export const drawPicture: DrawPicture = async (file) => {
  if (file.size > MAX_FILE_BYTES) throw new VaultFailure("bad-picture");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const header = readPictureHeader(bytes);
  if (header === null || !isFine(header)) throw new VaultFailure("bad-picture");
  const bitmap = await decode(bytes);
  try {
    const full = await draw(bitmap, FULL_EDGE_PX, FULL_QUALITY);
    const thumbnail = await draw(bitmap, THUMBNAIL_EDGE_PX, THUMBNAIL_QUALITY);
    return { full: full.bytes, thumbnail: thumbnail.bytes, width: full.width, height: full.height };
  } finally {
    bitmap.close();
  }
};

/** By what the file says of itself; a decoder that finds another size than that stops by itself. */
const isFine = ({ width, height }: PictureHeader): boolean =>
  width > 0 && height > 0 && width <= MAX_EDGE_PX && height <= MAX_EDGE_PX && width * height <= MAX_PIXELS;

/** Turned the way the camera was held, which is all that is read of EXIF. */
async function decode(bytes: Uint8Array<ArrayBuffer>): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([bytes]), { imageOrientation: "from-image" });
  } catch {
    throw new VaultFailure("bad-picture");
  }
}

async function draw(bitmap: ImageBitmap, edge: number, quality: number) {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) throw new VaultFailure("bad-picture");
  // JPEG knows no transparency: see-through becomes paper, not black.
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
  return { bytes: new Uint8Array(await blob.arrayBuffer()), width, height };
}
