/** One generated pocket in a browser of its own: unlocked through the product's page, measured there and in the worker. */
import type { Page, Worker } from "@playwright/test";
import { press } from "../../tests/browser/harness/meet.ts";
import { storedForOffline } from "../../tests/browser/harness/offline.ts";
import type { People, Person } from "../../tests/browser/harness/person.ts";
import { askWorker, bundle, openBareTab, serveScripts } from "../../tests/browser/harness/workers.ts";
import { enterCode, onScreen, Taps } from "../../tests/browser/steps.ts";
import { CODE, lifeOf } from "../../tests/realistic/sizes.ts";
import { type CallFigures, median } from "./figures.ts";
import { throttle } from "./throttle.ts";

const UNLOCKS = 5;
const OPENED = 8;
const SLOWER = 4;

export interface EntriesFigures {
  readonly unlockToTimelineMs: number;
  readonly plainDexieMs: number;
  readonly plainIndexedMs: number;
  readonly searchableAfterMs: number;
  readonly searchP95Ms: number;
  readonly openEntryMs: number;
  readonly addEntryMs: number;
  readonly workerMB: number;
  readonly slow: { readonly unlockToTimelineMs: number; readonly plainDexieMs: number };
}

/** A browser that holds such a pocket and its plaintext twin, in flight mode, at the closed pocket. */
export async function bringPocket(people: People, origin: string, entries: number): Promise<Person> {
  const person = await people.come(`a pocket of ${entries}`);
  await serve(person);
  const tab = await openBareTab(person.context, origin);
  await askWorker(tab, "fill.js", lifeOf(entries));
  await askWorker(tab, "plain.js", { ask: "fill", life: lifeOf(entries) });
  // Closed and opened: nothing of the writing is left in memory.
  await person.close();
  await person.open();
  await serve(person);
  await storedForOffline(person.page);
  return person;
}

export async function serve({ context }: Person): Promise<void> {
  await serveScripts(context, {
    "fill.js": await bundle("tests/realistic/fill-worker.ts"),
    "plain.js": await bundle("bench/client/plain-worker.ts"),
    "vault.js": await bundle("bench/client/vault-worker.ts"),
  });
}

export async function measurePocket(person: Person, origin: string): Promise<EntriesFigures> {
  const { page } = person;
  const tab = await openBareTab(person.context, origin);
  const calls = await askWorker<CallFigures>(tab, "vault.js", null);
  const plain = await plainTimes(tab, "list");
  const plainIndexed = await plainTimes(tab, "indexed");
  const plainSlow = await throttle(tab, SLOWER, () => plainTimes(tab, "list"));
  await tab.close();

  await page.bringToFront();
  const unlocks: number[] = [];
  for (let i = 0; i < UNLOCKS; i++) {
    unlocks.push(await unlock(person));
    if (i < UNLOCKS - 1) await lock(person);
  }
  const searchable = await markAfterKdf(page, "searchable");
  const opened = await openTimes(page);
  const workerMB = await workerMegabytes(page);
  const slow: number[] = [];
  for (let i = 0; i < 3; i++) {
    await lock(person);
    slow.push(await throttle(page, SLOWER, () => unlock(person)));
  }
  return {
    unlockToTimelineMs: median(unlocks),
    plainDexieMs: median(plain),
    plainIndexedMs: median(plainIndexed),
    searchableAfterMs: searchable,
    searchP95Ms: calls.searchP95Ms,
    openEntryMs: median(opened),
    addEntryMs: calls.addEntryMs,
    workerMB,
    slow: { unlockToTimelineMs: median(slow), plainDexieMs: median(plainSlow) },
  };
}

/** Locks, and waits for the new page that a lock ends in. */
async function lock(person: Person): Promise<void> {
  const loaded = person.page.waitForEvent("load");
  await press(person, "home.lock");
  await loaded;
  await onScreen(person.page, "start");
}

/** From the end of the KDF (a mark in the vault's worker) to the newest entries on the screen, in milliseconds. */
async function unlock({ page }: Person): Promise<number> {
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

const markAfterKdf = async (page: Page, name: string): Promise<number> =>
  Math.round((await markIn(page, name)) - (await markIn(page, "kdf-end")));

/** From a press on an entry at home to its words in the editor; the first loads the editor and isn't counted. */
async function openTimes(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i <= OPENED; i++) {
    const row = page.locator(".rows li > button").nth(i % 5);
    await row.waitFor();
    const time = await row.evaluate(
      (button: HTMLElement) =>
        new Promise<number>((done) => {
          const from = performance.now();
          const observer = new MutationObserver(() => {
            if ((document.querySelector(".ProseMirror")?.textContent ?? "") === "") return;
            observer.disconnect();
            requestAnimationFrame(() => done(performance.now() - from));
          });
          observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true });
          button.click();
        }),
    );
    if (i > 0) times.push(time);
    await page.getByRole("button", { name: "Tilbage", exact: true }).click();
    await onScreen(page, "home");
    await page.waitForTimeout(300);
  }
  return times;
}

/** What the browser says of the vault's worker once it is calm: JavaScript and WebAssembly, in 10^6 bytes. */
async function workerMegabytes(page: Page): Promise<number> {
  await page.waitForTimeout(2_000);
  const bytes = await page.evaluate(async () => {
    const measure = Reflect.get(performance, "measureUserAgentSpecificMemory") as () => Promise<{
      breakdown: { bytes: number; attribution: { scope: string }[] }[];
    }>;
    const { breakdown } = await measure.call(performance);
    return breakdown
      .filter(({ attribution }) => attribution.some(({ scope }) => scope === "DedicatedWorkerGlobalScope"))
      .reduce((sum, part) => sum + part.bytes, 0);
  });
  return Number((bytes / 1e6).toFixed(1));
}

/** From asking a fresh worker for the list to its rows on an empty page, in milliseconds. */
async function plainTimes(page: Page, ask: "list" | "indexed"): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < UNLOCKS; i++) {
    times.push(
      await page.evaluate(
        ([address, question]) =>
          new Promise<number>((done, failed) => {
            document.body.replaceChildren();
            const worker = new Worker(address, { type: "module" });
            let from = 0;
            worker.onmessage = ({ data }) => {
              // The first answer says that the script is loaded: ours is by then, too.
              if (from === 0) {
                from = performance.now();
                worker.postMessage({ ask: question });
                return;
              }
              if (data.error !== undefined) failed(new Error(data.error));
              const list = document.createElement("ul");
              for (const { title, excerpt, createdAt } of data.listed) {
                const row = document.createElement("li");
                row.append(title || excerpt, new Date(createdAt).toLocaleDateString("da"));
                list.append(row);
              }
              document.body.append(list);
              requestAnimationFrame(() =>
                requestAnimationFrame(() => {
                  worker.terminate();
                  done(performance.now() - from);
                }),
              );
            };
            worker.postMessage({ ask: "nothing" });
          }),
        ["/test-workers/plain.js", ask] as const,
      ),
    );
  }
  return times;
}
