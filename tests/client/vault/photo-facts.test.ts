/** What a photo's file tells, and what it is refused for before anything decodes it. */
import { describe, expect, it } from "vitest";
import { photoTells } from "../../../client/vault/photo-facts.ts";
import { readPictureHeader } from "../../../client/vault/picture-format.ts";

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const u16 = (value: number): number[] => [value >> 8, value & 255];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 65_535)];

/** A JPEG's beginning with one Exif directory: tag → value, all as LONG, and below GPS the tag of a latitude. */
function jpegWith(tags: Readonly<Record<number, number>>, gps = false): Uint8Array {
  const entries = Object.entries(tags).map(([tag, value]) => [
    ...u16(Number(tag)),
    ...u16(4),
    ...u32(1),
    ...u32(value),
  ]);
  const count = entries.length + (gps ? 1 : 0);
  const gpsAt = 8 + 2 + 12 * count + 4;
  if (gps) entries.push([...u16(0x8825), ...u16(4), ...u32(1), ...u32(gpsAt)]);
  const below = gps ? [...u16(1), ...u16(2), ...u16(5), ...u32(3), ...u32(0), ...u32(0)] : [];
  const tiff = [...ascii("MM"), ...u16(42), ...u32(8), ...u16(count), ...entries.flat(), ...u32(0), ...below];
  const body = [...ascii("Exif"), 0, 0, ...tiff];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, ...u16(body.length + 2), ...body, ...frame(40, 30)]);
}
const frame = (width: number, height: number): number[] => [
  ...[0xff, 0xc0, 0, 17, 8],
  ...u16(height),
  ...u16(width),
  ...[3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
];
const jpeg = (width: number, height: number): Uint8Array =>
  Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, ...frame(width, height), ...new Array<number>(20).fill(0)]);
const png = (width: number, height: number): Uint8Array =>
  Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    ...u32(13),
    ...ascii("IHDR"),
    ...u32(width),
    ...u32(height),
    ...[8, 2, 0, 0, 0, 0, 0, 0, 0],
  ]);
/** A HEIC whose sizes stand in `ispe` boxes, as a phone writes it: tiles, then the whole. */
const heic = (...sizes: readonly (readonly [number, number])[]): Uint8Array =>
  Uint8Array.from([
    ...[...u32(24), ...ascii("ftypheic"), ...u32(0), ...ascii("mif1heic")],
    ...sizes.flatMap(([width, height]) => [...u32(20), ...ascii("ispe"), ...u32(0), ...u32(width), ...u32(height)]),
    ...new Array<number>(16).fill(0),
  ]);

describe("what an original tells", () => {
  it("place, time and camera, each only where it stands", () => {
    expect(photoTells(jpegWith({}))).toEqual([]);
    expect(photoTells(jpegWith({ 272: 1 }))).toEqual(["camera"]);
    expect(photoTells(jpegWith({ 306: 1 }))).toEqual(["time"]);
    expect(photoTells(jpegWith({}, true))).toEqual(["place"]);
    expect(photoTells(jpegWith({ 271: 1, 306: 1 }, true))).toEqual(["place", "time", "camera"]);
  });

  it("nothing in a file without such a block, and never an error for one that is cut off anywhere", () => {
    expect(photoTells(jpeg(4, 3))).toEqual([]);
    expect(photoTells(png(4, 3))).toEqual([]);
    const whole = jpegWith({ 271: 1, 306: 1, 34665: 9_999_999 }, true);
    for (let end = 0; end < whole.length; end++) expect(Array.isArray(photoTells(whole.slice(0, end)))).toBe(true);
  });
});

describe("what a file says it is, before anything decodes it", () => {
  it("a size in pixels for each format we take", () => {
    expect(readPictureHeader(jpeg(640, 480))).toEqual({ format: "jpeg", width: 640, height: 480 });
    expect(readPictureHeader(png(640, 480))).toEqual({ format: "png", width: 640, height: 480 });
    expect(readPictureHeader(heic([512, 512], [4032, 3024]))).toEqual({ format: "heic", width: 4032, height: 3024 });
  });

  it("bombs are known by what they say: huge sides in a few bytes", () => {
    expect(readPictureHeader(png(60_000, 60_000))).toMatchObject({ width: 60_000 });
    expect(readPictureHeader(jpeg(65_500, 65_500))).toMatchObject({ height: 65_500 });
  });

  it("nothing that hides its size, and none of the formats that are no photo", () => {
    const headless = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, ...new Array<number>(60).fill(0)]);
    expect(readPictureHeader(headless)).toBeNull();
    expect(readPictureHeader(heic())).toBeNull();
    const noHeader = png(4, 3);
    noHeader.set(ascii("tEXt"), 12);
    expect(readPictureHeader(noHeader)).toBeNull();
    const padded = (start: string | number[]) =>
      Uint8Array.from([...(typeof start === "string" ? ascii(start) : start), ...new Array<number>(64).fill(32)]);
    for (const foreign of [
      padded([0x49, 0x49, 0x2a, 0]),
      padded([0x4d, 0x4d, 0, 0x2a]),
      padded("<svg xmlns='http://www.w3.org/2000/svg'>"),
      padded("%PDF-1.7"),
      padded("BM"),
      padded([0, 0, 1, 0]),
      padded("\0\0\0\x20ftypavif"),
      padded("\0\0\0\x20ftypmp42"),
      padded("<!doctype html>"),
    ]) {
      expect(readPictureHeader(foreign)).toBeNull();
    }
    expect(readPictureHeader(jpeg(640, 480).slice(0, 20))).toBeNull();
  });
});
