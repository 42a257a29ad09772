/**
 * The bars under a voice note: how loud it was, evenly over its whole time, however long that is. When all places are
 * taken, each two become one and from then on stand for twice the time; so there are always between half of MAX_PEAKS and
 * MAX_PEAKS after the first seconds, and nothing grows.
 */
import { MAX_PEAK, MAX_PEAKS } from "../documents/kinds.ts";

export interface Peaks {
  /** Loudness of the last moment, 0 … 1; called at an even pace. */
  add(loudness: number): void;
  /** Whole numbers 0 … MAX_PEAK. */
  values(): readonly number[];
}

export function createPeaks(): Peaks {
  let peaks: number[] = [];
  /** Moments that one place stands for, and how many of them the newest has. */
  let perPlace = 1;
  let inNewest = 0;
  return {
    add(loudness) {
      // Voices are quiet numbers: the root makes speech and whisper both visible.
      const peak = Math.round(Math.sqrt(Math.min(1, Math.max(0, loudness || 0))) * MAX_PEAK);
      const newest = peaks.length - 1;
      if (newest >= 0 && inNewest < perPlace) {
        peaks[newest] = Math.max(peaks[newest] ?? 0, peak);
        inNewest += 1;
        return;
      }
      if (peaks.length === MAX_PEAKS) {
        peaks = Array.from({ length: MAX_PEAKS / 2 }, (_, at) => Math.max(peaks[2 * at] ?? 0, peaks[2 * at + 1] ?? 0));
        perPlace *= 2;
      }
      peaks.push(peak);
      inNewest = 1;
    },
    values: () => [...peaks],
  };
}
