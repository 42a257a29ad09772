import { describe, expect, it } from "vitest";
import { loadWords } from "../../../client/i18n/catalogue.ts";
import { findWeakness, normalisePassphrase } from "../../../client/state/passphrase.ts";
import { languages } from "../i18n/texts.ts";

describe("passphrases", () => {
  it("count without regard to capitals, extra spaces and how å was composed", () => {
    expect(normalisePassphrase("  Gra\u030A  Sten ")).toBe("grå sten");
  });

  it.each([
    ["kat", "short"],
    ["kat hund", "short"],
    ["sommerferie 2019 stranden", "short"],
    ["hest hest hest hest hest", "few"],
    ["abcd efgh ijkl mnop", "pattern"],
    ["1234 5678 9012 3456", "pattern"],
    ["aaaa bbbb cccc dddd", "pattern"],
    ["qwer tyui asdf ghjk", "pattern"],
  ] as const)("%s is refused: %s", (phrase, reason) => {
    expect(findWeakness(phrase)).toBe(reason);
  });

  it("four unlike words may be used", () => {
    expect(findWeakness("min røde cykel punkterede")).toBeNull();
  });

  for (const language of languages) {
    it(`what ${language} proposes is never refused, whichever words come`, async () => {
      const words = await loadWords(language);
      for (let at = 0; at < words.length; at++) {
        const five = [0, 1, 2, 3, 4].map((step) => words[(at + step * 101) % words.length]);
        expect([five, findWeakness(five.join(" "))]).toEqual([five, null]);
      }
    });
  }
});
