import { expect, it } from "vitest";
import { readRange } from "../../../client/sw/range.ts";

it.each([
  ["bytes=0-", { from: 0, to: 99 }],
  ["bytes=10-19", { from: 10, to: 19 }],
  ["bytes=99-99", { from: 99, to: 99 }],
  ["bytes=90-500", { from: 90, to: 99 }],
  ["bytes=-10", { from: 90, to: 99 }],
  ["bytes=-500", { from: 0, to: 99 }],
  ["bytes=100-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  // What isn't understood is answered with everything (RFC 9110 §14.2).
  [null, null],
  ["bytes=-", null],
  ["bytes=9-3", null],
  ["bytes=0-1,5-6", null],
  ["items=0-1", null],
  ["bytes=0x1-2", null],
])("%s of 100 bytes", (header, range) => {
  expect(readRange(header, 100)).toEqual(range);
});
