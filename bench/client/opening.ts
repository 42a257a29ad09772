/** Opening an entry from home. */
import type { Page } from "@playwright/test";
import { onScreen } from "../../tests/browser/steps.ts";

const OPENED = 8;

/** From a press on an entry at home to its words in the editor; the first loads the editor and isn't counted. */
export async function openTimes(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i <= OPENED; i++) {
    const row = page.locator(".rows li > button").nth(i % 5);
    await row.waitFor();
    const time = await row.evaluate(
      (button: HTMLElement) =>
        new Promise<number>((done) => {
          const from = performance.now();
          const observer = new MutationObserver(() => {
            if ((document.querySelector(".ProseMirror")?.textContent ?? "") === "") return;
            observer.disconnect();
            requestAnimationFrame(() => done(performance.now() - from));
          });
          observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true });
          button.click();
        }),
    );
    if (i > 0) times.push(time);
    await page.getByRole("button", { name: "Tilbage", exact: true }).click();
    await onScreen(page, "home");
    await page.waitForTimeout(300);
  }
  return times;
}
