/** The settings, one small screen each; and what an iPad says before anything is kept on it. */
import { expect } from "@playwright/test";
import type { Person } from "../browser/harness.ts";
import type { Key, Stage } from "./stage.ts";

/** A browser that would forget: Safari on an iPad, not on the home screen. For `people.come`. */
export const IPAD = [
  "--user-agent=Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
] as const;

/** From the settings to the settings. */
export async function walkSettings(stage: Stage, alma: Person): Promise<void> {
  const into = async (key: Key, route: string): Promise<void> => {
    await alma.page.getByRole("button", { name: new RegExp(`^${RegExp.escape(stage.text(key))}`) }).click();
    await stage.see(alma, route);
  };
  await into("settings.look", "settings-look");
  await stage.back(alma);
  await into("settings.language", "settings-language");
  await stage.back(alma);
  await into("safety.title", "settings-safety");
  await stage.back(alma);
  await alma.page.getByRole("button", { name: new RegExp(`^${RegExp.escape(stage.text("storage.title"))}`) }).click();
  await expect(alma.page.locator(".lamp")).toBeVisible();
  await stage.see(alma, "storage");
  await stage.press(alma, "room.open");
  await expect(alma.page.locator(".room-used")).toBeVisible();
  await alma.page.getByLabel(stage.text("room.fieldLabel")).fill("aCodeOnASlip-".repeat(3));
  await stage.press(alma, "room.use");
  // Nobody has made that one: it is kept, tried by itself, and said to be no good.
  await expect(alma.page.getByText(stage.text("room.refused"), { exact: true }).first()).toBeVisible({
    timeout: 20_000,
  });
  await stage.see(alma, "more-room");
  await stage.press(alma, "room.scan");
  await stage.see(alma, "room-scan");
  await stage.back(alma);
  await stage.back(alma);
  await stage.back(alma);
  await into("about.title", "about");
  await stage.press(alma, "about.access");
  await stage.see(alma, "about-access");
  await stage.back(alma);
  await stage.press(alma, "about.licences");
  await expect(alma.page.locator(".licence").nth(20)).toBeVisible();
  await stage.see(alma, "about-licences");
  await stage.back(alma);
  await stage.back(alma);
}

/** At the language of a first run on an iPad; ends there. */
export async function walkHomeScreen(stage: Stage, person: Person): Promise<void> {
  await stage.press(person, "homescreen.how");
  await stage.see(person, "home-screen");
  await stage.back(person);
}
