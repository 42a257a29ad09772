/** A browser whose quota is really used up, by another database of the same origin. */
import type { Person } from "./person.ts";

const ROW_BYTES = [4_194_304, 1_048_576, 262_144, 65_536, 16_384, 4_096] as const;

/** Gives this origin `quotaBytes` in all, for as long as the session lives; `lift` gives as much as there is. */
export async function limitQuota(
  { context, page }: Person,
  quotaBytes: number,
): Promise<{ readonly lift: () => Promise<void> }> {
  const session = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: quotaBytes });
  return { lift: async () => void (await session.send("Storage.overrideQuotaForOrigin", { origin })) };
}

/**
 * Writes rows until not even the smallest fits. Into a database, not files: Chromium remembers for half a minute how much
 * room databases had, and takes off what they write.
 */
export async function fillUp({ page }: Person): Promise<void> {
  await page.evaluate(async (sizes) => {
    const database = await new Promise<IDBDatabase>((done) => {
      const opening = indexedDB.open("filler", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("rows", { autoIncrement: true });
      opening.onsuccess = () => done(opening.result);
    });
    const noise = crypto.getRandomValues(new Uint8Array(65_536));
    const fits = (size: number): Promise<boolean> =>
      new Promise((done) => {
        const row = new Uint8Array(size);
        for (let at = 0; at < size; at += noise.length)
          row.set(noise.subarray(0, Math.min(noise.length, size - at)), at);
        const write = database.transaction("rows", "readwrite");
        write.oncomplete = () => done(true);
        write.onabort = () => done(false);
        write.objectStore("rows").add(row);
      });
    for (const size of sizes) while (await fits(size));
    database.close();
  }, ROW_BYTES);
}
