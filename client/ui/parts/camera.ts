/** Reads QR codes from the camera's frames until one is found. No frame is kept or leaves the page. */
import { countsAsUse } from "../../state/lock.ts";

/** Side of the canvas that frames are drawn into; enough for a code that fills a third of the picture. */
const SIDE = 720;
const EVERY_MS = 120;

export interface Scanning {
  stop(): void;
}

/**
 * Shows the camera in `video` and calls `found` once. Rejects when there is no camera or it was refused; the caller
 * then offers a picture file.
 */
export const scanCamera = async (video: HTMLVideoElement, found: (text: string) => void): Promise<Scanning> => {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
    audio: false,
  });
  const { readQr } = await import("./qr.ts");
  const ended = countsAsUse();
  let stopped = false;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    ended();
  };
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const look = (): void => {
    if (stopped || context === null || video.videoWidth === 0) return;
    const text = readQr(drawScaled(canvas, context, video, video.videoWidth, video.videoHeight));
    if (text === null) return;
    stop();
    found(text);
  };
  const timer = setInterval(look, EVERY_MS);
  video.srcObject = stream;
  await video.play().catch(() => undefined);
  return { stop };
};

/** The code in a picture file, or null. @throws when the file is no picture */
export const readPicture = async (file: Blob): Promise<string | null> => {
  const { readQr } = await import("./qr.ts");
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return null;
  const image = drawScaled(canvas, context, bitmap, bitmap.width, bitmap.height, 1600);
  bitmap.close();
  return readQr(image);
};

const drawScaled = (
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  source: CanvasImageSource,
  width: number,
  height: number,
  side = SIDE,
): ImageData => {
  const scale = Math.min(1, side / Math.min(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
};
