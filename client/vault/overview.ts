/** How entries lie over the years, for the year in pixels: a hundred small rows stand for ten thousand entries. */
import type { OwnKind } from "../documents/kinds.ts";
import type { MonthOverview } from "./api.ts";
import type { SummaryPages } from "./pages.ts";

export function overviewOf(pages: SummaryPages, kind: OwnKind): readonly MonthOverview[] {
  const months: { year: number; month: number; count: number; moods: (string | null)[] }[] = [];
  let open: (typeof months)[number] | null = null;
  for (const { kind: itsKind, createdAt, moods, marks } of pages.fromNewest()) {
    if (itsKind !== kind || marks.binnedAt !== null || marks.archived) continue;
    const at = new Date(createdAt);
    const [year, month] = [at.getFullYear(), at.getMonth()];
    if (open === null || open.year !== year || open.month !== month) {
      const days = new Date(year, month + 1, 0).getDate();
      open = { year, month, count: 0, moods: Array.from({ length: days }, () => null) };
      months.push(open);
    }
    open.count++;
    open.moods[at.getDate() - 1] ??= moods[0] ?? null;
  }
  return months;
}
