/** The generated pockets that benches and browser tests open. */
import type { LifeOptions } from "./life.ts";

/** The way into every one of them: seven pictures. */
export const CODE = [1, 63, 0, 17, 17, 40, 5] as const;

/** One photo for two entries and twenty records for each, as in issue 5's pocket of 10,000. */
export const lifeOf = (entries: number): LifeOptions => ({
  seed: 5,
  entries,
  photos: entries / 2,
  records: entries * 20,
  from: Date.UTC(2009, 0, 1),
  language: "both",
});
