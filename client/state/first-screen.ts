/** What goes with the first screen after the code; loaded while the code is derived, and not before. */
import type { FirstThings } from "../vault/api.ts";
import { beginFirstFrames, firstFrames } from "./first-frames.ts";
import { entries } from "./lists.ts";

/** Home is drawn once, with the newest things that came with the opening. To be called right before one lands. */
export function beginFirstScreen({ newest }: FirstThings): void {
  entries.give(newest);
  beginFirstFrames();
  void firstFrames()
    ?.then(() => import("./storage-keep.ts"))
    .then(({ askToKeepQuietly }) => askToKeepQuietly())
    .catch(() => undefined);
}
