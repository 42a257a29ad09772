import { describe, expect, it } from "vitest";
import { drawQr, readQr } from "../../../client/ui/parts/qr.ts";

/** Paints the drawing's path into RGBA, `scale` pixels per module. */
const paint = (drawing: { size: number; path: string }, scale: number) => {
  const side = drawing.size * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of drawing.path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      const from = (row * side + Number(x) * scale) * 4;
      for (let i = from; i < from + Number(width) * scale * 4; i += 1) if (i % 4 !== 3) data[i] = 0;
    }
  }
  return { width: side, height: side, data };
};

describe("QR codes", () => {
  it("are read back as they were drawn", () => {
    const text = `https://example.org/#${"A9-_".repeat(40)}`;
    expect(readQr(paint(drawQr(text), 4))).toBe(text);
  });
  it("leave four modules of quiet ground", () => {
    const { size, path } = drawQr("x");
    const columns = [...path.matchAll(/M(\d+) /g)].map(([, x]) => Number(x));
    expect(Math.min(...columns)).toBe(4);
    expect(size).toBe(21 + 8);
  });
  it("gives null for a picture without a code", () => {
    expect(readQr({ width: 40, height: 40, data: new Uint8ClampedArray(40 * 40 * 4).fill(200) })).toBeNull();
  });
});
