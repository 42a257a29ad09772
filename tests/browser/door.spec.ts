/** A carer helps offline: what is left at the door of a closed pocket goes in, stays unreadable outside, and the child decides. */

import { closePocket, goHome, heading, press, text } from "./harness/meet.ts";
import { photoWithExif } from "./harness/photo.ts";
import { expect, type Person, test } from "./harness.ts";
import { onScreen, openPocket, settleIn, Taps, texts } from "./steps.ts";

test.use({ begins: "visited" });

const { da } = texts;
const left = "Vi bagte kanelsnegle, og du fik den største.";

/** Home → my people → the door. */
async function toDoor(person: Person): Promise<void> {
  await press(person, "home.people");
  await press(person, "people.door");
  await heading(person, "gifts.title").waitFor();
}

const menu = (person: Person) => person.page.getByRole("button", { name: da["start.menu"], exact: true });

test.describe("the door of a pocket", () => {
  test.use({ begins: "settled" });

  test("left on the locked device without a network, found after unlocking; the child accepts, bins and closes", async ({
    back,
  }) => {
    test.setTimeout(240_000);
    const alma = await back("Alma");
    const { page, secret } = alma;

    // Shut until the child opens it: the locked side offers nothing.
    await closePocket(alma);
    await menu(alma).click();
    await expect(page.getByRole("button", { name: da["start.leave"] })).toHaveCount(0);
    await page.getByRole("button", { name: da["start.close"], exact: true }).click();

    await openPocket(new Taps(page), secret);
    await onScreen(page, "home");
    await toDoor(alma);
    await press(alma, "gifts.open");
    await expect(page.getByText(text("gifts.doorOn")).first()).toBeVisible();
    await closePocket(alma);

    await alma.flightMode(true);
    for (const words of [left, "Husk madpakken."]) {
      await menu(alma).click();
      await page.getByRole("button", { name: da["start.leave"] }).click();
      await onScreen(page, "leave");
      await page.getByLabel(da["leave.text"], { exact: true }).fill(words);
      if (words === left) {
        const photo = await photoWithExif(page, "at the table");
        await page.locator("input[type=file]").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: photo });
        await page.getByLabel(da["leave.from"], { exact: true }).fill("Bedste");
      }
      await page.getByRole("button", { name: da["leave.give"] }).click();
      await expect(page.getByText(da["leave.done"]).first()).toBeVisible({ timeout: 20_000 });
      // Nothing of it comes back: not the words, not a count, not a picture, also when one begins again.
      await page.getByRole("button", { name: da["leave.another"] }).click();
      await expect(page.getByLabel(da["leave.text"], { exact: true })).toHaveValue("");
      await expect(page.getByText(words)).toHaveCount(0);
      await expect(page.locator("main img")).toHaveCount(0);
      await page.goBack();
      await expect(page.locator(".locked")).toBeVisible();
    }

    await openPocket(new Taps(page), secret);
    await onScreen(page, "home");
    await page.getByRole("button", { name: text("home.leftSlip") }).click();
    await expect(page.getByText(text("gifts.lead"))).toBeVisible();
    const gifts = page.locator(".gifts > li");
    await expect(gifts).toHaveCount(2);
    await expect(gifts.filter({ hasText: left })).toContainText(text("gifts.from", { name: "Bedste" }));
    await expect(gifts.filter({ hasText: "madpakken" })).toContainText(text("gifts.noName"));

    await gifts
      .filter({ hasText: "madpakken" })
      .getByRole("button", { name: text("gifts.bin") })
      .click();
    await expect(gifts).toHaveCount(1);
    await gifts.getByRole("button", { name: text("gifts.accept") }).click();
    await onScreen(page, "entry");
    await expect(page.getByRole("textbox", { name: text("entry.text") })).toContainText(left);
    await expect(page.locator(".photos img")).toBeVisible({ timeout: 20_000 });

    await goHome(alma);
    await expect(page.getByRole("button", { name: /kanelsnegle/ })).toBeVisible();
    await expect(page.getByRole("button", { name: text("home.leftSlip") })).toHaveCount(0);
    await toDoor(alma);
    await press(alma, "gifts.close");
    await expect(page.getByText(text("gifts.doorOff")).first()).toBeVisible();
    await closePocket(alma);
    await menu(alma).click();
    await expect(page.getByRole("button", { name: da["start.leave"] })).toHaveCount(0);
  });
});

test("the carer's own room holds how to help and how to leave something, and nothing of any child", async ({
  people,
}) => {
  test.setTimeout(120_000);
  const carer = await people.come("a carer");
  await settleIn(new Taps(carer.page), { role: "carer", name: "Kim" });
  await heading(carer, "carer.title").waitFor();
  for (const key of ["carer.lead", "carer.step2", "carer.step4", "carer.leave2", "carer.leave4"] as const) {
    await expect(carer.page.getByText(text(key))).toBeVisible();
  }
  await expect(carer.page.locator("main button, main a")).toHaveCount(0);
});
