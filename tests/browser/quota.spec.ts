/**
 * Room and photos, in one pocket: what is no photo is refused with a sentence; an original is kept only by choice; and when the
 * browser gives no more room no word is lost, and sentences say what is safe.
 */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import da from "../../client/i18n/da.json" with { type: "json" };
import { fillUp, limitQuota } from "./harness/full-disk.ts";
import { closePocket, goHome, press, text } from "./harness/meet.ts";
import { photoWithExif } from "./harness/photo.ts";
import { expect, test } from "./harness.ts";
import { openPocket, settleIn, Taps } from "./steps.ts";

const laidAside = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle("lomme-room").catch(() => null);
    return file === null ? 0 : (await file.getFile()).size;
  });

/** "Saving" may stand there too short to be seen; once it is drawn, "saved" is that of the last words. */
const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** What is laid aside, and what of it is kept for a lock (client/storage/reserve.ts). */
const RESERVE_BYTES = 4 * 1024 * 1024;
const LAST_BYTES = 1024 * 1024;

/** A PNG of a few bytes that says it has 3,600 megapixels. */
const bomb = Buffer.from("89504e470d0a1a0a0000000d494844520000ea600000ea600802000000000000000000000000", "hex");
const foreign = (type: string, start: string | Buffer, more = 64) => ({
  name: "photo",
  mimeType: type,
  buffer: Buffer.concat([Buffer.from(start), Buffer.alloc(more, 32)]),
});

