/**
 * Draws a screen that stands there in another language, as it would stand had everything been done in that language: the page
 * redraws itself when its language changes (client/ui/text.ts). What people wrote stays as it is, and so does a sentence that
 * the screen keeps, such as a refusal: nobody can change the language while one stands there.
 */
import type { Page } from "@playwright/test";
import da from "../../../client/i18n/da.json" with { type: "json" };
import en from "../../../client/i18n/en.json" with { type: "json" };
import insideDa from "../../../client/i18n/inside/da.json" with { type: "json" };
import insideEn from "../../../client/i18n/inside/en.json" with { type: "json" };
import insideSv from "../../../client/i18n/inside/sv.json" with { type: "json" };
import sv from "../../../client/i18n/sv.json" with { type: "json" };
import type { TestLanguage } from "../steps.ts";

const texts = {
  da: Object.values({ ...da, ...insideDa }),
  sv: Object.values({ ...sv, ...insideSv }),
  en: Object.values({ ...en, ...insideEn }),
} as const;

interface Signal {
  value: unknown;
  peek(): unknown;
}

/** What this keeps in the page until it is loaded anew. */
interface Kept {
  language?: Signal;
  texts?: typeof texts;
}

/** Ends when the texts stand there. @throws Error when they don't come */
export async function drawIn(page: Page, wanted: TestLanguage): Promise<void> {
  const isThere = await page.evaluate(() => "otherLanguage" in globalThis);
  await page.evaluate(
    async ([language, catalogues]) => {
      const here = globalThis as unknown as { otherLanguage?: Kept };
      const kept = here.otherLanguage ?? {};
      here.otherLanguage = kept;
      if (catalogues !== null) kept.texts = catalogues;
      const html = document.documentElement;
      const before = html.lang as TestLanguage;
      if (before === language || kept.texts === undefined) return;
      if (kept.language === undefined) {
        // The page's own modules, which are there already: the signal that `lang` of <html> follows is the language.
        for (const { href } of document.querySelectorAll<HTMLLinkElement>("link[rel=modulepreload]")) {
          for (const exported of Object.values(await import(href)) as (Partial<Signal> | null)[]) {
            if (kept.language !== undefined || exported?.peek?.() !== before) continue;
            exported.value = language;
            if (html.lang === language) kept.language = exported as Signal;
            else exported.value = before;
          }
        }
        if (kept.language === undefined) throw new Error("no language was found in the page");
      }
      kept.language.value = language;

      const old = new Set(kept.texts[before]).difference(new Set(kept.texts[language]));
      const fresh = new Set(kept.texts[language]).difference(new Set(kept.texts[before]));
      const textsOnScreen = (): string[] => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found: string[] = [];
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const own = node.parentElement?.closest("[lang], [aria-live], .editor-text, textarea");
          if (own === null || own === html) found.push(node.textContent?.trim() ?? "");
        }
        return found;
      };
      // A page beside other browsers may get no frames for minutes, and would lock itself meanwhile: nothing here needs one.
      const aFrame = () =>
        new Promise<unknown>((resolve) => {
          requestAnimationFrame(resolve);
          setTimeout(resolve, 100);
        });
      // The catalogues come from the network once for each load; afterwards this takes a frame or two.
      for (let frames = 0, steady = 0; frames < 600 && steady < 30; frames++) {
        await aFrame();
        const standing = textsOnScreen();
        const isFresh = standing.some((text) => fresh.has(text));
        const isOld = standing.some((text) => old.has(text));
        if (isFresh && !isOld) return;
        steady = isFresh || !isOld ? steady + 1 : 0;
        if (frames === 599)
          throw new Error(`still in ${before}: ${standing.filter((text) => old.has(text)).join(" · ")}`);
      }
    },
    [wanted, isThere ? null : texts] as const,
  );
}
