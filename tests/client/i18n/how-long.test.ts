/** How long each way in holds against a copied profile, as the screens that choose say it: recounted from what was measured. */
import { expect, it } from "vitest";
import { languages, textsOf } from "./texts.ts";

/** Guesses a second of one large gaming GPU at Argon2id's floor: four of 36 pictures, all of them, took 11 minutes. */
const GUESSES = 36 ** 4 / (11 * 60);
const HOUR = 3600;
const YEAR = 365.25 * 24 * HOUR;
const seconds = (choices: number, length: number): number => choices ** length / GUESSES;

const TWO = { da: "to", sv: "två", en: "two" } as const;
/** Numbers of a text in digits. */
const numbersIn = (text = ""): number[] => (text.match(/\d+/g) ?? []).map(Number);

it("says of seven pictures, of five drawn words and of four pictures what a search of all of them takes", () => {
  const pictures = Math.round(seconds(64, 7) / YEAR);
  // "Over": the hundreds that are full.
  const words = Math.floor(seconds(512, 5) / YEAR / 100) * 100;
  const four = Math.round(seconds(64, 4) / HOUR);
  expect([pictures, words, four]).toEqual([55, 400, 2]);
  for (const language of languages) {
    const texts = textsOf(language);
    for (const key of ["pictures.hold", "passkey.seven"]) expect(numbersIn(texts[key])).toContain(pictures);
    for (const key of ["passphrase.hold", "passkey.words"]) expect(numbersIn(texts[key])).toContain(words);
    expect(texts["passkey.pin"]).toMatch(new RegExp(` ${TWO[language]} `));
    // Of words of one's own nobody knows.
    expect(numbersIn(texts["passphrase.holdOwn"])).toEqual([]);
  }
});
