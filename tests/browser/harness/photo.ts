/** A photo as a phone makes it: a JPEG that says where and with what it was taken. */
import type { Page } from "@playwright/test";

const EXIF_APP1 = 0xe1;
const ASCII = 2;
const IMAGE_DESCRIPTION = 0x010e;
const GPS_POINTER = 0x8825;
const LONG = 4;

/**
 * Draws noise (which no other picture resembles) and writes `description` and a place into its EXIF data.
 * @param page any page; the picture is drawn there, because the test's own side has no encoder
 */
export async function photoWithExif(page: Page, description: string, side = 640): Promise<Buffer> {
  const base64 = await page.evaluate(async (size: number) => {
    const canvas = new OffscreenCanvas(size, size);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    for (let i = 0; i < 900; i += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 60% ${30 + Math.random() * 50}%)`;
      context.fillRect(Math.random() * size, Math.random() * size, 12 + Math.random() * 60, 12 + Math.random() * 60);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    let text = "";
    for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
    return btoa(text);
  }, side);
  const jpeg = Buffer.from(base64, "base64");
  const app1 = exifSegment(description);
  return Buffer.concat([jpeg.subarray(0, 2), app1, jpeg.subarray(2)]);
}

/** APP1 with two entries: a description, and a pointer to a (short) GPS block. Big-endian TIFF. */
function exifSegment(description: string): Buffer {
  const words = Buffer.from(`${description}\0`, "latin1");
  const entry = (tag: number, type: number, count: number, value: number): Buffer => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    bytes.writeUInt32BE(value, 8);
    return bytes;
  };
  const wordsAt = 8 + 2 + 2 * 12 + 4;
  const gpsAt = wordsAt + words.length + (words.length % 2);
  // GPSLatitudeRef "N"; enough for a reader to say that a place was there.
  const gps = Buffer.concat([Buffer.from([0, 1]), entry(1, ASCII, 2, 0x4e00_0000), Buffer.alloc(4)]);
  const tiff = Buffer.concat([
    Buffer.from("MM\0*\0\0\0\b", "latin1"),
    Buffer.from([0, 2]),
    entry(IMAGE_DESCRIPTION, ASCII, words.length, wordsAt),
    entry(GPS_POINTER, LONG, 1, gpsAt),
    Buffer.alloc(4),
    words,
    Buffer.alloc(words.length % 2),
    gps,
  ]);
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff00 | EXIF_APP1, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}
