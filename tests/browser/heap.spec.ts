/**
 * After the lock nothing of what was open is left in the page: not in its heap, not in a worker, not in the service
 * worker. (What the browser has freed and not yet overwritten is not promised; a heap snapshot shows what is held.)
 */
import { randomInt } from "node:crypto";
import type { Worker } from "@playwright/test";
import { heapOf } from "./harness/heap.ts";
import { goHome, press, writeEntry } from "./harness/meet.ts";
import { expect, test } from "./harness.ts";
import { openPocket, Taps } from "./steps.ts";

test.use({ begins: "settled" });

/** Letters that need no second form: V8 keeps such a string as it is. */
const word = (): string => Array.from({ length: 16 }, () => String.fromCharCode(97 + randomInt(26))).join("");

test("locked, the page holds nothing of what was open, and the worker that knew it is gone", async ({ back }) => {
  test.setTimeout(180_000);
  const alma = await back("Alma");
  const words = { title: word(), text: word() };
  await writeEntry(alma, words.title, `Jeg skrev ${words.text} i dag.`);
  await goHome(alma);
  const open = await heapOf(alma.page);
  expect(open.includes(words.title), "the title is held while it is on the screen").toBe(true);
  const workers: Worker[] = alma.page.workers();
  const gone = Promise.all(workers.map((worker) => worker.waitForEvent("close")));

  await press(alma, "home.lock");
  await expect(alma.page.locator(".locked")).toBeVisible();
  await gone;
  const locked = await heapOf(alma.page);
  expect(locked.length).toBeGreaterThan(100_000);
  for (const [name, value] of Object.entries(words)) expect(locked.includes(value), name).toBe(false);
  for (const worker of alma.context.serviceWorkers()) {
    const stored = await worker.evaluate(async () => {
      const names = await caches.keys();
      const texts: string[] = [];
      for (const name of names) {
        const cache = await caches.open(name);
        for (const request of await cache.keys())
          texts.push(request.url, (await (await cache.match(request))?.text()) ?? "");
      }
      return texts.join("\n");
    });
    for (const value of Object.values(words)) expect(stored.includes(value)).toBe(false);
  }
  // It was only closed: the same words are there again for whoever has the code.
  await openPocket(new Taps(alma.page), alma.secret);
  await expect(alma.page.getByText(words.title).first()).toBeVisible();
});
