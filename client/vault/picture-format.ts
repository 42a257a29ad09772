/**
 * What a file says it is, read from its first bytes before anything decodes it: formats we know, and their size in
 * pixels. Everything else is refused, so that no decoder sees an SVG, a PDF or a bomb of a picture.
 */

export interface PictureHeader {
  readonly format: "jpeg" | "png" | "webp" | "gif" | "heic";
  /** In pixels, before it is turned the way the camera was held. */
  readonly width: number;
  readonly height: number;
}

type Size = Pick<PictureHeader, "width" | "height">;

/** A HEIC's properties stand in its first box but one; a phone's are there within a few KB. */
const HEIC_SEARCH_BYTES = 256 * 1024;
const HEIC_BRANDS = ["heic", "heix", "mif1", "msf1"];

/** Null when it is no picture of a format we take, or hides how large it is. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | null {
  if (bytes.length < 30) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = formatOf(bytes);
  if (format === null) return null;
  const size = sizes[format](bytes, view);
  return size === null ? null : { format, ...size };
}

function formatOf(bytes: Uint8Array): PictureHeader["format"] | null {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return "jpeg";
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "png";
  if (ascii(bytes, 0, 4) === "GIF8") return "gif";
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP") return "webp";
  if (ascii(bytes, 4, 4) === "ftyp" && HEIC_BRANDS.includes(ascii(bytes, 8, 4))) return "heic";
  return null;
}

const sizes: Readonly<Record<PictureHeader["format"], (bytes: Uint8Array, view: DataView) => Size | null>> = {
  jpeg: (_bytes, view) => jpegSize(view),
  png: (bytes, view) =>
    ascii(bytes, 12, 4) === "IHDR" ? { width: view.getUint32(16), height: view.getUint32(20) } : null,
  gif: (_bytes, view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  webp: (_bytes, view) => webpSize(view),
  heic: (bytes, view) => heicSize(bytes, view),
};

/** Walks the segments to the frame header (SOF). */
function jpegSize(view: DataView): Size | null {
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** VP8X (extended), VP8L (lossless) and VP8 (lossy) each keep the size in a place of their own. */
function webpSize(view: DataView): Size | null {
  const kind = String.fromCharCode(view.getUint8(12), view.getUint8(13), view.getUint8(14), view.getUint8(15));
  const u24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  if (kind === "VP8X") return { width: u24(24) + 1, height: u24(27) + 1 };
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind === "VP8 ") return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  return null;
}

/** The largest of its `ispe` boxes (ISO/IEC 23008-12 §6.5.3): the whole picture, not one of its tiles. */
function heicSize(bytes: Uint8Array, view: DataView): Size | null {
  let largest: Size | null = null;
  const end = Math.min(bytes.length, HEIC_SEARCH_BYTES) - 16;
  for (let at = bytes.indexOf(0x69); at >= 0 && at < end; at = bytes.indexOf(0x69, at + 1)) {
    if (ascii(bytes, at, 4) !== "ispe") continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (largest === null || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));
