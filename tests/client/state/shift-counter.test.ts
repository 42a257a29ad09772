import { describe, expect, it } from "vitest";
import { createShiftCounter } from "../../../client/state/shift-counter.ts";

const leavesAfter = (presses: readonly (readonly [string, number])[]): boolean => {
  let left = false;
  const count = createShiftCounter(() => {
    left = true;
  });
  for (const [key, at] of presses) count(key, at);
  return left;
};

describe("the quick exit by keyboard", () => {
  it("leaves at the third Shift within five seconds", () => {
    expect(
      leavesAfter([
        ["Shift", 0],
        ["Shift", 2_000],
        ["Shift", 4_999],
      ]),
    ).toBe(true);
  });

  it("stays when the three take longer", () => {
    expect(
      leavesAfter([
        ["Shift", 0],
        ["Shift", 2_000],
        ["Shift", 5_000],
      ]),
    ).toBe(false);
  });

  it("stays while somebody writes capitals", () => {
    expect(
      leavesAfter([
        ["Shift", 0],
        ["A", 50],
        ["Shift", 400],
        ["B", 450],
        ["Shift", 800],
      ]),
    ).toBe(false);
  });

  it("doesn't listen to Escape", () => {
    expect(
      leavesAfter([
        ["Escape", 0],
        ["Escape", 100],
        ["Escape", 200],
      ]),
    ).toBe(false);
  });
});
