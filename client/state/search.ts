/**
 * Searching while one types: one question at a time, and the newest is always asked in the end. What is looked for is kept
 * while one reads a hit and comes back; the page's realm, and with it the words, ends at the lock.
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import { createLiveList } from "./live-list.ts";
import { go } from "./route.ts";
import type { Holding, OwnKind, PersonId, SearchFilters } from "./types.ts";

const PAGE = 30;

/** What of a day is chosen: a year, and perhaps a month of it (0 … 11). */
export interface When {
  readonly year: number;
  readonly month: number | null;
}

export const query = signal("");
export const mood = signal<string | null>(null);
export const kind = signal<OwnKind | "all">("all");
export const whose = signal<"all" | "mine" | "shown">("all");
export const when = signal<When | null>(null);
/** Words that a thing is marked with, and somebody it is shown to. */
export const tag = signal<string | null>(null);
export const name = signal<string | null>(null);
export const where = signal<string | null>(null);
/** Something it has in it beside words. */
export const has = signal<Holding | null>(null);
export const person = signal<PersonId | null>(null);
const asked = signal(PAGE);

const filters = computed<SearchFilters>(() => ({
  kind: kind.value === "all" ? undefined : kind.value,
  mood: mood.value ?? undefined,
  shown: whose.value === "all" ? undefined : whose.value,
  tag: tag.value ?? undefined,
  name: name.value ?? undefined,
  place: where.value ?? undefined,
  person: person.value ?? undefined,
  has: has.value ?? undefined,
  ...borders(when.value),
}));

/** Something besides words and a face was chosen. */
export const isFiltered = computed(
  () =>
    kind.value !== "all" ||
    whose.value !== "all" ||
    [when, tag, name, where, person, has].some(({ value }) => value !== null),
);

/** What there is to choose among. */
export const markedWords = createLiveList((vault) => vault.markedWords(), ["timeline"]);

/** Nothing is asked for: no words and no filter. */
export const isBlank = computed(() => query.value.trim() === "" && mood.value === null && !isFiltered.value);

/** Null while nothing is asked for. */
export const found = createLiveList(
  async (vault) => (isBlank.value ? null : vault.search(query.value, filters.value, asked.value)),
  ["timeline", "search"],
);

/** Asks with every change of what is asked for, until the returned function is called. */
export function followQuestion(): () => void {
  return effect(() => {
    // Named, so that a change of any of them asks again.
    void [query.value, filters.value];
    untracked(() => {
      asked.value = PAGE;
      void found.refresh();
    });
  });
}

export const showMore = (): Promise<void> => {
  asked.value += 2 * PAGE;
  return found.refresh();
};

function forgetQuestion(): void {
  query.value = "";
  mood.value = null;
  kind.value = "all";
  whose.value = "all";
  for (const one of [when, tag, name, where, person, has]) one.value = null;
}

/** To a search with nothing in it. */
export function openSearch(): void {
  forgetQuestion();
  go("search");
}

function borders(chosen: When | null): Pick<SearchFilters, "from" | "before"> {
  if (chosen === null) return {};
  const { year, month } = chosen;
  return {
    from: new Date(year, month ?? 0, 1).getTime(),
    before: new Date(month === null ? year + 1 : year, month === null ? 0 : month + 1, 1).getTime(),
  };
}
