/** Unlocking through the product's page: from the end of the KDF to the newest entries on the screen. */
import type { Page, Worker } from "@playwright/test";
import { press } from "../../tests/browser/harness/meet.ts";
import type { Person } from "../../tests/browser/harness/person.ts";
import { enterCode, onScreen, Taps } from "../../tests/browser/steps.ts";
import { CODE } from "../../tests/realistic/sizes.ts";

/** Locks, and waits for the new page that a lock ends in. */
export async function lock(person: Pick<Person, "page">): Promise<void> {
  const loaded = person.page.waitForEvent("load");
  await press(person, "home.lock");
  await loaded;
  await onScreen(person.page, "start");
}

/** From the end of the KDF (a mark in the vault's worker) to the newest entries on the screen, in milliseconds. */
export async function unlock({ page }: Pick<Person, "page">): Promise<number> {
  await page.locator(".locked > .big").first().click();
  await onScreen(page, "code");
  const taps = new Taps(page);
  await enterCode(taps, { pictures: CODE.slice(0, -1) });
  const last = CODE.at(-1) ?? 0;
  await page
    .locator(".pad[data-stage=groups] > button")
    .nth(Math.floor(last / 8))
    .click();
  const seen = page.evaluate(
    () =>
      new Promise<number>((done) => {
        const look = (): void => {
          if (document.querySelector(".rows li") === null) return;
          observer.disconnect();
          // The frame in which it stands has been handed to the screen when the next one begins.
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.timeOrigin + performance.now())));
        };
        const observer = new MutationObserver(look);
        observer.observe(document.documentElement, { subtree: true, childList: true });
      }),
  );
  await page
    .locator(".pad[data-stage=pictures] > button")
    .nth(last % 8)
    .click();
  const at = await seen;
  return at - (await markIn(page, "kdf-end"));
}

/** When a mark was set in the vault's worker, in milliseconds since the epoch; waits for it. */
async function markIn(page: Page, name: string): Promise<number> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    for (const worker of page.workers()) {
      const at = await markOf(worker, name);
      if (at !== null) return at;
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`no mark ${name} in any worker`);
}

const markOf = (worker: Worker, name: string): Promise<number | null> =>
  worker
    .evaluate((wanted) => {
      const mark = performance.getEntriesByName(wanted).at(-1);
      return mark === undefined ? null : performance.timeOrigin + mark.startTime;
    }, name)
    .catch(() => null);

export const markAfterKdf = async (page: Page, name: string): Promise<number> =>
  Math.round((await markIn(page, name)) - (await markIn(page, "kdf-end")));
