/**
 * Whether a file is a JPEG as Lomme itself draws them: nothing in it but the picture, no larger than ours are. Such a file is
 * kept byte for byte when it is brought in; any other picture is drawn anew (picture.ts).
 *
 * Markers that may stand before the picture: JFIF (APP0), ICC profile (APP2, only where it says so), DQT, SOF0, SOF2, DHT,
 * DRI. After its end nothing. Thumbnails, EXIF, XMP, comments and whatever an application put in are other markers. Source:
 * ITU-T T.81 §B.
 */
export interface PlainJpeg {
  readonly width: number;
  readonly height: number;
}

const JFIF = [0x4a, 0x46, 0x49, 0x46, 0];
const ICC = [...new TextEncoder().encode("ICC_PROFILE"), 0];
/** Without a thumbnail. */
const JFIF_BYTES = 16;
const MAX_ICC_BYTES = 4096;
const TABLES = new Set([0xdb, 0xc4, 0xdd]);

/** Null for anything else. `edge`: the longest it may be, pixels. */
export function readPlainJpeg(bytes: Uint8Array, edge: number): PlainJpeg | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  let size: PlainJpeg | null = null;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    const length = view.getUint16(at + 2);
    const next = at + 2 + length;
    if (length < 2 || next > bytes.length) return null;
    if (marker === 0xda) {
      const end = endOfScans(bytes, next);
      return size !== null && end === bytes.length ? size : null;
    }
    if (marker === 0xc0 || marker === 0xc2) {
      if (size !== null || length < 8) return null;
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      if (size.width === 0 || size.height === 0 || Math.max(size.width, size.height) > edge) return null;
    } else if (marker === 0xe0) {
      if (length !== JFIF_BYTES || !has(bytes, at + 4, JFIF)) return null;
    } else if (marker === 0xe2) {
      if (length > MAX_ICC_BYTES || !has(bytes, at + 4, ICC)) return null;
    } else if (!TABLES.has(marker)) return null;
    at = next;
  }
  return null;
}

/** The place after the end of the picture, or -1. Between scans of one picture only tables may stand. */
function endOfScans(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) {
      at = bytes.indexOf(0xff, at);
      if (at < 0) return -1;
      continue;
    }
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)) {
      at += marker === 0xff ? 1 : 2;
    } else if (marker === 0xd9) return at + 2;
    else if (marker === 0xda || TABLES.has(marker)) {
      at += 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    } else return -1;
  }
  return -1;
}

const has = (bytes: Uint8Array, at: number, wanted: readonly number[]): boolean =>
  wanted.every((byte, index) => bytes[at + index] === byte);
