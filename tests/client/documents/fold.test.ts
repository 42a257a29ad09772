import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findNeedle, foldText, needlesOf } from "../../../client/documents/fold.ts";

const finds = (word: string, text: string): boolean => {
  const composed = text.normalize("NFC");
  const folded = foldText(composed);
  return needlesOf(word).some((needle) => findNeedle(needle, composed, folded, 0) >= 0);
};

describe("folding Danish and Swedish", () => {
  it("keeps every place: as many units as the text has, whatever stands in it", () => {
    for (const text of ["Åse Ærø ØLÅND", "İstanbul i 𝒜 dag 🐈", "ﬁ ß ŉ ǰ", "e\u0301 caf\u00e9"]) {
      expect(foldText(text)).toHaveLength(text.length);
    }
    void fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => foldText(text).length === text.length),
      { numRuns: 300 },
    );
  });

  it.each([
    ["åen", "Ude ved ÅEN", true],
    ["aen", "ude ved åen", true],
    ["aaen", "ude ved åen", true],
    ["åen", "ude ved aaen", true],
    ["åen", "ude ved aen", false],
    ["søren", "Sören", true],
    ["sören", "Søren", true],
    ["soren", "Søren", true],
    ["soeren", "Søren", true],
    ["søren", "Soren", false],
    ["märta", "Mærta", true],
    ["ærter", "ärter", true],
    ["aeble", "æble", true],
    ["café", "CAFE", true],
    ["cafe", "café", true],
    ["bold", "fodbold", true],
    ["gård", "gardin og gård", true],
    ["gård", "gardin", false],
    ["å", "a\u030A", true],
  ])("%s in “%s”: %s", (word, text, expected) => {
    expect(finds(word, text)).toBe(expected);
  });

  it("every word of a text is found in it, whatever the case", () => {
    const letter = fc.constantFrom(..."abekøåæäöéÅØ");
    void fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 8 }), fc.string(), (letters, around) => {
        const word = letters.join("");
        return finds(word.toUpperCase(), `${around} ${word} ${around}`);
      }),
      { numRuns: 300 },
    );
  });

  it("finds the first place and no other, from wherever it looks", () => {
    const marked: Readonly<Record<string, string>> = { å: "å", æ: "æ", ä: "æ", ø: "ø", ö: "ø" };
    const letters = fc.array(fc.constantFrom(..."arøåæäöAÅÄÖ "), { maxLength: 40 }).map((all) => all.join(""));
    const word = fc.array(fc.constantFrom(..."arøåæäö"), { minLength: 1, maxLength: 3 }).map((all) => all.join(""));
    void fc.assert(
      fc.property(letters, word, fc.nat(10), (text, wanted, from) => {
        const folded = foldText(text);
        for (const needle of needlesOf(wanted)) {
          const places = Array.from({ length: text.length + 1 }, (_, at) => at).filter(
            (at) =>
              at >= from &&
              folded.startsWith(needle.folded, at) &&
              needle.marks.every((mark) => marked[text[at + mark.at]?.toLowerCase() ?? ""] === mark.letter),
          );
          expect(findNeedle(needle, text, folded, from)).toBe(places[0] ?? -1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
