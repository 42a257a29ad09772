/**
 * The texts, one flat catalogue per language and side of the lock. Keys are `screen.what`; a key that Danish has is a
 * key that the compiler knows and that every language must have (tests/client/i18n). `outside` is read before a pocket
 * is open, `inside` after it, so that the first screen doesn't wait for texts that it can't show.
 *
 * Reading level, lengths of labels and the words we don't use are measured per screen prefix by
 * tests/client/i18n/reading.test.ts; which prefixes are written for adults is listed there.
 */
import type outsideDa from "./da.json";
import type { first } from "./first.ts";
import type insideDa from "./inside/da.json";

export const languages = ["da", "sv", "en"] as const;
export type Language = (typeof languages)[number];

export type FirstKey = keyof (typeof first)["da"];
export type OutsideKey = keyof typeof outsideDa;
export type InsideKey = keyof typeof insideDa;
export type TextKey = FirstKey | OutsideKey | InsideKey;
export type Catalogue = Readonly<Record<string, string>>;

const outside: Record<Language, () => Promise<{ default: Catalogue }>> = {
  da: () => import("./da.json"),
  sv: () => import("./sv.json"),
  en: () => import("./en.json"),
};
const inside: Record<Language, () => Promise<{ default: Catalogue }>> = {
  da: () => import("./inside/da.json"),
  sv: () => import("./inside/sv.json"),
  en: () => import("./inside/en.json"),
};
const pictureNames: Record<Language, () => Promise<{ default: readonly string[] }>> = {
  da: () => import("./pictures/da.json"),
  sv: () => import("./pictures/sv.json"),
  en: () => import("./pictures/en.json"),
};
const wordLists: Record<Language, () => Promise<{ default: readonly string[] }>> = {
  da: () => import("./words/da.json"),
  sv: () => import("./words/sv.json"),
  en: () => import("./words/en.json"),
};

export const loadOutsideTexts = async (language: Language): Promise<Catalogue> => (await outside[language]()).default;
export const loadInsideTexts = async (language: Language): Promise<Catalogue> => (await inside[language]()).default;

/** 8 names of groups, then 64 names of pictures, in the order of the code. */
export const loadPictureNames = async (language: Language): Promise<readonly string[]> =>
  (await pictureNames[language]()).default;

/** The words a passphrase is proposed from: all different, lower case, 3 to 9 letters. */
export const loadWords = async (language: Language): Promise<readonly string[]> =>
  (await wordLists[language]()).default;
