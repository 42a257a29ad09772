/** What the screen of more room says of a code: kept, used by itself, or no good. */
import { describe, expect, it } from "vitest";
import { wasRefused } from "../../../client/state/room.ts";

const added = { kind: "added", count: 1 } as const;
const small = { bytes: 1, quota: 50, most: 2000 };
const large = { bytes: 1, quota: 2000, most: 2000 };

describe("a code that was brought", () => {
  it.each([
    ["lies here, to be used", { tokens: 1, pocket: small, asks: true }, added, false],
    ["was used", { tokens: 0, pocket: large, asks: true }, added, false],
    ["gave nothing, and is gone", { tokens: 0, pocket: small, asks: true }, added, true],
    ["went, but without net nobody knows what became of it", { tokens: 0, pocket: null, asks: null }, added, false],
    ["was none", { tokens: 0, pocket: small, asks: true }, { kind: "none" } as const, false],
    ["there was none at all", { tokens: 0, pocket: small, asks: true }, null, false],
  ])("%s", (_what, state, came, refused) => {
    expect(wasRefused(state, came)).toBe(refused);
  });
});
