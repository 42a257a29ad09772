import { describe, expect, it } from "vitest";
import { MAX_PEAK, MAX_PEAKS } from "../../../client/documents/kinds.ts";
import { createPeaks } from "../../../client/state/peaks.ts";

describe("peaks", () => {
  it("never grow, stay even over the whole time, and keep what was loud", () => {
    const peaks = createPeaks();
    for (let moment = 0; moment < 6000; moment++) peaks.add(moment >= 3000 && moment < 3050 ? 1 : 0.01);
    const values = peaks.values();
    expect(values.length).toBeGreaterThan(MAX_PEAKS / 2 - 1);
    expect(values.length).toBeLessThanOrEqual(MAX_PEAKS);
    const loud = values.flatMap((peak, at) => (peak === MAX_PEAK ? [(at + 0.5) / values.length] : []));
    expect(loud.length).toBeGreaterThan(0);
    for (const place of loud) expect(Math.abs(place - 0.5)).toBeLessThan(0.05);
  });

  it("are whole numbers within their bounds, whatever the microphone says", () => {
    const peaks = createPeaks();
    for (const loudness of [-1, 0, 0.25, 1, 7, Number.NaN]) peaks.add(loudness);
    expect(peaks.values()).toEqual([0, 0, 16, MAX_PEAK, MAX_PEAK, 0]);
  });
});
