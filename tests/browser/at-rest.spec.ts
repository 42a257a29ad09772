/**
 * What a thief gets who copies the browser's profile: every file of it, searched for what a child wrote, chose and was
 * called. The profile is closed ≥ 15 s after the last write, because Chromium writes its session files late.
 */
import { randomInt } from "node:crypto";
import { entropyOfJpeg, textCanary, windowCanaries } from "../blindness/canary.ts";
import { createScanner, hitLines, scanDirectory } from "../blindness/scan.ts";
import { closePocket, goHome, heading, press, text } from "./harness/meet.ts";
import { storedForOffline } from "./harness/offline.ts";
import { photoWithExif } from "./harness/photo.ts";
import { FAKE_DEVICES, recordAndStop, rememberedPieces, rememberPieces } from "./harness/recording.ts";
import { expect, type Person, test } from "./harness.ts";
import { settleIn, Taps } from "./steps.ts";

/** Sixteen letters that stand nowhere else, with a Danish one, so that every encoding differs. */
const word = (): string => `æ${Array.from({ length: 15 }, () => String.fromCharCode(97 + randomInt(26))).join("")}`;

const LATE_FILES_MS = 16_000;

/** Locks by the button on home and waits until Chromium has written what it would write. */
async function lockAndRest(person: Person): Promise<void> {
  await closePocket(person);
  await person.page.waitForTimeout(LATE_FILES_MS);
  await person.close();
}

test("a copied profile shows nothing that was written, pasted, chosen, photographed, recorded or named", async ({
  people,
}) => {
  test.setTimeout(240_000);
  const alma = await people.come("Alma", FAKE_DEVICES);
  const { page } = alma;
  await settleIn(new Taps(page), { look: "middle" });
  const words = { title: word(), typed: word(), pasted: word(), mood: word().slice(0, 14), name: word(), wish: word() };
  const exif = word();
  const photo = await photoWithExif(page, exif);
  const fileName = word();

  await press(alma, "home.new");
  await page.getByLabel(text("entry.title"), { exact: true }).fill(words.title);
  await page.getByRole("textbox", { name: text("entry.text") }).click();
  await page.keyboard.type(`${words.typed} og `);
  await page.keyboard.insertText(words.pasted);
  await press(alma, "entry.ownMood");
  await page.getByLabel(text("entry.ownMoodLabel")).fill(words.mood);
  await press(alma, "entry.ownMoodAdd");
  await page
    .locator("input[type=file]:not([capture])")
    .setInputFiles({ name: `${fileName}.jpg`, mimeType: "image/jpeg", buffer: photo });
  await expect(page.getByRole("img", { name: text("entry.photoOf", { number: "1" }) })).toBeVisible({
    timeout: 30_000,
  });
  await storedForOffline(page);
  await rememberPieces(page);
  await recordAndStop(alma, "sound", 2_500);
  await recordAndStop(alma, "video", 2_500);
  for (const kind of ["sound", "video"] as const) {
    const played = page.getByRole("group", { name: text(`recording.${kind}`, { number: "1" }) });
    await played.getByRole("button", { name: text("recording.play") }).click();
    await expect
      .poll(() => played.locator("audio, video").evaluate((media: HTMLMediaElement) => media.currentTime))
      .toBeGreaterThan(1);
  }
  const pieces = await rememberedPieces(page);
  expect(pieces.length).toBeGreaterThan(4);
  await expect(page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await goHome(alma);
  await press(alma, "home.wishes");
  await press(alma, "wishes.newShort");
  await page.getByLabel(text("entry.title"), { exact: true }).fill(words.wish);
  await expect(page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await goHome(alma);
  await press(alma, "home.people");
  await press(alma, "people.add");
  await page.getByRole("textbox").fill(words.name);
  await press(alma, "pair.nameSave");
  await heading(alma, "pair.title").waitFor();
  expect(
    await page.evaluate(() => [location.href, document.title, JSON.stringify(history.state)].join(" ")),
  ).not.toMatch(new RegExp(Object.values(words).join("|")));

  await lockAndRest(alma);
  const canaries = [
    ...Object.entries({ ...words, exif, fileName }).map(([name, value]) => textCanary(value, name)),
    ...windowCanaries(photo, "photo", entropyOfJpeg(photo)),
    ...pieces.flatMap((piece, index) => windowCanaries(piece, `recorded piece ${index}`)),
  ];
  const scanner = createScanner(canaries);
  expect(hitLines(scanDirectory(scanner, alma.profile))).toEqual([]);
  expect(scanner.scannedBytes()).toBeGreaterThan(1_000_000);
});

test.describe("in a pocket that was there", () => {
  test.use({ begins: "settled" });

  test("the scan is not vacuous: what a careless page leaves behind is found", async ({ back, server }) => {
    test.setTimeout(180_000);
    const alma = await back("Alma");
    const { page } = alma;
    const planted = { field: word(), row: word(), state: word(), cached: word() };
    await page.evaluate(async ({ field, row, state, cached }) => {
      const input = document.createElement("input");
      document.body.append(input);
      input.focus();
      input.value = field;
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      history.replaceState({ words: state }, "");
      const opening = indexedDB.open("planted", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
      await new Promise((done) => {
        opening.onsuccess = done;
      });
      const writing = opening.result.transaction("rows", "readwrite");
      writing.objectStore("rows").put({ words: row, key: crypto.getRandomValues(new Uint8Array(32)) }, 1);
      await new Promise((done) => {
        writing.oncomplete = done;
      });
      const cache = await caches.open("planted");
      await cache.put("/planted", new Response(cached));
    }, planted);
    // A session file is written when a page is navigated away from or closed, and every few seconds.
    await page.waitForTimeout(LATE_FILES_MS);
    await page.goto(`${server.origin}/vejr.html`);
    await page.waitForTimeout(LATE_FILES_MS);
    await alma.close();
    const scanner = createScanner(Object.entries(planted).map(([name, value]) => textCanary(value, name)));
    const found = new Set(scanDirectory(scanner, alma.profile).map(({ canary }) => canary));
    expect(found).toEqual(new Set(["cached", "field", "row", "state"]));
  });

  test("no row of the store is anything but an opaque name and bytes; there is no CryptoKey", async ({ back }) => {
    const alma = await back("Alma");
    const found = await alma.page.evaluate(async () => {
      const kinds = new Map<string, number>();
      const note = (value: unknown): void => {
        const kind =
          value instanceof Uint8Array || value instanceof ArrayBuffer
            ? "bytes"
            : (value?.constructor?.name ?? "nothing");
        if (kind === "Object" || kind === "Array") for (const inner of Object.values(value as object)) note(inner);
        else kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      };
      for (const { name = "" } of await indexedDB.databases()) {
        const opening = indexedDB.open(name);
        await new Promise((done) => {
          opening.onsuccess = done;
        });
        const database = opening.result;
        for (const table of database.objectStoreNames) {
          const reading = database.transaction(table).objectStore(table).getAll();
          await new Promise((done) => {
            reading.onsuccess = done;
          });
          for (const row of reading.result) note(row);
        }
        database.close();
      }
      return Object.fromEntries(kinds);
    });
    expect(found.bytes).toBeGreaterThan(5);
    expect(
      Object.keys(found).filter((kind) => !["bytes", "String", "Number", "Boolean", "nothing"].includes(kind)),
    ).toEqual([]);
  });
});
