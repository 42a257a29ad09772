import { describe, expect, it } from "vitest";
import { createLockClock } from "../../../client/state/lock-clock.ts";

const minute = 60_000;
const clockOf = (hiddenMs = minute, idleMs = 3 * minute) => {
  const clock = createLockClock({ hiddenMs: () => hiddenMs, idleMs: () => idleMs });
  clock.used(0);
  return clock;
};

describe("when to lock", () => {
  it("after the idle time since the last touch", () => {
    const clock = clockOf();
    expect(clock.dueAt()).toBe(3 * minute);
    clock.used(minute);
    expect(clock.dueAt()).toBe(4 * minute);
  });

  it("after the delay since hiding, and not when it was shown again", () => {
    const clock = clockOf();
    clock.hidden(10_000);
    expect(clock.dueAt()).toBe(10_000 + minute);
    clock.hidden(20_000);
    expect(clock.dueAt()).toBe(10_000 + minute);
    clock.shown(30_000);
    expect(clock.dueAt()).toBe(30_000 + 3 * minute);
  });

  it("at once on hiding where the child chose no delay", () => {
    const clock = clockOf(0);
    clock.hidden(10_000);
    expect(clock.dueAt()).toBe(10_000);
  });

  it("not before five minutes while a picker is out, and not later", () => {
    const clock = clockOf();
    clock.picker(true, 5_000);
    clock.hidden(6_000);
    expect(clock.dueAt()).toBe(5_000 + 5 * minute);
    clock.picker(false, 40_000);
    expect(clock.dueAt()).toBe(40_000 + minute);
  });

  it("counts anew from a picker that comes back before its page: its photo is being added then", () => {
    const clock = clockOf();
    clock.picker(true, 5_000);
    clock.hidden(6_000);
    clock.picker(false, 6_000 + 2 * minute);
    expect(clock.dueAt()).toBe(6_000 + 3 * minute);
    const atOnce = clockOf(0);
    atOnce.picker(true, 5_000);
    atOnce.hidden(6_000);
    atOnce.picker(false, 10_000);
    expect(atOnce.dueAt()).toBe(13_000);
    atOnce.shown(10_500);
    atOnce.hidden(20_000);
    expect(atOnce.dueAt()).toBe(20_000);
  });

  it("never by idleness while a recording or a playback lasts", () => {
    const clock = clockOf();
    clock.lasting(true, 0);
    expect(clock.dueAt()).toBeNull();
    clock.hidden(10_000);
    expect(clock.dueAt()).toBe(10_000 + minute);
    clock.shown(20_000);
    clock.lasting(false, 30_000);
    expect(clock.dueAt()).toBe(30_000 + 3 * minute);
  });
});
