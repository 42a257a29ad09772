/**
 * What a file says it is, read from its first bytes before anything decodes it: formats we know, and their size in
 * pixels. Everything else is refused, so that no decoder sees an SVG, a PDF or a bomb of a picture.
 */

export interface PictureHeader {
  readonly format: "jpeg" | "png" | "webp" | "gif" | "heic";
  /** Null where the size stands too deep in the file to be read cheaply (HEIC). */
  readonly pixels: number | null;
}

/** Null when it is no picture of a format we take. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 30) return null;
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return { format: "jpeg", pixels: jpegPixels(view) };
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) {
    return { format: "png", pixels: view.getUint32(16) * view.getUint32(20) };
  }
  if (ascii(bytes, 0, 4) === "GIF8") {
    return { format: "gif", pixels: view.getUint16(6, true) * view.getUint16(8, true) };
  }
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP")
    return { format: "webp", pixels: webpPixels(view) };
  const brand = ascii(bytes, 8, 4);
  if (ascii(bytes, 4, 4) === "ftyp" && ["heic", "heix", "mif1", "msf1"].includes(brand)) {
    return { format: "heic", pixels: null };
  }
  return null;
}

/** Walks the segments to the frame header (SOF); null when there is none in what we read. */
function jpegPixels(view: DataView): number | null {
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return view.getUint16(at + 5) * view.getUint16(at + 7);
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** VP8X (extended), VP8L (lossless) and VP8 (lossy) each keep the size in a place of their own. */
function webpPixels(view: DataView): number | null {
  const kind = String.fromCharCode(view.getUint8(12), view.getUint8(13), view.getUint8(14), view.getUint8(15));
  const u24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  if (kind === "VP8X") return (u24(24) + 1) * (u24(27) + 1);
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return ((bits & 0x3fff) + 1) * (((bits >>> 14) & 0x3fff) + 1);
  }
  if (kind === "VP8 ") return (view.getUint16(26, true) & 0x3fff) * (view.getUint16(28, true) & 0x3fff);
  return null;
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));
