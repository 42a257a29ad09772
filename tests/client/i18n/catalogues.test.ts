import { describe, expect, it } from "vitest";
import { loadPictureNames, loadWords } from "../../../client/i18n/catalogue.ts";
import { languages, parts, textsOf } from "./texts.ts";

/** The names in braces that a text asks for, outside the branches of a plural or select. */
const asksFor = (text: string) =>
  new Set([...text.matchAll(/(?<!\b(?:one|other|few|many|=\d+) )\{(\w+)(?=[},])/g)].map(([, name]) => name ?? ""));

describe("the three languages", () => {
  for (const [part, byLanguage] of Object.entries(parts)) {
    for (const language of ["sv", "en"] as const) {
      it(`${part}: ${language} has the keys that Danish has, and no other`, () => {
        expect(new Set(Object.keys(byLanguage[language]))).toEqual(new Set(Object.keys(byLanguage.da)));
      });
    }
  }

  it("ask for the same names in each text", () => {
    const danish = textsOf("da");
    for (const language of ["sv", "en"] as const) {
      for (const [key, text] of Object.entries(textsOf(language))) {
        expect([key, asksFor(text)]).toEqual([key, asksFor(danish[key] ?? "")]);
      }
    }
  });

  it("have no empty text and none with stray spaces", () => {
    for (const language of languages) {
      for (const [key, text] of Object.entries(textsOf(language))) {
        expect([language, key, text.trim() === text && text !== ""]).toEqual([language, key, true]);
      }
    }
  });

  it("write a key once: no part hides another's text", () => {
    const keys = Object.values(parts).flatMap((byLanguage) => Object.keys(byLanguage.da));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});

describe("pictures and words", () => {
  for (const language of languages) {
    it(`${language} names 8 groups and 64 pictures, all different`, async () => {
      const names = await loadPictureNames(language);
      expect(names.length).toBe(72);
      expect(new Set(names.slice(8)).size).toBe(64);
    });

    it(`${language} has 512 different words of 3 to 9 letters, five of which are 45 bits`, async () => {
      const words = await loadWords(language);
      expect(words.length).toBe(512);
      expect(new Set(words).size).toBe(512);
      expect(words.filter((word) => !/^[a-zæøåäö]{3,9}$/.test(word))).toEqual([]);
    });
  }
});
