/** "My case": what came of what was shown, one thing with all that happened with it, and my own side. From home to home. */
import { expect } from "@playwright/test";
import type { Person } from "../browser/harness.ts";
import type { Stage } from "./stage.ts";

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
  await stage.home(alma);
}
