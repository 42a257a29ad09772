/** axe on every screen of the route table, light and dark, and the sizes of what is touched: what the walk passes by, and nothing may be left out. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { routes } from "../../client/state/route-table.ts";
import { Stage, screensOfOthers } from "../gallery/stage.ts";
import {
  walkAgain,
  walkDevices,
  walkOtherFirstRuns,
  walkOutside,
  walkOwnThings,
  walkPairing,
  walkShowing,
  walkTogetherAndDoor,
} from "../gallery/walk.ts";
import { walkSecondCode } from "../gallery/walk-second-code.ts";
import { IPAD } from "../gallery/walk-settings.ts";
import { walkTakeAlong } from "../gallery/walk-take-along.ts";
import { expect, test } from "./harness.ts";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Touch targets of at least 48 × 48 px, and nothing that makes the page wider than its window. */
const measure = (page: Page, textSize: string): Promise<string[]> =>
  page.evaluate(async (size) => {
    const { documentElement: html } = document;
    html.style.fontSize = size;
    await new Promise(requestAnimationFrame);
    const problems: string[] = [];
    if (html.scrollWidth > innerWidth) problems.push(`${html.scrollWidth - innerWidth} px too wide`);
    for (const target of document.querySelectorAll<HTMLElement>("button, a[href], input, textarea, [role=textbox]")) {
      const { width, height } = target.getBoundingClientRect();
      const hidden = target.closest(".vh, [inert], [hidden]") !== null || width === 0;
      if (!hidden && (width < 47.5 || height < 47.5)) {
        const name = target.getAttribute("aria-label") ?? target.textContent?.trim().slice(0, 24);
        problems.push(`"${name}" is ${Math.round(width)} × ${Math.round(height)}`);
      }
    }
    html.style.fontSize = "";
    return problems;
  }, textSize);

test("every screen is clean", async ({ people }) => {
  test.setTimeout(600_000);
  const found: string[] = [];
  // English, because it alone has the screen that asks for the country.
  const stage = new Stage("en", "middle", async (page, route, state) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode(true).analyze();
      for (const { id, nodes } of violations) {
        found.push(`${route} ${state} ${colorScheme}: ${id} at ${nodes.map(({ target }) => target).join(" · ")}`);
      }
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    for (const [width, text] of [
      [360, "100%"],
      [360, "200%"],
      [768, "100%"],
    ] as const) {
      await page.setViewportSize({ width, height: 740 });
      for (const problem of await measure(page, text)) found.push(`${route} ${state} ${width} px, ${text}: ${problem}`);
    }
    await page.setViewportSize({ width: 360, height: 740 });
  });
  const alma = await people.come("Alma");
  const secret = await walkOutside(stage, alma);
  await walkOwnThings(stage, alma);
  await walkTakeAlong(stage, alma, secret);
  await walkDevices(stage, alma, secret);
  await walkSecondCode(stage, alma, secret);
  const mette = await people.come("Mette");
  const carer = await people.come("a carer");
  await walkOtherFirstRuns(stage, mette, carer);
  await walkPairing(stage, alma, mette);
  await walkShowing(stage, alma, mette, secret);
  await mette.close();
  await walkAgain(stage, alma, await people.come("Mette, with an emptied browser", { args: IPAD }), secret);
  await walkTogetherAndDoor(stage, alma);
  expect(found).toEqual([]);
  const elsewhere = screensOfOthers(stage.language, stage.look);
  expect(Object.keys(routes).filter((route) => !stage.seen.has(route) && !elsewhere.has(route))).toEqual([]);
});

test("the examination sees what it should: a planted button without a name, and text too pale", async ({ people }) => {
  const alma = await people.come("Alma");
  await expect(alma.page.locator("h1")).toBeVisible();
  await alma.page.evaluate(() => {
    const button = document.createElement("button");
    const pale = document.createElement("p");
    pale.textContent = "pale";
    pale.style.color = "#e5ddd0";
    document.querySelector("main")?.append(button, pale);
  });
  const { violations } = await new AxeBuilder({ page: alma.page }).withTags(rules).setLegacyMode(true).analyze();
  expect(violations.map(({ id }) => id)).toEqual(expect.arrayContaining(["button-name", "color-contrast"]));
});
