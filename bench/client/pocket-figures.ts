/** One generated pocket in a browser of its own: unlocked through the product's page, measured there and in the worker. */
import type { Page } from "@playwright/test";
import { storedForOffline } from "../../tests/browser/harness/offline.ts";
import type { People, Person } from "../../tests/browser/harness/person.ts";
import { askWorker, bundle, openBareTab, serveScripts } from "../../tests/browser/harness/workers.ts";
import type { FillQuestion } from "../../tests/realistic/fill-worker.ts";
import type { LifeOptions } from "../../tests/realistic/life.ts";
import { type CallFigures, median } from "./figures.ts";
import { openTimes } from "./opening.ts";
import { openPlainPage, type PlainPage } from "./plain-page.ts";
import { throttle } from "./throttle.ts";
import { lock, markAfterKdf, unlock } from "./unlocking.ts";

const UNLOCKS = 7;
const KDF_MS = 1_000;
const SLOWER = 4;

export interface EntriesFigures {
  readonly unlockToTimelineMs: number;
  readonly plainDexieMs: number;
  readonly allHereMs: number;
  readonly plainAllMs: number;
  readonly searchableAfterMs: number;
  readonly searchP95Ms: number;
  readonly openEntryMs: number;
  readonly addEntryMs: number;
  readonly addEntryRows: number;
  readonly addEntryBytes: number;
  readonly workerMB: number;
  readonly slow: { readonly unlockToTimelineMs: number; readonly plainDexieMs: number };
}

/** A browser that holds such a pocket and its plaintext twin, in flight mode, at the closed pocket. */
export async function bringPocket(people: People, origin: string, life: LifeOptions): Promise<Person> {
  const person = await people.come(`a pocket of ${life.entries}`);
  await serve(person);
  const tab = await openBareTab(person.context, origin);
  // As the product makes it (client/kdf-worker.ts): meanwhile the page loads what stands behind the code.
  await askWorker(tab, "fill.js", { ...life, kdfMs: KDF_MS } satisfies FillQuestion);
  await askWorker(tab, "plain.js", { ask: "fill", life });
  // Closed and opened: nothing of the writing is left in memory.
  await person.close();
  await person.open();
  await serve(person);
  await storedForOffline(person.page);
  // The pocket's records are on no server: without net, nothing is sent beside what is measured.
  await person.flightMode(true);
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
  const plainAll = await plainTimes(tab);
  await tab.close();
  const peer = await openPlainPage(person, origin);
  const { plain, onScreen, allHere } = await unlocksByTurns(person, peer);
  await unlock(person);
  const searchable = await markAfterKdf(page, "searchable");
  const opened = await openTimes(page);
  const workerMB = await workerMegabytes(page);
  await lock(person);
  const slow = await unlocksByTurns(person, peer, SLOWER);
  await peer.close();
  return {
    unlockToTimelineMs: median(onScreen),
    plainDexieMs: median(plain),
    allHereMs: median(allHere),
    plainAllMs: median(plainAll),
    searchableAfterMs: searchable,
    searchP95Ms: calls.searchP95Ms,
    openEntryMs: median(opened),
    addEntryMs: calls.addEntryMs,
    addEntryRows: calls.addEntryRows,
    addEntryBytes: calls.addEntryBytes,
    workerMB,
    slow: { unlockToTimelineMs: median(slow.onScreen), plainDexieMs: median(slow.plain) },
  };
}

export interface NotesFigures {
  readonly onScreenMs: number;
  readonly allHereMs: number;
  readonly plainDexieMs: number;
}

/** A pocket of small notes, opened after a reload. */
export async function measureNotes(person: Person, origin: string): Promise<NotesFigures> {
  const peer = await openPlainPage(person, origin);
  const { plain, onScreen, allHere } = await unlocksByTurns(person, peer);
  await peer.close();
  return { onScreenMs: median(onScreen), allHereMs: median(allHere), plainDexieMs: median(plain) };
}

/** The peer, then the vault, and again: what else the machine does meets both. Closed before and after. */
async function unlocksByTurns(person: Person, peer: PlainPage, rate = 1) {
  const plain: number[] = [];
  const onScreen: number[] = [];
  const allHere: number[] = [];
  for (let i = 0; i < UNLOCKS; i++) {
    plain.push(await peer.unlock(rate));
    onScreen.push(await throttle(person.page, rate, () => unlock(person)));
    allHere.push(await markAfterKdf(person.page, "furnished"));
    await lock(person);
  }
  return { plain, onScreen, allHere };
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

/** From asking a fresh worker for all summaries to the newest of them as rows on an empty page, in milliseconds. */
async function plainTimes(page: Page): Promise<number[]> {
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
        ["/test-workers/plain.js", "list"] as const,
      ),
    );
  }
  return times;
}
