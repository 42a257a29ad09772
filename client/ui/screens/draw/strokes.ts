/** From points to a line with a shape, on any canvas of any size. */
import { getStroke } from "perfect-freehand";
import type { Point, Stroke } from "../../../state/drawing.ts";

/** Crayons on white paper, the same by day and by night: a picture has one ground. */
export const crayons = [
  "#1d2433",
  "#2f4b7c",
  "#b5432e",
  "#f4b73f",
  "#4f6238",
  "#643a54",
  "#7fb2d1",
  "#ffffff",
] as const;
export const paper = "#fffefb";
/** Widths of a line in shares of the drawing's width. */
export const sizes = [0.008, 0.018, 0.045] as const;
/** A finger and a mouse say nothing of pressure; the browser then says a half. */
export const NO_PRESSURE = 0.5;

type Canvas2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** `width` is that of the canvas in its own pixels. */
export function drawStroke(context: Canvas2D, stroke: Stroke, width: number): void {
  context.fillStyle = crayons[stroke.colour] ?? crayons[0];
  context.fill(outlineOf(stroke, width));
}

function outlineOf({ size, points }: Stroke, width: number): Path2D {
  const outline = getStroke(
    points.map(({ x, y, pressure }) => [x * width, y * width, pressure]),
    { size: size * width, thinning: 0.55, smoothing: 0.5, streamline: 0.4, simulatePressure: !hasPressure(points) },
  );
  const path = new Path2D();
  outline.forEach(([x = 0, y = 0], index) => {
    const [nextX = x, nextY = y] = outline[(index + 1) % outline.length] ?? [];
    if (index === 0) path.moveTo((x + nextX) / 2, (y + nextY) / 2);
    else path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  path.closePath();
  return path;
}

const hasPressure = (points: readonly Point[]): boolean =>
  points.some(({ pressure }) => Math.abs(pressure - NO_PRESSURE) > 0.01);

/** Paper, the photo below where there is one, then every stroke. */
export function drawAll(
  context: Canvas2D,
  { width, height }: { readonly width: number; readonly height: number },
  below: CanvasImageSource | null,
  strokes: readonly Stroke[],
): void {
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  if (below !== null) context.drawImage(below, 0, 0, width, height);
  for (const stroke of strokes) drawStroke(context, stroke, width);
}
