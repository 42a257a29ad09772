/**
 * `npm run bench:story`: what the main job costs in a real browser, over the real server on loopback. Keys of the last
 * line: bench/README.md. Nothing is stored or compared with an earlier run.
 */
import { cpus } from "node:os";
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import config from "../playwright.config.ts";
import { giveTo, goHome, pairByLink, press, text, writeEntry } from "../tests/browser/harness/meet.ts";
import { People, type Person } from "../tests/browser/harness/person.ts";
import { startServer } from "../tests/browser/harness/server.ts";
import { enterCode, onScreen, type Secret, settleIn, Taps, texts } from "../tests/browser/steps.ts";
import { keysToSaved } from "./client/saved-here.ts";

const KEYS = 40;
const UNLOCKS = 3;

const median = (values: readonly number[]): number => quantile(values, 0.5);
const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN);
};
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

/** Gzipped bytes of the scripts that the page itself has loaded so far; its workers' are not among them. */
async function pageScriptBytes(page: Page, origin: string): Promise<number> {
  const workers = new Set(page.workers().map((worker) => worker.url()));
  const addresses: string[] = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name)
      .filter((name) => /\.js$/.test(new URL(name).pathname)),
  );
  let bytes = 0;
  for (const address of new Set(addresses)) {
    if (workers.has(address) || !address.startsWith(origin) || /\/(sw|.*worker-[^/]*)\.js$/.test(address)) continue;
    bytes += gzipSync(Buffer.from(await (await fetch(address)).arrayBuffer()), { level: 9 }).length;
  }
  return bytes;
}

async function lockAndOpen(person: Person, secret: Secret): Promise<number> {
  await press(person, "home.lock");
  await person.page.locator(".locked > .big").first().click();
  await onScreen(person.page, "code");
  if (!("pictures" in secret)) throw new Error("pictures were expected");
  const taps = new Taps(person.page);
  for (const picture of secret.pictures.slice(0, -1)) await taps.pick(picture);
  const last = secret.pictures.at(-1) ?? 0;
  await person.page
    .locator(".pad[data-stage=groups] > button")
    .nth(Math.floor(last / 8))
    .click();
  const tile = person.page.locator(".pad[data-stage=pictures] > button").nth(last % 8);
  return timed(async () => {
    await tile.click();
    await onScreen(person.page, "home");
    await person.page.locator(".rows li, .home-empty").first().waitFor();
  });
}

/** A wrong code costs the KDF and nothing else: what is left of an unlock without it is the vault's own time. */
async function wrongCode(person: Person, secret: Secret): Promise<number> {
  await press(person, "home.lock");
  await person.page.locator(".locked > .big").first().click();
  await onScreen(person.page, "code");
  if (!("pictures" in secret)) throw new Error("pictures were expected");
  const wrong = secret.pictures.map((picture, i) => (i === 0 ? (picture + 1) % 64 : picture));
  const taps = new Taps(person.page);
  for (const picture of wrong.slice(0, -1)) await taps.pick(picture);
  const last = wrong.at(-1) ?? 0;
  await person.page
    .locator(".pad[data-stage=groups] > button")
    .nth(Math.floor(last / 8))
    .click();
  const tile = person.page.locator(".pad[data-stage=pictures] > button").nth(last % 8);
  const ms = await timed(async () => {
    await tile.click();
    await person.page.getByText(texts.da["code.wrong"]).first().waitFor();
  });
  await enterCode(new Taps(person.page), secret);
  await onScreen(person.page, "home");
  return ms;
}

const server = await startServer();
const people = new People(server.origin, config.use?.launchOptions ?? {});
try {
  const alma = await people.come("Alma");
  await alma.page.getByRole("button", { name: /Dansk/ }).waitFor();
  const pageJsBytes = await pageScriptBytes(alma.page, server.origin);
  const secret = await settleIn(new Taps(alma.page), { look: "middle" });

  await writeEntry(alma, "Maaling", "a");
  const saved = await keysToSaved(alma, KEYS);
  await alma.page.getByRole("button", { name: "Tilbage", exact: true }).click();
  const unlocks: number[] = [];
  for (let i = 0; i < UNLOCKS; i += 1) unlocks.push(await lockAndOpen(alma, secret));
  const kdf = [await wrongCode(alma, secret), await wrongCode(alma, secret)];

  const mette = await people.come("Mette");
  await settleIn(new Taps(mette.page), { role: "caseworker", name: "Mette" });
  await pairByLink(alma, "Alma", mette, "Mette");
  // The code is asked for before the first thing shown, and counts for a while: what is timed is the second.
  await writeEntry(alma, "Foerst", "Den foerste.");
  await press(alma, "entry.show");
  await giveTo(alma, "Mette", secret);
  await goHome(alma);
  await writeEntry(alma, "Broen", "Vi gik ud paa broen.");
  await press(alma, "entry.show");
  const give = alma.page.getByRole("button", { name: text("show.go", { name: "Mette" }), exact: true });
  await give.and(alma.page.locator(":not([aria-disabled=true])")).waitFor();
  const row = mette.page.getByRole("button", { name: /Broen/ });
  const shownToArrived = await timed(async () => {
    await give.click();
    await row.waitFor();
  });
  const openedToSeen = await timed(async () => {
    await row.click();
    await alma.page.getByText(text("state.openedText", { name: "Mette" })).waitFor();
  });

  // Cold, on a slow phone and a slow net; then once more, offline.
  const noah = await people.come("Noah");
  await noah.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await noah.page.waitForTimeout(2_000);
  const cold = await people.come("Ida", {}, () => undefined);
  const session = await cold.context.newCDPSession(cold.page);
  await session.send("Network.enable");
  await session.send("Storage.clearDataForOrigin", { origin: server.origin, storageTypes: "all" });
  await session.send("Network.clearBrowserCache");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: (1.6 * 1024 * 1024) / 8,
    uploadThroughput: (0.75 * 1024 * 1024) / 8,
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await cold.page.goto("about:blank");
  const firstLoad = await timed(async () => {
    await cold.page.goto(`${server.origin}/`, { waitUntil: "commit" });
    await cold.page.getByRole("button", { name: /Dansk/ }).click();
    await onScreen(cold.page, "who");
  });
  // It would go on storing the build, beside what is measured next.
  await cold.close();
  await noah.flightMode(true);
  const secondLoad = await timed(async () => {
    await noah.page.reload({ waitUntil: "commit" });
    await noah.page.getByRole("button", { name: /Dansk/ }).waitFor();
  });
  await noah.flightMode(false);

  const figures = {
    keyToSavedMs: { median: median(saved), p95: quantile(saved, 0.95) },
    pageJsBeforeUnlockBytes: pageJsBytes,
    firstLoadThrottledMs: Math.round(firstLoad),
    secondLoadOfflineMs: Math.round(secondLoad),
    unlock: { totalMs: median(unlocks), wrongCodeMs: median(kdf), apartFromKdfMs: median(unlocks) - median(kdf) },
    shownToArrivedMs: Math.round(shownToArrived),
    openedToSeenMs: Math.round(openedToSeen),
  };
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);
  console.table(figures);
  console.log(JSON.stringify(figures));
} finally {
  await people.leave();
  await server.remove();
}
