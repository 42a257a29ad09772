/**
 * What a photo's file tells beside its picture: where and when it was taken, and with what. Read from the Exif block of a JPEG
 * (TIFF 6.0 §2, Exif 2.32 §4.6), so that the child is told what is in the original it keeps. Only whether it is there is
 * looked at; nothing of it is copied.
 *
 * Takes nothing for granted: a broken block tells nothing, and nothing is read beyond its end.
 */
import type { Told } from "../documents/kinds.ts";

const MAKE = 0x010f;
const MODEL = 0x0110;
const DATE_TIME = 0x0132;
const EXIF_POINTER = 0x8769;
const GPS_POINTER = 0x8825;
const TAKEN_AT = 0x9003;
/** GPSLatitude; a block without it is a compass or a clock. */
const GPS_LATITUDE = 2;
const GPS_LATITUDE_REF = 1;
/** More tags than any camera writes. */
const MAX_TAGS = 256;

/** In the order place, time, camera. Empty where there is no such block. */
export function photoTells(bytes: Uint8Array): readonly Told[] {
  const tiff = exifOf(bytes);
  if (tiff === null) return [];
  try {
    return readTiff(tiff);
  } catch {
    return []; // Cut off in the middle: RangeError of the view.
  }
}

/** The TIFF structure in the first APP1 segment that says "Exif". */
function exifOf(bytes: Uint8Array): DataView | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < bytes.length && view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    const length = view.getUint16(at + 2);
    if (marker === 0xda) return null; // The picture itself begins.
    const saysExif = view.getUint32(at + 4) === 0x45786966 && view.getUint16(at + 8) === 0;
    if (marker === 0xe1 && saysExif) {
      const from = at + 10;
      const end = Math.min(bytes.length, at + 2 + length);
      return end > from ? new DataView(bytes.buffer, bytes.byteOffset + from, end - from) : null;
    }
    at += 2 + length;
  }
  return null;
}

function readTiff(tiff: DataView): readonly Told[] {
  const little = tiff.getUint16(0) === 0x4949;
  const main = tagsAt(tiff, tiff.getUint32(4, little), little);
  const below = (pointer: number) => {
    const at = main.get(pointer);
    return at === undefined ? new Map<number, number>() : tagsAt(tiff, at, little);
  };
  const gps = below(GPS_POINTER);
  const told: Told[] = [];
  if (gps.has(GPS_LATITUDE) || gps.has(GPS_LATITUDE_REF)) told.push("place");
  if (main.has(DATE_TIME) || below(EXIF_POINTER).has(TAKEN_AT)) told.push("time");
  if (main.has(MAKE) || main.has(MODEL)) told.push("camera");
  return told;
}

/** Tag → its value or offset, of one directory. @throws RangeError beyond the end */
function tagsAt(tiff: DataView, at: number, little: boolean): Map<number, number> {
  const count = Math.min(tiff.getUint16(at, little), MAX_TAGS);
  const tags = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + 12 * i;
    tags.set(tiff.getUint16(entry, little), tiff.getUint32(entry + 8, little));
  }
  return tags;
}
