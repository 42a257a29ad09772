import type { Page } from "@playwright/test";

type Shape = readonly [colour: string, path: string];

/** The gallery's photos, drawn: colour and path, in 312 × 208. No real photo of anybody stands in this repository. */
const drawn = {
  /** A dog on a bridge by a lake, in the evening. */
  lake: [
    ["#F2D9AE", "M0 0h312v208H0z"],
    ["#F4B73F", "M202 66a30 30 0 1 0 60 0a30 30 0 1 0 -60 0"],
    ["#5E7148", "M0 92c40-26 74-30 108-10s60 10 96-2 74-8 108 8v40H0z"],
    ["#43562F", "M0 100c60-12 110 6 160 0s100-10 152-2v30H0z"],
    ["#7FA9C4", "M0 112h312v96H0z"],
    ["#8A4B32", "M96 208l34-62h40l62 62z"],
    ["#1D2433", "M132 170c0-26 7-42 21-42s21 16 21 42z"],
    ["#1D2433", "M138 116a15 15 0 1 0 30 0a15 15 0 1 0 -30 0"],
    ["#5A3322", "M141 108c-7 2-10 12-7 21 6-1 10-9 11-16zM165 108c7 2 10 12 7 21-6-1-10-9-11-16z"],
  ],
  /** A goal on a green field, a ball before it. */
  football: [
    ["#CFE0EA", "M0 0h312v208H0z"],
    ["#5E7148", "M0 84c60-20 120-8 170-14s100 2 142-6v40H0z"],
    ["#86A15F", "M0 96h312v112H0z"],
    ["#79955A", "M0 150h312v26H0zM0 104h312v18H0z"],
    ["#FBF7F0", "M70 52h172v92h-8V60H78v84h-8z"],
    [
      "#FBF7F0",
      "M96 60h2v66h-2zM122 60h2v66h-2zM148 60h2v66h-2zM174 60h2v66h-2zM200 60h2v66h-2zM78 82h156v2H78zM78 104h156v2H78z",
    ],
    ["#FFFFFF", "M176 172a17 17 0 1 0 34 0a17 17 0 1 0 -34 0"],
    ["#1D2433", "M188 164h10l4 9-9 7-9-7z"],
  ],
  /** Pancakes on a table. */
  pancakes: [
    ["#E8D3B4", "M0 0h312v208H0z"],
    ["#B8432F", "M0 0h312v30H0zM0 58h312v28H0z"],
    ["#FBF7F0", "M46 132a110 58 0 1 0 220 0a110 58 0 1 0 -220 0"],
    ["#C98A3E", "M84 132a72 32 0 1 0 144 0a72 32 0 1 0 -144 0"],
    ["#E2A957", "M84 120a72 32 0 1 0 144 0a72 32 0 1 0 -144 0"],
    ["#C98A3E", "M88 108a68 30 0 1 0 136 0a68 30 0 1 0 -136 0"],
    ["#EBBB70", "M88 100a68 30 0 1 0 136 0a68 30 0 1 0 -136 0"],
    ["#8E2F45", "M120 98c10-18 36-14 46-10s30-4 26 12-30 10-40 12-40 4-32-14z"],
  ],
  /** A den of branches among trees. */
  den: [
    ["#DDE6D2", "M0 0h312v208H0z"],
    ["#6E8456", "M0 60c50-40 90-30 140-44s120 10 172-6v110H0z"],
    ["#5A3322", "M40 0h14v150H40zM262 0h16v150h-16zM206 0h9v130h-9z"],
    ["#8B7A4E", "M0 140c70-14 220-16 312 0v68H0z"],
    ["#6B4A2E", "M92 176l62-104 8 4-56 104zM154 76l8-6 66 104-10 4zM120 176l40-96 6 4-34 94zM158 84l6-4 36 96-8 2z"],
    ["#2B241C", "M140 178l20-62 22 62z"],
  ],
} as const satisfies Record<string, readonly Shape[]>;

export type DrawnPhoto = keyof typeof drawn;

/** One of them as JPEG of 1248 × 832, or so many pixels wide. */
export async function drawnPhoto(page: Page, photo: DrawnPhoto, width = 1248): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([shapes, wide]) => {
      const canvas = new OffscreenCanvas(wide, Math.round((wide / 3) * 2));
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      context.scale(wide / 312, wide / 312);
      for (const [colour, path] of shapes) {
        context.fillStyle = colour;
        context.fill(new Path2D(path));
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    },
    [drawn[photo], width] as const,
  );
  return Buffer.from(base64, "base64");
}
