/**
 * Reading level, per screen (the part of a key before its first dot): LIX over the running sentences together where they
 * have twelve words or more, ≤ 20 for children and ≤ 35 for adults. A text is running when it ends as a sentence does;
 * everything else is a label: at most four words (what is filled in doesn't count), none over twelve letters. Headings and
 * names for screen readers (keys that end in `title` or `Label`) may have seven words.
 */
import { describe, expect, it } from "vitest";
import { measureLix } from "../../../client/i18n/lix.ts";
import { formatMessage } from "../../../client/i18n/message.ts";
import { languages, textsOf } from "./texts.ts";

/** Screens that only adults read. */
const adults = new Set(["desk", "carer", "yourname", "access"]);
const childLimit = 20;
const adultLimit = 35;
const fewestWords = 12;
const longestWord = 12;

/** Labels of more than four words that stay, each with its reason. */
const longLabels: Record<string, string> = {
  "together.presence": "a switch: shorter, it would not say what others see",
  "carer.steps": "a heading",
  "desk.hardWordTry": "a hint beside the text, for adults",
};

/** Words over twelve letters that stay, each with its reason. */
const longWords: Record<string, string> = {
  BørneTelefonen: "the name of the service",
};

/** Words that children must not meet (look.md): how they are placed is not who they are. */
const unwanted =
  /\b(anbragt|anbringelse|placerad|placering|plejebarn|fosterbarn|familjehemsbarn|synkroniser|krypter|upload)/i;

const isRunning = (text: string) => /[.?!…]["”]?$/.test(text);
/** As a person reads it: names and numbers filled in. */
const read = (text: string, language: string) => {
  const names = [...text.matchAll(/\{(\w+)(, plural|, select)?/g)].map(([, name = "", kind]) => [
    name,
    kind === ", plural" ? 2 : "Mette",
  ]);
  return formatMessage(text, Object.fromEntries(names), language);
};

for (const language of languages) {
  const texts = Object.entries(textsOf(language)).map(([key, text]) => [key, read(text, language)] as const);
  const screens = [...new Set(texts.map(([key]) => key.split(".")[0] ?? ""))];

  describe(`${language}: running text`, () => {
    for (const screen of screens) {
      const running = texts.filter(([key, text]) => key.startsWith(`${screen}.`) && isRunning(text));
      const { lix, words, longWords: hard } = measureLix(running.map(([, text]) => text).join("\n"));
      if (words < fewestWords) continue;
      const limit = adults.has(screen) ? adultLimit : childLimit;
      it(`${screen} reads at LIX ≤ ${limit}`, () => {
        expect({ lix, hard: lix > limit ? hard : [] }).toEqual({ lix: Math.min(lix, limit), hard: [] });
      });
    }
  });

  it(`${language}: labels have at most four words`, () => {
    const long = Object.entries(textsOf(language)).filter(([key, text]) => {
      if (isRunning(text) || key in longLabels) return false;
      const words = text.replaceAll(/\{\w+\}/g, "").match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu) ?? [];
      return !text.includes(", plural") && words.length > (/(title|Label)$/i.test(key) ? 7 : 4);
    });
    expect(long).toEqual([]);
  });

  it(`${language}: no word of a label is over twelve letters`, () => {
    const long = texts
      .filter(([, text]) => !isRunning(text))
      .flatMap(([key, text]) => (text.match(/\p{L}+/gu) ?? []).map((word) => [key, word] as const))
      .filter(([, word]) => [...word].length > longestWord && !(word in longWords));
    expect(long).toEqual([]);
  });

  it(`${language}: none of the words we don't use`, () => {
    expect(texts.filter(([key, text]) => !adults.has(key.split(".")[0] ?? "") && unwanted.test(text))).toEqual([]);
  });
}
