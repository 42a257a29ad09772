/** The clock that is handed in, so that tests can turn it. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

export const nowSeconds = (clock: Clock): number => Math.floor(clock.nowMs() / 1000);

/** Unix day number (UTC): the finest time that is stored with anything. */
export const today = (clock: Clock): number => Math.floor(clock.nowMs() / 86_400_000);
