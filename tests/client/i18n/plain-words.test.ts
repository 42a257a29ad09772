import { describe, expect, it } from "vitest";
import { measureLix } from "../../../client/i18n/lix.ts";
import { simplerWord } from "../../../client/i18n/plain-words.ts";

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
});
