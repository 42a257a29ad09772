import type { Page } from "@playwright/test";

/** Shapes of a lake in the evening: colour and path, in a square of 312 × 208. */
const shapes = [
  ["#F2D9AE", "M0 0h312v208H0z"],
  ["#F4B73F", "M202 66a30 30 0 1 0 60 0a30 30 0 1 0 -60 0"],
  ["#5E7148", "M0 92c40-26 74-30 108-10s60 10 96-2 74-8 108 8v40H0z"],
  ["#43562F", "M0 100c60-12 110 6 160 0s100-10 152-2v30H0z"],
  ["#7FA9C4", "M0 112h312v96H0z"],
  ["#8A4B32", "M96 208l34-62h40l62 62z"],
  ["#1D2433", "M132 170c0-26 7-42 21-42s21 16 21 42z"],
  ["#1D2433", "M138 116a15 15 0 1 0 30 0a15 15 0 1 0 -30 0"],
  ["#5A3322", "M141 108c-7 2-10 12-7 21 6-1 10-9 11-16zM165 108c7 2 10 12 7 21-6-1-10-9-11-16z"],
] as const;

/** The picture that the gallery's people show: a dog on a bridge. Drawn in the page, as JPEG of 1248 × 832. */
export async function lakePhoto(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async (drawn) => {
    const canvas = new OffscreenCanvas(1248, 832);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.scale(4, 4);
    for (const [colour, path] of drawn) {
      context.fillStyle = colour;
      context.fill(new Path2D(path));
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }, shapes);
  return Buffer.from(base64, "base64");
}
