/** "My case": what came of what was shown, one thing with all that happened with it, and my own side. From home to home. */
import { expect } from "@playwright/test";
import type { Person } from "../browser/harness.ts";
import { drawnPhoto } from "./drawn-photos.ts";
import type { Stage } from "./stage.ts";

const days = {
  da: "På torsdag, efter skole",
  sv: "På torsdag, efter skolan",
  en: "On Thursday, after school",
} as const;
const mine = { da: "Det mener jeg", sv: "Det tycker jag", en: "What I think" } as const;

/** `title`: of something that was shown and answered. */
export async function walkCase(stage: Stage, alma: Person, title: string): Promise<void> {
  const { page } = alma;
  await stage.press(alma, "case.title");
  await stage.press(alma, "case.write");
  await page.getByLabel(stage.text("entry.title"), { exact: true }).fill(mine[stage.language]);
  await expect(page.locator(".mark-said")).toContainText(stage.text("case.title"));
  await stage.press(alma, "entry.done");
  await expect(page.locator(".case-part").last()).toContainText(mine[stage.language]);
  await stage.see(alma, "case");
  await page.locator(".case-thing").filter({ hasText: title }).first().click();
  await stage.see(alma, "case-thing");
  await stage.back(alma);
  await walkMeeting(stage, alma);
  await walkPaper(stage, alma);
  await stage.press(alma, "rights.short");
  await stage.see(alma, "rights");
  await stage.home(alma);
}

/** A meeting with its day, who comes, and a line to write under. From my case and back. */
async function walkMeeting(stage: Stage, alma: Person): Promise<void> {
  const { page } = alma;
  await stage.press(alma, "meetings.title");
  await stage.press(alma, "meetings.new");
  await page.getByLabel(stage.text("meeting.day"), { exact: true }).fill(days[stage.language]);
  await page.getByRole("button", { name: "Mette", exact: true }).click();
  await stage.press(alma, "meeting.before");
  await expect(page.locator(".editor-text")).toContainText(stage.text("begin.before.say"));
  await stage.see(alma, "entry", "meeting");
  await stage.press(alma, "entry.done");
  await expect(page.locator(".rows").first()).toContainText(days[stage.language]);
  await stage.see(alma, "meetings");
  await stage.back(alma);
}

/** A letter as a photo. From my case and back. */
async function walkPaper(stage: Stage, alma: Person): Promise<void> {
  const { page } = alma;
  await stage.press(alma, "papers.title");
  await expect(page.locator(".empty")).toBeVisible();
  const camera = page.waitForEvent("filechooser");
  await stage.press(alma, "papers.new");
  await (await camera).setFiles({ name: "IMG_2.jpg", mimeType: "image/jpeg", buffer: await drawnPhoto(page, "lake") });
  await expect(page.locator(".mark-said")).toContainText(stage.text("papers.one"));
  await stage.press(alma, "entry.done");
  await expect(page.locator(".rows").first()).toContainText(stage.text("papers.one"));
  await stage.see(alma, "papers");
  await stage.back(alma);
}
