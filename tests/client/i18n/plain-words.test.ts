import { describe, expect, it } from "vitest";
import { measureLix } from "../../../client/i18n/lix.ts";
import { plainWords, simplerWord } from "../../../client/i18n/plain-words.ts";

describe("simpler words", () => {
  it("are found with capitals and endings", () => {
    expect(simplerWord("Handleplan", "da")).toBe("planen for dig");
    expect(simplerWord("handleplanen", "da")).toBe("planen for dig");
    expect(simplerWord("umgänget", "sv")).toBe("träffar");
  });
  it("are not offered for words that merely begin alike, nor in another language", () => {
    expect(simplerWord("handle", "da")).toBeNull();
    expect(simplerWord("handleplan", "sv")).toBeNull();
    expect(simplerWord("constructor", "en")).toBeNull();
  });
  it("are easier than what they stand for", () => {
    for (const [word, language] of [
      ["genomförandeplan", "sv"],
      ["foranstaltning", "da"],
      ["intervention", "en"],
    ] as const) {
      const simple = simplerWord(word, language) ?? word;
      expect(measureLix(simple).lix).toBeLessThan(measureLix(word).lix);
    }
  });
  it("stand for the child in their order, without those for where and how it lives", () => {
    const words = plainWords("da").map(([word]) => word);
    expect(words.slice(0, 2)).toEqual(["afgørelse", "angående"]);
    expect(words).not.toContain("anbringelse");
    expect(plainWords("sv").map(([word]) => word)).not.toContain("placering");
  });
});
