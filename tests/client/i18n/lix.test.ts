import { describe, expect, it } from "vitest";
import { measureLix } from "../../../client/i18n/lix.ts";

describe("LIX", () => {
  it("is words per sentence plus the share of long words", () => {
    // 8 words, 2 sentences, 2 words over six letters: 4 + 25.
    expect(measureLix("Vi gik over broen. Bagefter spiste vi pandekager.")).toMatchObject({
      lix: 29,
      words: 8,
      sentences: 2,
    });
    expect(measureLix("Du har det stadig selv.")).toEqual({ lix: 5, words: 5, sentences: 1, longWords: [] });
  });
  it("counts a word of seven letters as long and one of six not", () => {
    expect(measureLix("abcdef abcdefg").longWords).toEqual(["abcdefg"]);
  });
  it("is zero for nothing", () => {
    expect(measureLix(" … ")).toEqual({ lix: 0, words: 0, sentences: 0, longWords: [] });
  });
  it("ends a sentence at a line break as well", () => {
    expect(measureLix("Hej Alma\nTak for det").sentences).toBe(2);
  });
  it("names each hard word once, æøå and hyphens included", () => {
    expect(measureLix("Støtteperson og støtteperson, Støtteperson og e-mail-adresse").longWords).toEqual([
      "Støtteperson",
      "støtteperson",
      "e-mail-adresse",
    ]);
  });
});
