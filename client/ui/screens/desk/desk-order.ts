/** Who stands where on the desk. Pure. */
import { waited } from "../../../i18n/when.ts";
import type { Received } from "../../../state/types.ts";

const answeredAt = (item: Received): number | null =>
  item.answers.reduce<number | null>((last, { from, at }) => (from === "me" ? Math.max(last ?? 0, at) : last), null);

/** Those without an answer of mine, the one that has waited longest first. */
export const waitingLongest = (items: readonly Received[]): readonly Received[] =>
  items.filter((item) => answeredAt(item) === null).sort((a, b) => a.receivedAt - b.receivedAt);

/** Those that were answered, the latest answer first. */
export const answeredLast = (items: readonly Received[]): readonly Received[] =>
  items.filter((item) => answeredAt(item) !== null).sort((a, b) => (answeredAt(b) ?? 0) - (answeredAt(a) ?? 0));

/** After two days the wait counts as long: said by a mark and the number, not by colour alone. */
const LONG_DAYS = 2;
/** A bar is full after three days. */
const FULL_MS = 3 * 86_400_000;

export const hasWaitedLong = (since: number, now: number): boolean => {
  const { count, unit } = waited(since, now);
  return unit === "day" && count >= LONG_DAYS;
};

/** 0.02 … 1: how much of the waiting bar is filled. */
export const waitingShare = (since: number, now: number): number =>
  Math.min(1, Math.max(0.02, (now - since) / FULL_MS));

/** The next `count` working days after `now`, as times at noon: the days that can be promised in one press. */
export const nextWorkingDays = (now: number, count: number): readonly number[] => {
  const days: number[] = [];
  const day = new Date(now);
  day.setHours(12, 0, 0, 0);
  while (days.length < count) {
    day.setDate(day.getDate() + 1);
    if (day.getDay() !== 0 && day.getDay() !== 6) days.push(day.getTime());
  }
  return days;
};
