/** axe on one screen, all of it in light, its colours in dark too, and the sizes of what is touched. Gives what is wrong, in words. */
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What depends on the ground: names, roles, order and sizes are the same on both. */
const OF_COLOUR = ["color-contrast", "link-in-text-block"];

/** What we ask of axe-core, whose types stand in no package of ours. */
interface Axe {
  readonly source: string;
  run(context: Document, options: object): Promise<{ readonly violations: readonly Violation[] }>;
}
interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown }[];
}
interface Only {
  readonly type: "tag" | "rule";
  readonly values: readonly string[];
}

/** axe as @axe-core/playwright has it, half a megabyte of script. */
const { source } = createRequire(import.meta.resolve("@axe-core/playwright"))("axe-core") as Axe;

/** Asked in the page itself, put in once for each load, and told only what is wrong: a fifth of the time that a builder takes. */
async function violationsOn(page: Page, runOnly: Only): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(source);
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target).join(" · ")}`);
  }, runOnly);
}

/**
 * Touch targets of at least 48 × 48 px that hold their own words, headings whose words are whole, and nothing that makes
 * the page wider than its window.
 */
export const measure = (page: Page, textSize: string): Promise<string[]> =>
  page.evaluate(async (size) => {
    const { documentElement: html } = document;
    html.style.fontSize = size;
    // Beside other browsers a page may get no frames for a while; what is measured is laid out in any case.
    await new Promise<unknown>((resolve) => {
      requestAnimationFrame(resolve);
      setTimeout(resolve, 1_000);
    });
    const problems: string[] = [];
    if (html.scrollWidth > innerWidth) problems.push(`${html.scrollWidth - innerWidth} px too wide`);
    const touched =
      "button, a[href], input, textarea, select, summary, audio[controls], label:has(> input[type=file]), [role=textbox], [role=switch], [role=radio], [role=slider], [role=tab], [tabindex='0']";
    for (const target of document.querySelectorAll<HTMLElement>(touched)) {
      const { width, height } = target.getBoundingClientRect();
      const hidden = target.closest(".vh, [inert], [hidden]") !== null || width === 0;
      if (!hidden && (width < 47.5 || height < 47.5)) {
        const name = target.getAttribute("aria-label") ?? target.textContent?.trim().slice(0, 24);
        problems.push(`"${name}" is ${Math.round(width)} × ${Math.round(height)}`);
      }
    }
    const textsIn = function* (element: Element) {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
        if (text.parentElement?.closest(".vh, [hidden], [inert], textarea, .editor-text") === null) yield text;
      }
    };
    const range = document.createRange();
    const lineOf = (text: Node, at: number): number => {
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return Math.round([...range.getClientRects()].at(-1)?.top ?? 0);
    };
    for (const target of document.querySelectorAll("button, summary, a[href]")) {
      const box = target.getBoundingClientRect();
      if (box.width === 0 || target.closest(".vh, [inert], [hidden]") !== null) continue;
      for (const text of textsIn(target)) {
        range.selectNodeContents(text);
        const { left, right, width } = range.getBoundingClientRect();
        if (width > 0 && (left < box.left - 1 || right > box.right + 1)) problems.push(`"${text.textContent}" is cut`);
      }
    }
    // A soft hyphen parts a word where it may be parted; what breaks elsewhere didn't fit.
    for (const heading of document.querySelectorAll("h1, h2, h3, .voice")) {
      for (const text of textsIn(heading)) {
        for (const { index, 0: word } of (text.textContent ?? "").matchAll(/[\p{L}\p{N}]+/gu)) {
          if (lineOf(text, index) !== lineOf(text, index + word.length - 1))
            problems.push(`"${word}" is broken in "${heading.textContent}"`);
        }
      }
    }
    html.style.fontSize = "";
    return problems;
  }, textSize);

/** Letters of a screen that counts among those with the longest texts: some two in five do. */
const LONG_LETTERS = 250;

export const isLong = async (page: Page): Promise<boolean> =>
  ((await page.locator("body").textContent()) ?? "").length >= LONG_LETTERS;

/** `sizesOnly`: without axe, which takes most of the time. Leaves the page light, and 360 px wide. */
export async function examine(page: Page, name: string, { sizesOnly = false } = {}): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of sizesOnly ? [] : (["light", "dark"] as const)) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const only: Only = colorScheme === "light" ? { type: "tag", values: rules } : { type: "rule", values: OF_COLOUR };
    for (const violation of await violationsOn(page, only)) found.push(`${name} ${colorScheme}: ${violation}`);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  for (const [width, text] of [
    [360, "100%"],
    [360, "200%"],
    [768, "100%"],
  ] as const) {
    if (page.viewportSize()?.width !== width) await page.setViewportSize({ width, height: 740 });
    for (const problem of await measure(page, text)) found.push(`${name} ${width} px, ${text}: ${problem}`);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await framesGoOn(page);
  return found;
}

/**
 * Twice in whole runs a page had no frames for minutes while everything else in it went on: a press waits for them in vain, and
 * in the end Lomme locks itself. Why isn't known; it was after changes of size, and another one gives a new surface to draw on.
 */
async function framesGoOn(page: Page): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    const goOn = await page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          requestAnimationFrame(() => resolve(true));
          setTimeout(resolve, 3_000, false);
        }),
    );
    if (goOn) return;
    await page.setViewportSize({ width: 361, height: 740 });
    await page.setViewportSize({ width: 360, height: 740 });
  }
}
