/** QR codes, drawn and read. A chunk of its own: loaded when someone pairs. */
import { encodeQR } from "qr";
import { decodeQR } from "qr/decode.js";

/** Modules of quiet ground around the code; fewer than four and cameras lose it. */
const BORDER = 4;

export interface QrDrawing {
  /** Side in modules, quiet ground included. */
  readonly size: number;
  /** Path of the dark modules in a viewBox of `size` × `size`. */
  readonly path: string;
}

export const drawQr = (text: string): QrDrawing => {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: BORDER });
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      let end = x;
      while (row[end] === true) end += 1;
      path += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = end;
    }
  });
  return { size: rows.length, path };
};

/** The text of the code in the picture, or null when there is none that can be read. */
export const readQr = (image: { width: number; height: number; data: Uint8ClampedArray }): string | null => {
  try {
    return decodeQR(image);
  } catch {
    return null;
  }
};
