/** Taking along, bringing in and the book: from home to home. */
import { expect } from "@playwright/test";
import type { Person } from "../browser/harness.ts";
import { openPocket, type Secret, Taps } from "../browser/steps.ts";
import type { Stage } from "./stage.ts";

export async function walkTakeAlong(stage: Stage, alma: Person, secret: Secret): Promise<void> {
  const { page } = alma;
  await stage.press(alma, "home.settings");
  await stage.press(alma, "take.title");
  await stage.see(alma, "take-along");
  await stage.named(page, stage.text("take.book")).click();
  await stage.see(alma, "book");
  await stage.press(alma, "book.make");
  await stage.asked(alma, secret, "book");
  await expect(page.locator(".book-cover")).toBeVisible({ timeout: 20_000 });
  await stage.see(alma, "book", "made");
  await stage.press(alma, "book.change");
  await stage.back(alma);

  await stage.named(page, stage.text("take.copy")).click();
  await stage.see(alma, "take-copy");
  await stage.press(alma, "take.open");
  await stage.see(alma, "take-copy", "no-lock");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: stage.text("take.locked") })
    .click();
  await stage.answerIfAsked(alma, secret);
  await expect(page.locator(".seal-words > li")).toHaveCount(6, { timeout: 20_000 });
  await stage.see(alma, "take-copy", "words");
  // The browser's own question can't be answered by a test: without it the file is a download.
  await page.evaluate("delete globalThis.showSaveFilePicker");
  const words = await page.locator(".seal-words > li").allTextContents();
  const [file] = await Promise.all([page.waitForEvent("download"), stage.press(alma, "take.save")]);
  await expect(page.getByRole("heading", { name: stage.text("take.doneTitle") })).toBeVisible({ timeout: 30_000 });
  await stage.see(alma, "take-copy", "saved");
  await stage.press(alma, "take.finish");

  await stage.named(page, stage.text("take.bring")).click();
  await stage.see(alma, "bring-in");
  await page.locator("input[type=file]").setInputFiles(await file.path());
  await expect(page.getByRole("heading", { name: stage.text("bring.wordsTitle") })).toBeVisible();
  await stage.see(alma, "bring-in", "words");
  await page.getByLabel(stage.text("bring.wordsLabel")).fill(words.join(" "));
  await stage.press(alma, "bring.open");
  await expect(page.getByRole("heading", { name: stage.text("bring.doneTitle") })).toBeVisible({ timeout: 30_000 });
  await stage.see(alma, "bring-in", "came");
  await stage.home(alma);
  // Opened anew, the code doesn't count any more: whoever walks on is asked for it.
  await stage.press(alma, "home.lock");
  await expect(page.locator(".locked")).toBeVisible();
  await openPocket(new Taps(page), secret, stage.language);
  await stage.home(alma);
}
