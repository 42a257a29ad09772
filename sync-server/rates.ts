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

export interface Bucket {
  /** False, and nothing taken, when there isn't enough. */
  take(units: number, nowMs: number): boolean;
  /** Milliseconds until `units` may be taken. */
  wait(units: number, nowMs: number): number;
}

export function createBucket(rate: Rate, nowMs: number): Bucket & { isFull(nowMs: number): boolean } {
  let level = rate.burst;
  let at = nowMs;
  const refill = (now: number): void => {
    level = Math.min(rate.burst, level + (Math.max(0, now - at) / 1000) * rate.perSecond);
    at = now;
  };
  return {
    take(units, now) {
      refill(now);
      if (level < units) return false;
      level -= units;
      return true;
    },
    wait(units, now) {
      refill(now);
      return level >= units ? 0 : Math.ceil(((units - level) / rate.perSecond) * 1000);
    },
    isFull(now) {
      refill(now);
      return level >= rate.burst;
    },
  };
}

/** Buckets by key; at most `maxKeys` at a time, beyond which every new key is refused until old ones have refilled. */
export function createKeyedRates(rate: Rate, maxKeys = 100_000) {
  const buckets = new Map<string, ReturnType<typeof createBucket>>();
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
        bucket = createBucket(rate, nowMs);
        buckets.set(key, bucket);
      }
      return bucket.take(1, nowMs) ? 0 : Math.max(1, Math.ceil(bucket.wait(1, nowMs) / 1000));
    },
    forgetFull,
  };
}

export type KeyedRates = ReturnType<typeof createKeyedRates>;