test("what is no photo is refused, an original is a choice, and a full browser loses no word", async ({ people }) => {
  test.setTimeout(150_000);
  const alma = await people.come("Alma");
  const { page } = alma;
  const main = page.getByRole("main");
  const quota = await limitQuota(alma, 64 * 1024 * 1024);
  const grant = await alma.context.newCDPSession(page);
  const { origin } = new URL(page.url());
  await grant.send("Browser.grantPermissions", { origin, permissions: ["durableStorage"] });
  const taps = new Taps(page);
  const secret = await settleIn(taps, { look: "middle" });
  if (!("pictures" in secret)) throw new Error("pictures were expected");

  await press(alma, "home.settings");
  await page.getByRole("button", { name: new RegExp(`^${RegExp.escape(text("storage.title"))}`) }).click();
  await expect(page.locator(".lamp")).toHaveAttribute("data-safe", "false");
  // Asked at the opening, where nobody has to answer.
  await expect(main.getByText(text("storage.kept"))).toBeVisible();
  await expect(page.getByRole("radio", { name: text("original.no") })).toBeChecked();
  await page.getByRole("radio", { name: text("original.yes") }).click();
  await expect(page.getByRole("radio", { name: text("original.yes") })).toBeChecked();
  await goHome(alma);

  await press(alma, "home.new");
  const files = page.locator("input[type=file]:not([capture])");
  for (const file of [
    foreign("image/png", bomb),
    foreign("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    foreign("application/pdf", "%PDF-1.7"),
    foreign("image/tiff", Buffer.from("49492a0008000000", "hex")),
    foreign("image/jpeg", Buffer.from("ffd8ffe000104a464946", "hex")),
  ]) {
    await files.setInputFiles(file);
    await expect(main.getByText(text("entry.badPicture"))).toBeVisible();
    await expect(page.locator("img.photo")).toHaveCount(0);
  }
  const photo = await photoWithExif(page, "Kvisthemmelig", 2600);
  await files.setInputFiles({ name: "IMG_1.jpg", mimeType: "image/jpeg", buffer: photo });
  const shown = page.locator("img.photo");
  await expect(shown).toHaveCount(1, { timeout: 30_000 });
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(2048);
  await expect(main.getByText(text("entry.badPicture"))).toHaveCount(0);

  const look = page.getByRole("button", { name: `${text("entry.photoLook")}, 1` });
  await look.click();
  await expect(page.getByText(text("original.tells.place"))).toBeVisible();
  const taking = page.waitForEvent("download");
  await press(alma, "original.take");
  await page.getByRole("heading", { name: text("ask.title") }).waitFor();
  await taps.pickAll(secret.pictures);
  const taken = await taking;
  expect(taken.suggestedFilename()).toBe("foto.jpg");
  expect(readFileSync(await taken.path()).equals(photo)).toBe(true);
  await look.click();
  await press(alma, "original.remove");
  // It stands there and, a moment later, in the dialog's live region too.
  await expect(page.getByRole("dialog").getByText(text("original.gone")).first()).toBeVisible();
  await press(alma, "more.close");

  const saved = page.getByText(text("entry.saved"), { exact: true }).first();
  const writing = page.getByRole("textbox", { name: text("entry.text") });
  await writing.click();
  await page.keyboard.type("Før der var fyldt op.");
  await expect(saved).toBeVisible();
  // Room is laid aside a moment after unlocking. Filled up before all of it was, there would be too little to save with.
  await expect.poll(() => laidAside(page)).toBe(RESERVE_BYTES);
  // Until the words needed what was laid aside. Something that is written beside them may need it first, while the browser is
  // filled up: then the filling took what was given, and it is given once more.
  let after = "";
  while ((await laidAside(page)) !== LAST_BYTES || after === "") {
    await fillUp(alma, quota);
    if ((await laidAside(page)) < RESERVE_BYTES) await quota.tighten(RESERVE_BYTES - LAST_BYTES);
    await page.keyboard.type(" Og efter.");
    after += " Og efter.";
    await drawn(page);
    await expect(saved).toBeVisible();
  }
  await page.keyboard.type(" Sidste ord.");
  await drawn(page);
  await expect(saved).toBeVisible();
  await goHome(alma);
  await expect(main.getByText(text("storage.full"))).toBeVisible();

  // Filled up once more: what is typed now waits in memory, and the screen says so. The lock keeps it.
  await page
    .getByRole("button", { name: /Før der var/ })
    .first()
    .click();
  await fillUp(alma, quota);
  await writing.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Allersidst.");
  await expect(page.locator(".saved-mark")).toHaveAttribute("data-saved", "problem");
  await expect(main.getByText(text("entry.problem"))).toBeVisible();
  expect(await laidAside(page)).toBe(LAST_BYTES);
  await closePocket(alma);
  // As much of it as the words needed: the rest is for the next locks.
  const kept = await laidAside(page);
  expect(kept).toBeLessThan(LAST_BYTES);
  expect(kept).toBeGreaterThan(LAST_BYTES / 2);
  await openPocket(taps, secret);
  await page
    .getByRole("button", { name: /Før der var/ })
    .first()
    .click();
  await expect(writing).toContainText(`Før der var fyldt op.${after} Sidste ord. Allersidst.`);
  // The answer is asked for when the screen comes.
  await page.waitForTimeout(3_000);
  let opened = false;
  page.once("filechooser", () => {
    opened = true;
  });
  await expect(async () => {
    await press(alma, "entry.camera");
    await expect(main.getByText(text("entry.noRoom"))).toBeVisible({ timeout: 500 });
  }).toPass();
  expect(opened, "it is said before the camera opens").toBe(false);

  // Not even that is there: closing would lose the last words, so it asks first, and one can stay.
  await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry("lomme-room"));
  await fillUp(alma, quota);
  await writing.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" Og nu er der plads.");
  await goHome(alma);
  await press(alma, "home.lock");
  const question = page.getByRole("dialog", { name: text("unkept.title") });
  await expect(question.getByText(text("unkept.text"))).toBeVisible();
  await question.getByRole("button", { name: text("unkept.stay") }).click();
  await expect(question).toHaveCount(0);
  await expect(main.getByText(text("storage.full-unkept"))).toBeVisible();

  await quota.lift();
  await page
    .getByRole("button", { name: /Før der var/ })
    .first()
    .click();
  await expect(writing).toContainText("Allersidst. Og nu er der plads.");
  await expect(saved).toBeVisible();
  await goHome(alma);
  await expect(main.getByText(text("storage.full"))).toHaveCount(0, { timeout: 30_000 });

  // The browser clears everything, as Safari does after seven days: the start page says where a pocket may still be.
  await page.reload();
  await expect(page.locator(".locked > .big")).toBeVisible();
  await page.evaluate(async () => {
    for (const { name = "" } of await indexedDB.databases()) {
      await new Promise((gone) => {
        indexedDB.deleteDatabase(name).onsuccess = gone;
      });
    }
  });
  await page.reload();
  await expect(page.getByText(da["start.none"])).toBeVisible();
  await page.getByRole("button", { name: da["start.have"] }).click();
  await expect(page.locator("html")).toHaveAttribute("data-screen", "arrive");
});
