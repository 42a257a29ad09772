/**
 * Pictures for a generated pocket: hills, water, a house, somebody in front of it, and grain as a camera makes it. Drawn in
 * a browser's worker, from a seed, in the sizes that phones and tablets take; then through the product's own drawing, so
 * that what is kept is a real JPEG with a real thumbnail.
 */
import { type DrawnPicture, drawPicture } from "../../client/vault/picture.ts";
import { createChance } from "./seeded.ts";

const SIZES = [
  [640, 480],
  [1024, 768],
  [768, 1024],
  [1280, 960],
  [1600, 1200],
] as const;
const QUALITY = 0.8;
/** Coarser than a pixel, or the JPEG would be all noise. */
const GRAIN_PX = 6;

export async function drawScene(scene: number): Promise<DrawnPicture> {
  const [width, height] = SIZES[scene % SIZES.length] ?? SIZES[0];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  const chance = createChance(scene + 1);
  const hue = chance.whole(0, 359);
  const sky = context.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue} 60% 78%)`);
  sky.addColorStop(1, `hsl(${(hue + 40) % 360} 55% 92%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  for (let hill = 0; hill < 4; hill++) {
    context.fillStyle = `hsl(${(hue + 90 + hill * 20) % 360} 35% ${58 - hill * 9}%)`;
    context.beginPath();
    const top = height * (0.45 + hill * 0.12);
    context.ellipse(chance.next() * width, top + height * 0.3, width * 0.7, height * 0.35, 0, 0, Math.PI * 2);
    context.fill();
  }
  const house = { x: width * (0.2 + chance.next() * 0.5), y: height * 0.62, side: height * 0.16 };
  context.fillStyle = "#8a4b32";
  context.fillRect(house.x, house.y, house.side, house.side);
  context.fillStyle = "#1d2433";
  context.beginPath();
  context.arc(house.x - house.side * 0.5, house.y + house.side * 0.5, house.side * 0.22, 0, Math.PI * 2);
  context.fillRect(house.x - house.side * 0.66, house.y + house.side * 0.6, house.side * 0.32, house.side * 0.5);
  context.fill();
  for (let y = 0; y < height; y += GRAIN_PX) {
    for (let x = 0; x < width; x += GRAIN_PX) {
      context.fillStyle = `rgb(0 0 0 / ${(chance.next() * 0.07).toFixed(3)})`;
      context.fillRect(x, y, GRAIN_PX, GRAIN_PX);
    }
  }
  return drawPicture(await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY }));
}
