/** The year in pixels, as a knitted band: a row per month, a place per day. Pure geometry and grouping, no drawing. */

export interface DayOfYear {
  /** 0 … 11 */
  readonly month: number;
  /** 1 … 31 */
  readonly day: number;
  /** The first mood of that day's newest entry that has one; null: just thread. */
  readonly mood: string | null;
}

interface MoodsOfMonth {
  readonly year: number;
  readonly month: number;
  readonly moods: readonly (string | null)[];
}

/** Every day of the year in order. */
export const daysOfYear = (year: number, overview: readonly MoodsOfMonth[]): readonly DayOfYear[] => {
  const days: DayOfYear[] = [];
  for (let month = 0; month < 12; month += 1) {
    const known = overview.find((one) => one.year === year && one.month === month);
    const length = new Date(year, month + 1, 0).getDate();
    for (let day = 1; day <= length; day += 1) days.push({ month, day, mood: known?.moods[day - 1] ?? null });
  }
  return days;
};

export interface MonthOf<T> {
  readonly year: number;
  /** 0 … 11 */
  readonly month: number;
  readonly entries: readonly T[];
}

/** Months that hold something, newest first, each with its entries in the order they came. */
export const groupByMonth = <T extends { readonly createdAt: number }>(
  entries: readonly T[],
): readonly MonthOf<T>[] => {
  const months: { year: number; month: number; entries: T[] }[] = [];
  for (const entry of entries) {
    const at = new Date(entry.createdAt);
    const last = months.at(-1);
    if (last !== undefined && last.year === at.getFullYear() && last.month === at.getMonth()) last.entries.push(entry);
    else months.push({ year: at.getFullYear(), month: at.getMonth(), entries: [entry] });
  }
  return months;
};

/** The days of a month by weeks that begin on Monday, as Denmark and Sweden count them; null where another month stands. */
export function weeksOfMonth(year: number, month: number): readonly (readonly (number | null)[])[] {
  const lead = (new Date(year, month, 1).getDay() + 6) % 7;
  const length = new Date(year, month + 1, 0).getDate();
  const weeks: (number | null)[][] = [];
  for (let at = 0; at < lead + length; at += 1) {
    if (at % 7 === 0) weeks.push([null, null, null, null, null, null, null]);
    const week = weeks.at(-1);
    if (week !== undefined && at >= lead) week[at % 7] = at - lead + 1;
  }
  return weeks;
}
