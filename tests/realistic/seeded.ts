/** Chance that repeats itself: the same seed gives the same pocket, on every machine. Nothing secret hangs on it. */
export interface Chance {
  /** Even in 0 … 1, 1 excluded. */
  next(): number;
  /** Whole, from … to, both included. */
  whole(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
  /** True in `share` (0 … 1) of the cases. */
  is(share: number): boolean;
}

/** mulberry32: 32 bits of state, good enough for texts and dates. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    pick: (from) => {
      const picked = from[whole(0, from.length - 1)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
    is: (share) => next() < share,
  };
}
