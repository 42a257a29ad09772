/** A month of the calendar, with what stands on its days. */
import { computed, signal } from "@preact/signals";
import { createLiveList } from "./live-list.ts";
import type { Summary } from "./types.ts";

export interface MonthOfYear {
  readonly year: number;
  /** 0 … 11 */
  readonly month: number;
}

/** More entries than this in one month are found by search. */
const MOST = 500;

const today = new Date();
export const shownMonth = signal<MonthOfYear>({ year: today.getFullYear(), month: today.getMonth() });
/** 1 … 31; the day whose entries stand below the month. Kept while one reads one of them and comes back. */
export const chosenDay = signal(today.getDate());

const list = createLiveList(
  async (vault) => {
    const { year, month } = shownMonth.value;
    const filters = {
      kind: "entry",
      from: new Date(year, month, 1).getTime(),
      before: new Date(year, month + 1, 1).getTime(),
    } as const;
    const { hits } = await vault.search("", filters, MOST);
    return hits.flatMap(({ summary }) => (summary.marks.archived ? [] : summary));
  },
  ["timeline"],
);

export const monthEntries: typeof list = list;

/** By day of the month, newest first. */
export const entriesByDay = computed(() => {
  const { year, month } = shownMonth.value;
  const days = new Map<number, Summary[]>();
  for (const summary of list.value.value ?? []) {
    const at = new Date(summary.createdAt);
    // While another month is being asked for, the old answer is still here.
    if (at.getFullYear() !== year || at.getMonth() !== month) continue;
    days.set(at.getDate(), [...(days.get(at.getDate()) ?? []), summary]);
  }
  return days;
});

const daysIn = ({ year, month }: MonthOfYear): number => new Date(year, month + 1, 0).getDate();

/** To a day of any month; `month` may lie outside 0 … 11, and the day is cut to what the month has. */
export function standOn(year: number, month: number, day: number): void {
  const first = new Date(year, month, 1);
  const next = { year: first.getFullYear(), month: first.getMonth() };
  const other = next.year !== shownMonth.value.year || next.month !== shownMonth.value.month;
  chosenDay.value = Math.min(Math.max(1, day), daysIn(next));
  if (!other) return;
  shownMonth.value = next;
  void list.refresh();
}

/** `by` days on or back, over the ends of months. */
export function stepDays(by: number): void {
  const { year, month } = shownMonth.value;
  const at = new Date(year, month, chosenDay.value + by);
  standOn(at.getFullYear(), at.getMonth(), at.getDate());
}
