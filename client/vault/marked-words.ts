/** The words that things are marked with, for choosing among them: read from the summaries, which are in memory. */
import type { MarkedWords } from "./api.ts";
import type { SummaryPages } from "./pages.ts";

/** Two spellings that differ in capitals only are one word (as in documents/marks.ts). */
export const sameWord = (one: string, other: string): boolean => keyOf(one) === keyOf(other);

const keyOf = (word: string): string => word.trim().toLocaleLowerCase();

export function markedWordsOf(pages: SummaryPages): MarkedWords {
  const tags = new Counted();
  const names = new Counted();
  const places = new Counted();
  for (const { marks } of pages.fromNewest()) {
    if (marks.binnedAt !== null) continue;
    for (const word of marks.tags) tags.add(word);
    for (const word of marks.persons) names.add(word);
    places.add(marks.place);
  }
  return { tags: tags.words(), names: names.words(), places: places.words() };
}

class Counted {
  readonly #byKey = new Map<string, { readonly word: string; count: number }>();

  add(word: string): void {
    const key = keyOf(word);
    if (key === "") return;
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, { word: word.trim(), count: 1 });
    else known.count += 1;
  }

  words(): readonly string[] {
    return [...this.#byKey.values()].sort((a, b) => b.count - a.count).map(({ word }) => word);
  }
}
