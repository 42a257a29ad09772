import { expect, test } from "vitest";
import { CLOSES, closeOfEnded, mayReconnect } from "../../protocol/closes.ts";

test("each close code says whether to come back", () => {
  const back = Object.fromEntries(Object.entries(CLOSES).map(([name, { code }]) => [name, mayReconnect(code)]));
  expect(back).toEqual({
    goingAway: true,
    badFrame: false,
    epochOver: false,
    spaceDeleted: false,
    unknownProtocol: false,
    stalled: true,
    unproven: true,
    tooFast: true,
  });
  expect(mayReconnect(1006)).toBe(true); // the line broke
  expect(mayReconnect(1009)).toBe(false); // a frame too big
});

test("an ended space closes its channel for good", () => {
  expect(closeOfEnded("epoch-over").code).toBe(4403);
  expect(closeOfEnded("space-deleted").code).toBe(4404);
});
