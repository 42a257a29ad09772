/**
 * Everything that is mine in a file, in flight mode: sealed with words, and without a lock; the browser emptied; a new
 * pocket; brought in again, byte for byte the same. A journal of Day One after it. And the book on paper.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "@playwright/test";
import { zipSync } from "fflate";
import { contentOf, unpack } from "../client/vault/take-along/archives.ts";
import { drawnPhoto } from "../gallery/drawn-photos.ts";
import { goHome, heading, press, text } from "./harness/meet.ts";
import { storedForOffline } from "./harness/offline.ts";
import type { Person } from "./harness.ts";
import { expect, test } from "./harness.ts";
import { enterCode, type Secret, settleIn, Taps } from "./steps.ts";

test.use({ begins: "settled" });

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "take-along-"));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const row = (person: Person, key: Parameters<typeof text>[0]) =>
  person.page.getByRole("button", { name: new RegExp(`^${text(key)}`) });

async function giveCodeIfAsked(person: Person, secret: Secret, after: () => Promise<void>): Promise<void> {
  const question = heading(person, "ask.title");
  const arrived = after();
  await Promise.race([arrived.catch(() => undefined), question.waitFor()]);
  if (await question.isVisible()) await enterCode(new Taps(person.page), secret);
  await after();
}

async function toTakeAlong(person: Person): Promise<void> {
  await goHome(person);
  await press(person, "home.settings");
  await press(person, "take.title");
}

/** Writes with the browser's own file handle, onto a disk that a test can read: the origin's private one. */
const chooseFor = (page: Page): Promise<void> =>
  page.evaluate(() => {
    Object.assign(globalThis, {
      showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) => {
        const root = await navigator.storage.getDirectory();
        Object.assign(globalThis, { chosen: suggestedName });
        return root.getFileHandle("chosen-by-test", { create: true });
      },
    });
  });

async function readChosen(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const [name, base64] = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle("chosen-by-test")).getFile();
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return [(globalThis as unknown as { chosen: string }).chosen, btoa(binary)] as const;
  });
  return { name, bytes: Buffer.from(base64, "base64") };
}

/** A journal as Day One takes it out: JSON and its photo in a zip. */
function dayOne(photo: Buffer): Buffer {
  const [identifier, md5] = ["76F9B0AC37954B51BF8B9146498B29C2", "0cc175b9c0f1b6a831c399e269772661"];
  const entry = {
    uuid: "9E7E5B1A0E9B4B1F8C2D7A6F5E4D3C2B",
    creationDate: "2021-06-05T18:04:00Z",
    text: `# Hos mormor\n\nVi lavede pandekager.\n\n![](dayone-moment://${identifier})`,
    photos: [{ identifier, md5, type: "jpeg" }],
  };
  const journal = JSON.stringify({ metadata: { version: "1.0" }, entries: [entry] });
  return Buffer.from(zipSync({ "Journal.json": Buffer.from(journal), [`photos/${md5}.jpeg`]: photo }));
}

/** The archive without a lock, as a file of the person's choice. */
async function copyWithoutLock(person: Person, secret: Secret): Promise<Blob> {
  await toTakeAlong(person);
  await row(person, "take.copy").click();
  await chooseFor(person.page);
  await press(person, "take.open");
  await expect(person.page.getByRole("dialog")).toContainText(text("take.openText"));
  await person.page.getByRole("button", { name: text("take.openYes") }).click();
  await giveCodeIfAsked(person, secret, () => heading(person, "take.readyTitle").waitFor({ timeout: 20_000 }));
  await press(person, "take.save");
  await heading(person, "take.doneTitle").waitFor({ timeout: 30_000 });
  const { name, bytes } = await readChosen(person.page);
  expect(name).toMatch(/^lomme-\d{4}-\d\d-\d\d\.zip$/);
  await press(person, "take.finish");
  return new Blob([new Uint8Array(bytes)]);
}

