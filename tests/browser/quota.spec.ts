/** The browser gives no more room: what is written is kept all the same, the pocket opens, and sentences say what is safe. */
import type { Page } from "@playwright/test";
import { fillUp, limitQuota } from "./harness/full-disk.ts";
import { press, text } from "./harness/meet.ts";
import { expect, test } from "./harness.ts";
import { openPocket, settleIn, Taps } from "./steps.ts";

const laidAside = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle("lomme-room").catch(() => null);
    return file === null ? 0 : (await file.getFile()).size;
  });

test("a full browser loses no word: written, locked and opened with no room left", async ({ people }) => {
  test.setTimeout(90_000);
  const alma = await people.come("Alma");
  const { page } = alma;
  const quota = await limitQuota(alma, 48 * 1024 * 1024);
  const taps = new Taps(page);
  const secret = await settleIn(taps, { look: "middle" });
  await press(alma, "home.new");
  const saved = page.getByText(text("entry.saved"), { exact: true }).first();
  const writing = page.getByRole("textbox", { name: text("entry.text") });
  await writing.click();
  await page.keyboard.type("Før der var fyldt op.");
  await expect(saved).toBeVisible();
  // Room is laid aside a moment after unlocking.
  await expect.poll(() => laidAside(page)).toBeGreaterThan(0);

  await fillUp(alma);
  await page.keyboard.type(" Og efter.");
  await expect(saved).toBeVisible();
  await expect.poll(() => laidAside(page)).toBe(0);
  await page.keyboard.type(" Sidste ord.");
  await expect(page.locator(".saved-mark")).toHaveAttribute("data-saved", "saving");
  await expect(saved).toBeVisible();
  await page.getByRole("button", { name: "Tilbage", exact: true }).click();
  await press(alma, "home.lock");
  await openPocket(taps, secret);
  await page
    .getByRole("button", { name: /Før der var/ })
    .first()
    .click();
  await expect(writing).toContainText("Før der var fyldt op. Og efter. Sidste ord.");
  await quota.lift();
});
