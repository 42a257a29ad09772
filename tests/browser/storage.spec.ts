/** Storage over Chromium's own IndexedDB: the acceptance suite, strict durability, a full disk, another page. */
import { fileURLToPath } from "node:url";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { build } from "vite";

const ORIGIN = "http://localhost:4173";
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let script = "";

test.beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: "error",
    resolve: { alias: { vitest: here("storage/small-vitest.ts") } },
    build: { write: false, minify: false, lib: { entry: here("storage/in-page.ts"), formats: ["iife"], name: "s" } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const [chunk] = (output as { readonly output: readonly { readonly code?: string }[] }).output;
  script = chunk?.code ?? "";
});

/** A page of a made-up origin with nothing but the script; no server. */
async function openStoragePage(context: BrowserContext): Promise<Page> {
  await context.route(`${ORIGIN}/**`, (route) =>
    route.request().url().endsWith(".js")
      ? route.fulfill({ contentType: "text/javascript", body: script })
      : route.fulfill({ contentType: "text/html", body: "<!doctype html><script src='/storage.js'></script>" }),
  );
  const page = await context.newPage();
  await page.goto(`${ORIGIN}/`);
  return page;
}

test("passes the acceptance suite, and every transaction that writes is strict", async ({ context }) => {
  const page = await openStoragePage(context);
  const results = await page.evaluate(`inPage.runAcceptance()`);
  const list = results as readonly (readonly [string, string | null])[];
  expect(list.length).toBeGreaterThan(10);
  expect(list.filter(([, wrong]) => wrong !== null)).toEqual([]);
  const durabilities = (await page.evaluate(`inPage.durabilities`)) as readonly string[];
  expect(durabilities.length).toBeGreaterThan(10);
  expect(new Set(durabilities)).toEqual(new Set(["strict"]));
});

test("says storage-full, has written nothing of it, and goes on when there is room", async ({ context }) => {
  const page = await openStoragePage(context);
  const commit = (key: string, size: number) => page.evaluate(`inPage.commit(${JSON.stringify(key)}, ${size})`);
  const sizeOf = (key: string) => page.evaluate(`inPage.sizeOf(${JSON.stringify(key)})`);
  // Before the first write: Chromium remembers for a while how much room there was.
  const cdp = await context.newCDPSession(page);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: ORIGIN, quotaSize: 2_000_000 });
  expect(await commit("before", 1000)).toBe("ok");
  expect(await commit("big", 8_000_000)).toBe("storage-full");
  expect(await sizeOf("big")).toBeNull();
  expect(await sizeOf("before")).toBe(1000);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: ORIGIN });
  expect(await commit("big", 8_000_000)).toBe("ok");
  expect(await sizeOf("big")).toBe(8_000_000);
});

test("lets go when another page deletes the database, and doesn't make an empty one in its place", async ({
  context,
}) => {
  const page = await openStoragePage(context);
  const other = await openStoragePage(context);
  await page.evaluate(`inPage.commit("x", 10)`);
  await other.evaluate(`new Promise((resolve) => (indexedDB.deleteDatabase("lomme-held").onsuccess = resolve))`);
  expect(await page.evaluate(`inPage.takenAway`)).toBe(1);
  expect(await page.evaluate(`inPage.commit("y", 10)`)).toBe("store-closed");
  const names = await other.evaluate(`indexedDB.databases().then((all) => all.map(({ name }) => name))`);
  expect(names).not.toContain("lomme-held");
});

test("lets go when another page upgrades the database while it is held", async ({ context }) => {
  const page = await openStoragePage(context);
  const other = await openStoragePage(context);
  await page.evaluate(`inPage.commit("x", 10)`);
  await other.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open("lomme-held", 100000);
    opening.onerror = reject;
    opening.onsuccess = () => { opening.result.close(); resolve(undefined); };
  })`);
  expect(await page.evaluate(`inPage.takenAway`)).toBe(1);
  expect(await page.evaluate(`inPage.commit("y", 10)`)).toBe("store-closed");
});
