/**
 * The quick way out: cover first, then drop the keys, then replace this page by a neutral one that is bundled (so it is
 * there offline too). Nothing is sealed or sent on the way: every edit up to the last moment is already on its way to
 * the vault's own commit. What it can't do (the browser's history says Lomme was open, spyware) is said before first use.
 */
import { cover, emptyPage } from "./cover.ts";
import { language } from "./language.ts";
import { createShiftCounter } from "./shift-counter.ts";
import type { Language } from "./types.ts";
import { endVault } from "./vault.ts";
import { voice } from "./voice.ts";

const neutralPage: Record<Language, string> = { da: "/vejr.html", sv: "/vader.html", en: "/weather.html" };

export function quickExit(): void {
  cover();
  voice.stop();
  endVault();
  emptyPage();
  location.replace(neutralPage[language.value]);
}

/** Listens on the whole page; called once by the page's root. */
export function listenForQuickExit(): void {
  const count = createShiftCounter(quickExit);
  addEventListener("keydown", (event) => {
    if (!event.repeat) count(event.key, event.timeStamp);
  });
}
