/** What is done now and then: reached waits and expired keys lose their times, abandoned uploads and stray files go. */
import type { BlobStore } from "./blobs/port.ts";
import { type Clock, nowSeconds, today } from "./clock.ts";
import type { AddressRates } from "./routes/deps.ts";
import type { Storage } from "./storage/port.ts";

const EVERY_MS = 3_600_000;
/** Days an upload may rest half done. */
const PATIENCE_DAYS = 2;

export interface HousekeepingDeps {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly rates: AddressRates;
  onFailure(error: unknown): void;
}

/** One round. A failure leaves the rest for the next. */
export async function tidy({ storage, blobs, clock, rates }: HousekeepingDeps): Promise<void> {
  for (const rate of Object.values(rates)) rate.forgetFull(clock.nowMs());
  const beforeDay = today(clock) - PATIENCE_DAYS + 1;
  const { orphans, abandoned } = await storage.tidy(nowSeconds(clock), beforeDay);
  for (const { space, blob } of orphans) await blobs.remove(space, blob);
  for (const one of abandoned) await storage.removeAbandoned(one, () => blobs.remove(one.space, one.blob));
  // Files whose rows never came to be, or are gone: a crash between the two.
  for await (const { space, blob } of blobs.listBefore(beforeDay)) {
    if (!(await storage.isBlobKnown(space, blob))) await blobs.remove(space, blob);
  }
}

/** Every hour, and once soon after the start. Answers how to stop it. */
export function keepHouse(deps: HousekeepingDeps): () => Promise<void> {
  let round: Promise<void> = Promise.resolve();
  const run = (): void => {
    round = round.then(() => tidy(deps)).catch(deps.onFailure);
  };
  const soon = setTimeout(run, 1000);
  const timer = setInterval(run, EVERY_MS);
  soon.unref();
  timer.unref();
  return async () => {
    clearTimeout(soon);
    clearInterval(timer);
    await round;
  };
}
