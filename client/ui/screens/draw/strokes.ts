/** From points to a line with a shape, on any canvas of any size. */
import { getStroke } from "perfect-freehand";
import { CRAYONS, type Point, type Stroke } from "../../../state/drawing.ts";

export const paper = "#fffefb";
/** Widths of a line in shares of the drawing's width. */
export const sizes = [0.008, 0.018, 0.045] as const;
/** A finger and a mouse say nothing of pressure; the browser then says a half. */
export const NO_PRESSURE = 0.5;

type Canvas2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** `width` is that of the canvas in its own pixels. */
export function drawStroke(context: Canvas2D, stroke: Stroke, width: number): void {
  context.fillStyle = crayonOf(stroke);
  context.fill(new Path2D(outlineOf(stroke, width)));
}

export const crayonOf = ({ colour }: Stroke): string => CRAYONS[colour] ?? CRAYONS[0];

/** As the data of a path, on a ground that is `width` wide. */
export function outlineOf({ size, points }: Stroke, width: number): string {
  const outline = getStroke(
    points.map(({ x, y, pressure }) => [x * width, y * width, pressure]),
    { size: size * width, thinning: 0.55, smoothing: 0.5, streamline: 0.4, simulatePressure: !hasPressure(points) },
  );
  const parts = outline.map(([x = 0, y = 0], index) => {
    const [nextX = x, nextY = y] = outline[(index + 1) % outline.length] ?? [];
    const middle = `${rounded((x + nextX) / 2)} ${rounded((y + nextY) / 2)}`;
    return index === 0 ? `M${middle}` : `Q${rounded(x)} ${rounded(y)} ${middle}`;
  });
  return parts.length === 0 ? "" : `${parts.join("")}Z`;
}

/** A hundredth of a pixel is finer than any screen. */
const rounded = (length: number): number => Math.round(length * 100) / 100;

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