test("a copy of everything, the browser emptied, a new pocket: all of it back, byte for byte, without net", async ({
  people,
  back,
}) => {
  test.setTimeout(240_000);
  const alma = await back("Alma", { offline: true });
  const { secret } = alma;

  // Begun as a meeting, so that "my case" is seen to come along: its day in words, its name, its line to write under.
  await press(alma, "case.title");
  await press(alma, "meetings.title");
  await press(alma, "meetings.new");
  await alma.page.getByLabel(text("meeting.day"), { exact: true }).fill("Torsdag, 3. december");
  await alma.page.getByLabel(text("entry.title"), { exact: true }).fill("Broen ved søen");
  await alma.page.getByRole("textbox", { name: text("entry.text") }).click();
  await alma.page.keyboard.type("Vi gik ud på broen med Bølle. Der var helt stille.");
  await alma.page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "IMG_1.jpg", mimeType: "image/jpeg", buffer: await drawnPhoto(alma.page, "lake") });
  await expect(alma.page.locator("main img").first()).toBeVisible({ timeout: 30_000 });
  await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await goHome(alma);

  // The book, as a browser prints it.
  await toTakeAlong(alma);
  await row(alma, "take.book").click();
  await press(alma, "book.make");
  await giveCodeIfAsked(alma, secret, () => alma.page.locator(".book-cover").waitFor({ timeout: 20_000 }));
  await expect(alma.page.getByRole("button", { name: text("book.print"), exact: true })).toHaveAttribute(
    "aria-disabled",
    "false",
  );
  await expect(alma.page.locator(".book figure img")).toBeVisible();
  await expect(alma.page.locator(".book")).toContainText("Torsdag, 3. december");
  const pdf = await alma.page.pdf({ preferCSSPageSize: true, printBackground: true });
  if (process.env.LOOK !== undefined) writeFileSync(join(process.env.LOOK, "book.pdf"), pdf);
  const printed = pdf.toString("latin1");
  // Cover, and one chapter: each page an A5 (420 × 595 points).
  const boxes = [...printed.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, w, h]) => [
    Math.round(Number(w)),
    Math.round(Number(h)),
  ]);
  expect(boxes).toEqual([
    [420, 595],
    [420, 595],
  ]);
  // Paper is light also where the screen is dark: else the margins come out black.
  await alma.page.emulateMedia({ media: "print", colorScheme: "dark" });
  const paper = await alma.page.evaluate(() => {
    const { colorScheme, backgroundColor } = getComputedStyle(document.documentElement);
    return [colorScheme, backgroundColor];
  });
  expect(paper).toEqual(["light", "rgb(255, 255, 255)"]);
  await alma.page.emulateMedia({ media: null, colorScheme: null });
  await press(alma, "book.change");

  // Sealed with words, where the browser can't write files: a download.
  await toTakeAlong(alma);
  await row(alma, "take.copy").click();
  await alma.page.evaluate("delete globalThis.showSaveFilePicker");
  await press(alma, "take.locked");
  await giveCodeIfAsked(alma, secret, () => alma.page.locator(".seal-words > li").first().waitFor({ timeout: 20_000 }));
  const words = await alma.page.locator(".seal-words > li").allTextContents();
  expect(new Set(words).size).toBeGreaterThan(3);
  const [download] = await Promise.all([alma.page.waitForEvent("download"), press(alma, "take.save")]);
  expect(download.suggestedFilename()).toMatch(/^lomme-\d{4}-\d\d-\d\d\.zip\.age$/);
  const sealed = join(folder, "lomme.zip.age");
  await download.saveAs(sealed);
  await heading(alma, "take.doneTitle").waitFor();
  expect(readFileSync(sealed).toString("latin1")).not.toContain("Broen");
  await press(alma, "take.finish");

  const before = await copyWithoutLock(alma, secret);
  await alma.flightMode(false);
  await alma.close();

  // Readable without Lomme: the pages from the disk, with their pictures, and no script.
  for (const [name, bytes] of await unpack(before)) {
    mkdirSync(dirname(join(folder, "zip", name)), { recursive: true });
    writeFileSync(join(folder, "zip", name), bytes);
  }
  const again = await people.come("Alma, with an emptied browser");
  const left = again.allow("the first page is left while it loads", ({ text: line }) =>
    line.includes("icon from the Manifest"),
  );
  await again.page.goto(pathToFileURL(join(folder, "zip", "index.html")).href);
  await again.page.getByRole("link").first().click();
  await expect(again.page.getByRole("heading", { name: "Broen ved søen" })).toBeVisible();
  expect(await again.page.locator("img").evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(
    100,
  );
  await again.close();
  left();
  await again.open();

  const newSecret = await settleIn(new Taps(again.page), { look: "middle" });
  await storedForOffline(again.page);
  await again.flightMode(true);
  await toTakeAlong(again);
  await row(again, "take.bring").click();
  const file = again.page.locator("input[type=file]");
  await file.setInputFiles({ name: "notes.zip", mimeType: "application/zip", buffer: Buffer.from("not a zip at all") });
  await expect(again.page.getByText(text("bring.unknown"))).toBeVisible();
  await file.setInputFiles(sealed);
  await heading(again, "bring.wordsTitle").waitFor();
  await again.page.getByLabel(text("bring.wordsLabel")).fill("ikke de rigtige seks ord her");
  await press(again, "bring.open");
  await expect(again.page.getByText(text("bring.badWords"))).toBeVisible({ timeout: 20_000 });
  await again.page.getByLabel(text("bring.wordsLabel")).fill(words.join(" "));
  await press(again, "bring.open");
  await heading(again, "bring.doneTitle").waitFor({ timeout: 30_000 });
  await press(again, "take.finish");
  await expect(again.page.getByRole("button", { name: /Broen ved søen/ }).first()).toBeVisible();
  await goHome(again);
  await press(again, "case.title");
  await press(again, "meetings.title");
  await expect(again.page.getByRole("button", { name: /Broen ved søen/ })).toContainText("Torsdag, 3. december");

  const after = await copyWithoutLock(again, newSecret);
  const [old, now] = [await contentOf(before), await contentOf(after)];
  // The new pocket's own first thing is in it besides.
  expect(Object.keys(old).length).toBeGreaterThan(3);
  expect(Object.fromEntries(Object.entries(now).filter(([name]) => name in old))).toEqual(old);

  await toTakeAlong(again);
  await row(again, "take.bring").click();
  const journal = {
    name: "Journal.zip",
    mimeType: "application/zip",
    buffer: dayOne(await drawnPhoto(again.page, "lake")),
  };
  await file.setInputFiles(journal);
  await heading(again, "bring.doneTitle").waitFor({ timeout: 30_000 });
  await press(again, "take.finish");
  // Before the next screen stands, "back" would be pressed on it as if it were this one.
  await expect(again.page.locator("html")).toHaveAttribute("data-screen", "things");
  await goHome(again);
  await press(again, "home.things");
  await again.page.getByText("2021", { exact: true }).click();
  await again.page.getByRole("button", { name: /Hos mormor/ }).click();
  await expect(again.page.getByRole("textbox", { name: text("entry.text") })).toContainText("Vi lavede pandekager.");
  await expect(again.page.locator("img.photo")).toHaveCount(1);
  await again.flightMode(false);
});
