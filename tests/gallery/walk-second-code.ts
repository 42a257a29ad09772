/**
 * Other ways in. A finger or a face, and what the screen says of it. The second code: the screen that says what it can't do,
 * what may be seen, and the small pocket that it opens.
 */
import { expect } from "@playwright/test";
import { giveFinger } from "../browser/harness/passkeys.ts";
import type { Person } from "../browser/harness.ts";
import { learnSeven, openPocket, type Secret, Taps, texts } from "../browser/steps.ts";
import type { Stage } from "./stage.ts";

/** From home to home. */
export async function walkSecondCode(stage: Stage, alma: Person, secret: Secret): Promise<void> {
  const { page } = alma;
  const finger = await giveFinger(page);
  await stage.press(alma, "home.settings");
  await stage.press(alma, "passkey.title");
  await stage.see(alma, "passkey");
  await stage.back(alma);
  await finger.takeAway();
  await stage.press(alma, "second.title");
  await expect(page.getByText(stage.text("second.lead"))).toBeVisible();
  await stage.see(alma, "second-code");
  await stage.press(alma, "second.make");
  await stage.asked(alma, secret, "second");
  const second = await learn(stage, alma);
  await expect(page.getByRole("heading", { name: stage.text("second.choose") })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("switch").last().click();
  await expect(page.getByRole("switch").last()).toBeChecked();
  await stage.see(alma, "second-code", "choose");
  await stage.press(alma, "second.end");
  await stage.see(alma, "second-code", "end");
  await stage.press(alma, "second.keep");
  await stage.home(alma);
  await stage.press(alma, "home.lock");
  await expect(page.locator(".locked")).toBeVisible();
  await openPocket(new Taps(page), second, stage.language);
  await stage.see(alma, "home", "small");
  await stage.press(alma, "home.lock");
  await expect(page.locator(".locked")).toBeVisible();
  await openPocket(new Taps(page), secret, stage.language);
  await stage.home(alma);
}

async function learn(stage: Stage, { page }: Person): Promise<Secret> {
  const taps = new Taps(page);
  const t = texts[stage.language];
  if (stage.look === "quiet") {
    const proposed = page.locator(".passphrase");
    await expect(proposed).toHaveText(/^\S+( \S+){4}$/);
    const passphrase = (await proposed.textContent()) ?? "";
    await taps.type(t["passphrase.repeat"], passphrase);
    await taps.press(t["passphrase.next"]);
    return { passphrase };
  }
  return { pictures: await learnSeven(taps, stage.language) };
}
