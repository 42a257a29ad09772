/**
 * "Mine ting", a stretch at a time: from the end of a month backwards, some thirty entries, and more when asked for. Ten
 * thousand entries are never on the page at once.
 */
import { computed, signal } from "@preact/signals";
import { createLiveList } from "./live-list.ts";
import type { MonthOverview, Summary } from "./types.ts";
import { vault } from "./vault.ts";

const STRETCH = 30;

/** How the entries lie over the years: for the year in pixels and the ways to a month. */
export const overview = createLiveList((vault) => vault.overview("entry"), ["timeline"]);

const before = signal<number | undefined>(undefined);
const asked = signal(STRETCH);
const list = createLiveList((vault) => vault.timeline("entry", before.value, asked.value), ["timeline"]);

/** The entries from where one stands, newest first. */
export const stretch: typeof list = list;
/** True while the vault may hold older ones than the last of the list. */
export const hasOlder = computed(() => (list.value.value?.length ?? 0) >= asked.value);

export const showOlder = (): Promise<void> => {
  asked.value += 2 * STRETCH;
  return list.refresh();
};

/** Stands at the end of a month; null: at today. */
export const standAt = (month: Pick<MonthOverview, "year" | "month"> | null): Promise<void> => {
  asked.value = STRETCH;
  before.value = month === null ? undefined : new Date(month.year, month.month + 1, 1).getTime();
  return list.refresh();
};

/** Of these documents those that are here. */
export const summariesOf = (documents: readonly Summary["document"][]): Promise<readonly Summary[]> =>
  documents.length === 0 ? Promise.resolve([]) : vault().summaries(documents);

export type { MonthOverview, Summary };
