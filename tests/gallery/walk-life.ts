/** The life story, the page about me, the calendar, the wall of photos, and the settings of "on this day". */
import { expect } from "@playwright/test";
import type { Person } from "../browser/harness.ts";
import { drawnPhoto } from "./drawn-photos.ts";
import type { Key, Stage } from "./stage.ts";

const names = {
  da: ["Født i Odense", "Hos mormor", "Høns, pandekager, Noah."],
  sv: ["Född i Lund", "Hos mormor", "Höns, pannkakor, Noah."],
  en: ["Born in Odense", "At Grandma's", "Hens, pancakes, Noah."],
} as const;

/** From home to home. */
export async function walkLife(stage: Stage, alma: Person): Promise<void> {
  const { page } = alma;
  const [born, grandma, words] = names[stage.language];
  await stage.press(alma, stage.look === "quiet" ? "home.diary" : "home.things");
  await stage.press(alma, "life.title");
  await stage.see(alma, "life", "empty");
  await addStop(stage, alma, "sign.house-block", true);
  await page.getByLabel(stage.text("life.name"), { exact: true }).fill(born);
  for (let year = 0; year < 11; year += 1) {
    await stage.named(page, `${stage.text("life.year")} ${stage.text("life.less")}`).click();
  }
  await stage.press(alma, "life.done");
  await addStop(stage, alma, "sign.gap");
  await stage.press(alma, "life.unknown");
  await stage.press(alma, "life.done");
  await addStop(stage, alma, "sign.house-long");
  await stage.press(alma, "life.season.summer");
  await stage.named(page, `${stage.text("life.age")} ${stage.text("life.more")}`).click();
  await page.getByLabel(stage.text("life.name"), { exact: true }).fill(grandma);
  await page.getByLabel(stage.text("life.words"), { exact: true }).fill(words);
  const photo = await drawnPhoto(page, "lake");
  await page.locator("input[type=file]").setInputFiles({ name: "IMG_2.jpg", mimeType: "image/jpeg", buffer: photo });
  await expect(page.locator(".stop-photos img")).toBeVisible({ timeout: 30_000 });
  await stage.press(alma, "life.addEntry");
  await page.locator(".stop-choose button").first().click();
  await stage.see(alma, "life-stop", "entries");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: stage.text("life.done") })
    .click();
  await stage.see(alma, "life-stop");
  await stage.press(alma, "life.done");
  await addStop(stage, alma, "sign.school");
  await stage.press(alma, "life.done");
  await expect(page.locator(".life > li")).toHaveCount(4);
  await stage.see(alma, "life");
  await stage.named(page, stage.text("me.title")).click();
  await stage.see(alma, "me", "empty");
  await topic(stage, alma, "me.calmsTitle");
  for (const sign of ["sign.hug", "sign.teddy"] as const) await stage.press(alma, sign);
  await stage.see(alma, "me-topic");
  await stage.press(alma, "life.done");
  await topic(stage, alma, "me.foodTitle");
  await stage.press(alma, "sign.pancakes");
  await stage.press(alma, "life.done");
  await expect(page.locator(".sign-list > li")).toHaveCount(3);
  await stage.see(alma, "me");
  await stage.back(alma);
  await stage.back(alma);
  await stage.press(alma, "calendar.title");
  await expect(page.locator('.cal [data-filled="true"]').first()).toBeVisible();
  await stage.see(alma, "calendar");
  await stage.back(alma);
  await stage.press(alma, "wall.title");
  await expect(page.locator(".wall img").first()).toBeVisible();
  await stage.see(alma, "wall");
  await stage.home(alma);
  await stage.press(alma, "home.settings");
  await stage.press(alma, "memories.open");
  await stage.see(alma, "memories", "off");
  await page.getByRole("radio", { name: stage.text("memories.on") }).click();
  await expect(page.getByRole("heading", { name: stage.text("memories.notPerson") })).toBeVisible();
  await stage.see(alma, "memories");
  await page.getByRole("radio", { name: stage.text("memories.off") }).click();
  await stage.home(alma);
}

async function addStop(stage: Stage, alma: Person, sign: Key, look = false): Promise<void> {
  await stage.press(alma, "home.new");
  if (look) await stage.see(alma, "life", "choose");
  await alma.page
    .getByRole("dialog")
    .getByRole("button", { name: stage.text(sign), exact: true })
    .click();
  await expect(alma.page.locator(".stop-head")).toBeVisible();
}

async function topic(stage: Stage, alma: Person, key: Key): Promise<void> {
  await stage.named(alma.page, stage.text(key)).click();
  await expect(alma.page.locator(".sign-field")).toBeVisible();
}
