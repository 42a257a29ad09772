/**
 * Token buckets. A bucket holds up to `burst` and refills evenly; taking from an empty one fails. Addresses are keys
 * here, in memory only, and are forgotten as soon as their bucket is full again.
 */
export interface Rate {
  /** Units that may be taken at once. */
  readonly burst: number;
  /** Units that come back per second. */
  readonly perSecond: number;
}

/** A class, since every connection has some: an object of three fields instead of a closure per method. */
export class Bucket {
  readonly #rate: Rate;
  #level: number;
  #at: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#level = rate.burst;
    this.#at = nowMs;
  }

  #refill(nowMs: number): void {
    const { burst, perSecond } = this.#rate;
    this.#level = Math.min(burst, this.#level + (Math.max(0, nowMs - this.#at) / 1000) * perSecond);
    this.#at = nowMs;
  }

  /** False, and nothing taken, when there isn't enough. */
  take(units: number, nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#level < units) return false;
    this.#level -= units;
    return true;
  }

  /** Takes what has been used already, also below nothing; false when there isn't enough. */
  spend(units: number, nowMs: number): boolean {
    this.#refill(nowMs);
    this.#level -= units;
    return this.#level >= 0;
  }

  /** Milliseconds until `units` may be taken. */
  wait(units: number, nowMs: number): number {
    this.#refill(nowMs);
    return this.#level >= units ? 0 : Math.ceil(((units - this.#level) / this.#rate.perSecond) * 1000);
  }

  isFull(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#level >= this.#rate.burst;
  }
}

/** Buckets by key; at most `maxKeys` at a time, beyond which every new key is refused until old ones have refilled. */
export function createKeyedRates(rate: Rate, maxKeys = 100_000) {
  const buckets = new Map<string, Bucket>();
  function forgetFull(nowMs: number): void {
    for (const [key, bucket] of buckets) if (bucket.isFull(nowMs)) buckets.delete(key);
  }
  return {
    /** Seconds to wait, 0 when taken. */
    take(key: string, nowMs: number): number {
      let bucket = buckets.get(key);
      if (bucket === undefined) {
        if (buckets.size >= maxKeys) forgetFull(nowMs);
        if (buckets.size >= maxKeys) return 60;
        bucket = new Bucket(rate, nowMs);
        buckets.set(key, bucket);
      }
      return bucket.take(1, nowMs) ? 0 : Math.max(1, Math.ceil(bucket.wait(1, nowMs) / 1000));
    },
    forgetFull,
  };
}

export type KeyedRates = ReturnType<typeof createKeyedRates>;
