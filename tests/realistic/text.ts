/** Sentences out of words: {slots} filled by chance, the first letter of a sentence large. */
import type { Chance } from "./seeded.ts";

export interface Words {
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly titles: readonly string[];
  readonly plain: readonly string[];
  readonly longer: readonly string[];
}

export function fillSlots(template: string, words: Words, chance: Chance): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, slot: string) => chance.pick(words.slots[slot] ?? [slot]));
  return filled.charAt(0).toLocaleUpperCase("da") + filled.slice(1);
}

/** A paragraph of so many sentences; `age` 6 … 23 says how many of them are long. */
export function writeParagraph(words: Words, chance: Chance, age: number, sentences: number): string {
  const share = Math.min(0.9, Math.max(0, (age - 7) / 10));
  return Array.from({ length: sentences }, () =>
    fillSlots(chance.pick(chance.is(share) ? words.longer : words.plain), words, chance),
  ).join(" ");
}
