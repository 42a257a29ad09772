/** A browser whose quota is really used up, by another database of the same origin. */
import type { Page } from "@playwright/test";
import type { Person } from "./person.ts";

const ROW_BYTES = [4_194_304, 1_048_576, 262_144, 65_536, 16_384, 4_096] as const;

const LOOK_MS = 250;
/** On a busy machine the browser tidies up later, and gives room back that was none when it was looked at. */
const TIDY_MS = 1_000;

export interface Quota {
  /** Gives as much as there is. */
  readonly lift: () => Promise<void>;
  /** Gives not a byte more than is used now, but for `spareBytes`. */
  readonly tighten: (spareBytes?: number) => Promise<void>;
}

/** Gives this origin `quotaBytes` in all, for as long as the session lives. */
export async function limitQuota({ context, page }: Person, quotaBytes: number): Promise<Quota> {
  const session = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  const limit = (quotaSize?: number) =>
    session.send("Storage.overrideQuotaForOrigin", { origin, ...(quotaSize !== undefined && { quotaSize }) });
  const used = () => page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  await limit(quotaBytes);
  return {
    lift: async () => void (await limit()),
    tighten: async (spareBytes = 0) => {
      // A database still tidies up for a moment after it was written.
      for (let [before, now] = [-1, await used()]; before !== now; [before, now] = [now, await used()]) {
        await page.waitForTimeout(LOOK_MS);
      }
      await limit((await used()) + spareBytes);
    },
  };
}

/**
 * Writes rows until not even the smallest fits, and none fits a while later either. Into a database, not files: Chromium
 * remembers for half a minute how much room databases had, and takes off what they write. On the disk they take some MiB
 * more than that, which isn't told in advance: what is used then is made the quota.
 */
export async function fillUp({ page }: Person, quota: Quota): Promise<void> {
  for (;;) {
    const written = await writeRows(page);
    await quota.tighten();
    if (written === 0) return;
    await page.waitForTimeout(TIDY_MS);
  }
}

/** How many rows there was room for. */
const writeRows = (page: Page): Promise<number> =>
  page.evaluate(async (sizes) => {
    const database = await new Promise<IDBDatabase>((done) => {
      const opening = indexedDB.open("filler", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("rows", { autoIncrement: true });
      opening.onsuccess = () => done(opening.result);
    });
    const noise = crypto.getRandomValues(new Uint8Array(65_536));
    let written = 0;
    const fits = (size: number): Promise<boolean> =>
      new Promise((done) => {
        const row = new Uint8Array(size);
        for (let at = 0; at < size; at += noise.length)
          row.set(noise.subarray(0, Math.min(noise.length, size - at)), at);
        const write = database.transaction("rows", "readwrite");
        write.oncomplete = () => {
          written++;
          done(true);
        };
        write.onabort = () => done(false);
        write.objectStore("rows").add(row);
      });
    for (const size of sizes) while (await fits(size));
    database.close();
    return written;
  }, ROW_BYTES);
