import { expect, test } from "vitest";
import { CLOSES, mayReconnect } from "../../protocol/closes.ts";
import { REFUSALS } from "../../protocol/errors.ts";

test("each code is there once and says what it means: a refusal in a sentence, a close in a few words for the wire", () => {
  const sentences = Object.values(REFUSALS).map(({ sentence }) => sentence);
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^.]{15,120}\.$/);
  expect(new Set(sentences).size).toBe(sentences.length);
  const closes = Object.values(CLOSES);
  for (const { reason } of closes) expect(reason).toMatch(/^[a-z ]{3,60}$/);
  expect(new Set(closes.map(({ code }) => code)).size).toBe(closes.length);
});

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
