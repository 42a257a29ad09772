/** What a planted time can do: nothing. */
import { describe, expect, test } from "vitest";
import { withSaneTimes } from "../../../../client/vault/sharing/said-times.ts";
import { type Actor, World } from "./world.ts";

const DAY = 24 * 3600 * 1000;
const plain = { notSafeForParents: false, withMoods: false, photos: [] };

const answer = (from: "me" | "them", at: number) =>
  ({ from, payload: { v: 1, type: "answer", share: "", at, text: "" } }) as unknown as Parameters<
    typeof withSaneTimes
  >[0][number];
const shown = (at: number, createdAt: number) =>
  ({ from: "them", payload: { v: 1, type: "shown", at, copy: { createdAt } } }) as unknown as ReturnType<typeof answer>;
const timesOf = (utterances: readonly ReturnType<typeof answer>[], now: number, begun?: number) =>
  withSaneTimes(utterances, { begun, now }).map(({ payload }) => payload.at);

describe("a time that is still to come", () => {
  const now = 1000 * DAY;

  test("stands behind what came before it in the circle, and after when the two met", () => {
    expect(timesOf([answer("them", now - 5), answer("them", 9e15), answer("them", now - 1)], now)).toEqual([
      now - 5,
      now - 5,
      now - 1,
    ]);
    expect(timesOf([answer("them", 9e15)], now, now - 7 * DAY)).toEqual([now - 7 * DAY]);
    expect(timesOf([answer("me", now - 3), answer("them", 9e15)], now)).toEqual([now - 3, now - 3]);
  });

  test("is left alone within a day: clocks differ; and one's own words always", () => {
    expect(timesOf([answer("them", now + DAY), answer("me", now + 9 * DAY)], now)).toEqual([now + DAY, now + 9 * DAY]);
    expect(timesOf([answer("them", now + DAY + 1)], now)).toEqual([0]);
    // A clock of mine that was ahead doesn't lift what others plant.
    expect(timesOf([answer("me", now + 9 * DAY), answer("them", 9e15)], now)).toEqual([now + 9 * DAY, now]);
  });

  test("isn't when something was written either: that is before it was shown", () => {
    const [one, two] = withSaneTimes([shown(now - 2, 9e15), shown(now - 1, now - 50)], { now });
    expect(one?.payload).toMatchObject({ at: now - 2, copy: { createdAt: now - 2 } });
    expect(two?.payload).toMatchObject({ at: now - 1, copy: { createdAt: now - 50 } });
  });
});

test("what a child with a clock in the year 2100 shows and says stands where it came, on either side", async () => {
  const world = await World.create();
  const [alma, noah] = [await world.add("Alma", "child"), await world.add("Noah", "child")];
  await world.pair(noah, alma);
  const show = async (from: Actor, text: string) => {
    const { document } = from.write({ text });
    const share = await from.sharing.show(document, await from.personId("Alma"), plain);
    await world.settle();
    return share;
  };
  const honest = await show(noah, "I dag");
  const now = world.time;
  world.time = Date.UTC(2100, 0);
  const planted = await show(noah, "I morgen er jeg her endnu");
  world.time = now;
  const received = await alma.sharing.received();
  expect(new Set(received.map(({ id }) => id))).toEqual(new Set([honest, planted]));
  for (const { receivedAt, copy } of received) {
    expect(receivedAt).toBeLessThanOrEqual(now);
    expect(copy.createdAt).toBeLessThanOrEqual(now);
  }

  world.time = Date.UTC(2100, 0);
  await alma.sharing.answer(honest, "Fra fremtiden");
  await world.settle();
  world.time = now;
  const share = (await noah.sharing.shares()).find(({ id }) => id === honest);
  expect(share?.answers).toMatchObject([{ text: "Fra fremtiden" }]);
  expect(share?.answers[0]?.at).toBeLessThanOrEqual(now);
});
