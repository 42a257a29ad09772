import { describe, expect, it } from "vitest";
import type { Received } from "../../../client/state/types.ts";
import {
  answeredLast,
  hasWaitedLong,
  nextWorkingDays,
  waitingLongest,
  waitingShare,
} from "../../../client/ui/screens/desk/desk-order.ts";

const hour = 3_600_000;
const item = (id: string, receivedAt: number, ...answers: readonly [from: string, at: number][]): Received =>
  ({ id, receivedAt, answers: answers.map(([from, at]) => ({ id: `${id}${at}`, from, text: "", at })) }) as never;

describe("who stands where on the desk", () => {
  it("puts the one that has waited longest first", () => {
    const ids = waitingLongest([item("a", 300), item("b", 100), item("c", 200)]).map(({ id }) => id);
    expect(ids).toEqual(["b", "c", "a"]);
  });
  it("counts only my own answers as answered", () => {
    const items = [item("a", 100, ["me", 500]), item("b", 200, ["child", 300]), item("c", 50, ["me", 900])];
    expect(waitingLongest(items).map(({ id }) => id)).toEqual(["b"]);
    expect(answeredLast(items).map(({ id }) => id)).toEqual(["c", "a"]);
  });
  it("calls two days long, and not a minute less", () => {
    const now = 100 * 24 * hour;
    expect(hasWaitedLong(now - 48 * hour, now)).toBe(true);
    expect(hasWaitedLong(now - 48 * hour + 60_000, now)).toBe(false);
  });
  it("fills the bar after three days and always shows a little", () => {
    const now = 100 * 24 * hour;
    expect(waitingShare(now, now)).toBe(0.02);
    expect(waitingShare(now - 36 * hour, now)).toBe(0.5);
    expect(waitingShare(now - 500 * hour, now)).toBe(1);
  });
  it("offers the next working days, never a weekend", () => {
    const friday = new Date("2026-11-20T23:30:00").getTime();
    expect(nextWorkingDays(friday, 3).map((at) => new Date(at).getDay())).toEqual([1, 2, 3]);
    const tuesday = new Date("2026-11-17T08:00:00").getTime();
    expect(nextWorkingDays(tuesday, 4).map((at) => new Date(at).getDate())).toEqual([18, 19, 20, 23]);
  });
});
