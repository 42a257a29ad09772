import { describe, expect, it } from "vitest";
import { daysOfYear, groupByMonth, weeksOfMonth } from "../../../client/ui/screens/timeline/year.ts";

const entry = (day: string, ...moods: string[]) => ({ createdAt: new Date(`${day}T12:00:00`).getTime(), moods });

describe("the year in pixels", () => {
  it("has every day of the year, leap years included", () => {
    expect(daysOfYear(2026, [])).toHaveLength(365);
    expect(daysOfYear(2028, [])).toHaveLength(366);
  });
  it("knits the mood of each day of that year, and thread where there is none", () => {
    const days = daysOfYear(2026, [
      { year: 2026, month: 2, moods: [null, "sad"] },
      { year: 2025, month: 2, moods: ["glad"] },
    ]);
    expect(days.filter((day) => day.mood !== null)).toEqual([{ month: 2, day: 2, mood: "sad" }]);
  });
  it("groups by month in the order they came", () => {
    const months = groupByMonth([entry("2026-03-02"), entry("2026-03-01"), entry("2025-03-09")]);
    expect(months.map(({ year, month, entries }) => [year, month, entries.length])).toEqual([
      [2026, 2, 2],
      [2025, 2, 1],
    ]);
  });
});

describe("a month by weeks", () => {
  it("begins on Monday and leaves out what belongs to other months", () => {
    // November 2026 begins on a Sunday.
    const weeks = weeksOfMonth(2026, 10);
    expect(weeks[0]).toEqual([null, null, null, null, null, null, 1]);
    expect(weeks.at(-1)).toEqual([30, null, null, null, null, null, null]);
    expect(weeks.flat().filter((day) => day !== null)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    // February 2027 is four whole weeks.
    expect(weeksOfMonth(2027, 1)).toHaveLength(4);
  });
});
