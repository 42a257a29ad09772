/** A finger or a face with four pictures, in flight mode: made, used, refused with the wrong pictures, taken away. */
import inside from "../../client/i18n/inside/da.json" with { type: "json" };
import { giveCode, goHome, press } from "./harness/meet.ts";
import { giveFinger } from "./harness/passkeys.ts";
import { expect, test } from "./harness.ts";
import { onScreen, openPocket, picturesOf, Taps, texts } from "./steps.ts";

test.use({ begins: "settled" });

const t = texts.da;

test("opens with the finger and four pictures, never with the finger alone, and the code stays", async ({ back }) => {
  test.setTimeout(240_000);
  const alma = await back("Alma", { offline: true });
  const { page, secret: own } = alma;
  const taps = new Taps(page);
  // A device that has no such secret: the choice isn't there.
  await press(alma, "home.settings");
  await expect(page.getByRole("button", { name: inside["second.title"] })).toBeVisible();
  await expect(page.getByRole("button", { name: inside["passkey.title"] })).toHaveCount(0);
  await goHome(alma);
  await giveFinger(page);
  await press(alma, "home.settings");
  await press(alma, "passkey.title");
  await onScreen(page, "passkey");
  for (const said of ["passkey.seven", "passkey.four", "passkey.pin"] as const) {
    await expect(page.getByText(inside[said])).toBeVisible();
  }
  await press(alma, "passkey.make");
  await giveCode(alma, own);
  await expect(page.locator(".mine > li")).toHaveCount(4);
  const four = await picturesOf(page, ".mine use");
  await press(alma, "passkey.practise");
  await taps.pickAll(four);
  await expect(page.getByText(t["practise.second"]).first()).toBeVisible();
  await taps.pickAll(four);
  await press(alma, "passkey.go");
  await expect(page.getByText(inside["passkey.done"]).first()).toBeVisible({ timeout: 30_000 });
  await press(alma, "passkey.finish");
  await goHome(alma);
  await press(alma, "home.lock");

  const closed = async (): Promise<void> => {
    await page.locator(".locked > .big").click();
    await onScreen(page, "code");
  };
  await closed();
  await taps.press(t["code.finger"]);
  await expect(page.getByRole("main").getByText(t["code.fingerPictures"])).toBeVisible();
  const wrong = [...four.slice(0, 3), ((four[3] ?? 0) + 1) % 64];
  for (const picture of wrong) await taps.pick(picture);
  await expect(page.locator(".said")).toContainText(t["code.wrong"], { timeout: 30_000 });
  await taps.press(t["code.finger"]);
  await expect(page.getByRole("main").getByText(t["code.fingerPictures"])).toBeVisible();
  await taps.pickAll(four);
  await onScreen(page, "home");

  await press(alma, "home.settings");
  await press(alma, "passkey.title");
  await press(alma, "passkey.remove");
  await expect(page.getByText(inside["passkey.removed"])).toBeVisible();
  await goHome(alma);
  await press(alma, "home.lock");
  await openPocket(taps, own);
  await onScreen(page, "home");
});
