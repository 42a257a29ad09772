/**
 * No key on the disk: every private key of a used pocket, handed out by a test-only worker, is looked for in every file of
 * the browser's profile, raw, as hex and as base64. The worker that `npm start` serves has no such hook.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { byteCanary } from "../blindness/canary.ts";
import { createScanner, hitLines, scanDirectory } from "../blindness/scan.ts";
import { startServer } from "./harness/server.ts";
import { test as base, expect } from "./harness.ts";
import type { TestPage } from "./keys/page.ts";
import type { HandedOutKeys } from "./keys/worker.ts";

/** Chromium writes some of its files late. */
const LATE_FILES_MS = 16_000;

const test = base
  .extend<object, { clientDir: string }>({
    clientDir: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
      async ({}, use) => {
        const outDir = mkdtempSync(join(tmpdir(), "lomme-keys-"));
        await build({
          configFile: false,
          logLevel: "error",
          root: join(import.meta.dirname, "keys"),
          worker: { format: "es" },
          build: {
            target: "es2023",
            outDir,
            emptyOutDir: true,
            assetsInlineLimit: 0,
            modulePreload: { polyfill: false },
          },
        });
        await use(outDir);
        rmSync(outDir, { recursive: true });
      },
      { scope: "worker" },
    ],
  })
  .extend({
    server: async ({ clientDir }, use) => {
      const server = await startServer({ CLIENT_DIR: clientDir });
      await use(server);
      await server.remove();
    },
  });

declare const page: TestPage;

const makePocket = (on: Page, role: "child" | "caseworker", name: string) =>
  on.evaluate(
    async ([who, called]) => {
      await page.until(() => "page" in globalThis);
      const wayIn = { kind: "pictures", pictures: [5, 4, 3, 2, 1, 0, 63] } as const;
      const looks = { colour: "moss", stitch: "cross", language: "da", country: "dk", look: "middle" } as const;
      await page.vault.createPocket({ role: who, ...looks, wayIn });
      await page.vault.confirmCode(wayIn);
      await page.vault.setName(called);
      await page.until(async () => (await page.vault.syncState()).connection === "on");
    },
    [role, name] as const,
  );

const isPaired = (on: Page): Promise<string> =>
  on.evaluate(() =>
    page.until(async () => {
      const [other] = await page.vault.people();
      if (other?.state === "compare") await page.vault.confirmPictures(other.id, true);
      return other?.state === "paired" && other.circle !== null ? (other.id as string) : null;
    }),
  );

async function handedOut(on: Page): Promise<HandedOutKeys> {
  for (const worker of on.workers()) {
    const keys = await worker.evaluate(() => {
      const { handOutKeys } = globalThis as { handOutKeys?: () => Promise<HandedOutKeys> };
      return handOutKeys?.() ?? null;
    });
    if (keys !== null) return keys;
  }
  throw new Error("no worker hands out keys");
}

test("no private key of a used pocket stands in any file of the profile", async ({ people }) => {
  test.setTimeout(180_000);
  const alma = await people.come("Alma");
  const mette = await people.come("Mette");
  await makePocket(alma.page, "child", "Alma");
  await makePocket(mette.page, "caseworker", "Mette");
  const { payload } = await alma.page.evaluate(() => page.vault.invite());
  await mette.page.evaluate((invitation) => page.vault.join(invitation, "scan"), payload);
  const metteId = await isPaired(alma.page);
  await isPaired(mette.page);

  await alma.page.evaluate(async (id) => {
    const document = await page.vault.createDocument("entry");
    await page.write(document, "Weekend");
    const canvas = new OffscreenCanvas(900, 600);
    canvas.getContext("2d")?.fillRect(10, 10, 300, 300);
    const photo = await page.vault.addPhoto(document, await canvas.convertToBlob());
    const options = { notSafeForParents: false, withMoods: true, photos: [photo.full.blob] };
    await page.vault.show(document, id as never, options);
    await page.vault.makeCard();
    await page.vault.setDoor(true);
    await page.until(async () => (await page.vault.syncState()).unsent === 0);
    await page.vault.seal(2000);
  }, metteId);
  await mette.page.evaluate(() => page.until(async () => (await page.vault.received())[0]));
  const keys = await handedOut(alma.page);
  expect(Object.keys(keys)).toEqual(
    expect.arrayContaining(["vault", "identity", "box", "device", "mediaRoot", "pocket seed 1", "pocket author"]),
  );
  expect(Object.keys(keys)).toEqual(
    expect.arrayContaining(["pocket owner", "circle seed 1", "circle author", "circle owner", "pair", "door 0"]),
  );

  // A key that a careless page would leave, so that a scan which finds nothing means something.
  const planted = randomBytes(32);
  await alma.page.evaluate(
    async (bytes) => {
      const opening = indexedDB.open("planted", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
      await new Promise((done) => {
        opening.onsuccess = done;
      });
      const writing = opening.result.transaction("rows", "readwrite");
      writing.objectStore("rows").put(Uint8Array.from(bytes), 1);
      await new Promise((done) => {
        writing.oncomplete = done;
      });
      page.end();
    },
    [...planted],
  );
  await alma.page.waitForTimeout(LATE_FILES_MS);
  await alma.close();

  const canaries = Object.entries(keys).map(([name, hex]) => byteCanary(Buffer.from(hex, "hex"), name));
  const scanner = createScanner(canaries);
  expect(hitLines(scanDirectory(scanner, alma.profile))).toEqual([]);
  expect(scanner.scannedBytes()).toBeGreaterThan(1_000_000);
  const careless = createScanner([byteCanary(planted, "planted")]);
  expect(scanDirectory(careless, alma.profile).length).toBeGreaterThan(0);
});

test("the worker that is served hands out no keys", ({ clientDir }) => {
  const scripts = (dir: string): string =>
    readdirSync(join(dir, "assets"))
      .filter((name) => name.endsWith(".js"))
      .map((name) => readFileSync(join(dir, "assets", name), "utf8"))
      .join("\n");
  expect(scripts(clientDir)).toContain("handOutKeys");
  expect(scripts("dist")).not.toContain("handOutKeys");
  expect(scripts("dist")).toContain("lomme-vault");
});
