import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { beginFirstFrames, firstFrames } from "../../../client/state/first-frames.ts";

let frames: (() => void)[] = [];
const drawFrame = (): void => {
  for (const call of frames.splice(0)) call();
};

beforeEach(() => {
  frames = [];
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (call: () => void) => frames.push(call));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const isOver = async (): Promise<boolean> => {
  await vi.advanceTimersByTimeAsync(0);
  return firstFrames() === null;
};

it("the first screen has the processor until the frame after its own", async () => {
  expect(firstFrames()).toBeNull();
  beginFirstFrames();
  drawFrame();
  expect(await isOver()).toBe(false);
  drawFrame();
  expect(await isOver()).toBe(true);
});

it("a page out of sight draws no frames, and doesn't wait for them", async () => {
  beginFirstFrames();
  await vi.advanceTimersByTimeAsync(199);
  expect(await isOver()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isOver()).toBe(true);
});
