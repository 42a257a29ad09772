import { expect, test } from "vitest";
import { Bucket, createKeyedRates } from "../../sync-server/rates.ts";

test("a bucket gives its burst at once, then what comes back", () => {
  const bucket = new Bucket({ burst: 3, perSecond: 2 }, 0);
  expect([1, 2, 3, 4].map(() => bucket.take(1, 0))).toEqual([true, true, true, false]);
  expect(bucket.wait(1, 0)).toBe(500);
  expect(bucket.take(1, 499)).toBe(false);
  expect(bucket.take(1, 500)).toBe(true);
  expect(bucket.isFull(1999)).toBe(false);
  expect(bucket.isFull(2000)).toBe(true);
});

test("what has been used already counts, also below nothing", () => {
  const bucket = new Bucket({ burst: 10, perSecond: 10 }, 0);
  expect(bucket.spend(10, 0)).toBe(true);
  expect(bucket.spend(20, 0)).toBe(false);
  expect(bucket.wait(1, 0)).toBe(2100);
  expect(bucket.take(1, 2099)).toBe(false);
  expect(bucket.take(1, 2100)).toBe(true);
});

test("a clock that goes back gives nothing and takes nothing", () => {
  const bucket = new Bucket({ burst: 1, perSecond: 1 }, 1000);
  expect(bucket.take(1, 1000)).toBe(true);
  expect(bucket.take(1, 0)).toBe(false);
  expect(bucket.take(1, 900)).toBe(false);
  expect(bucket.take(1, 1000)).toBe(true);
});

test("each key has a bucket of its own, and full ones are forgotten to make room", () => {
  const rates = createKeyedRates({ burst: 1, perSecond: 1 }, 2);
  expect([rates.take("a", 0), rates.take("a", 0), rates.take("b", 0)]).toEqual([0, 1, 0]);
  expect(rates.take("c", 0)).toBe(60);
  expect(rates.take("c", 1000)).toBe(0);
});
