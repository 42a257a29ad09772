/**
 * The quick way out: cover first, then drop the keys, then replace this page by a neutral one that is bundled (so it is
 * there offline too). Nothing is sealed or sent on the way: every edit up to the last moment is already on its way to
 * the vault's own commit. What it can't do (the browser's history says Lomme was open, spyware) is said before first use.
 */
import { cover, emptyPage } from "./cover.ts";
import { language } from "./language.ts";
import type { Language } from "./types.ts";
import { endVault } from "./vault.ts";

const neutralPage: Record<Language, string> = { da: "/vejr.html", sv: "/vader.html", en: "/weather.html" };

export function quickExit(): void {
  cover();
  endVault();
  emptyPage();
  location.replace(neutralPage[language.value]);
}

const pressesNeeded = 3;
const withinMs = 5000;

/** Shift three times within five seconds, alone. Not Escape: that key closes dialogs, and hands find it by accident. */
export function createShiftCounter(leave: () => void): (key: string, at: number) => void {
  let presses: number[] = [];
  return (key, at) => {
    if (key !== "Shift") {
      presses = [];
      return;
    }
    presses = [...presses.filter((earlier) => at - earlier < withinMs), at];
    if (presses.length >= pressesNeeded) leave();
  };
}

/** Listens on the whole page; called once by the page's root. */
export function listenForQuickExit(): void {
  const count = createShiftCounter(quickExit);
  addEventListener("keydown", (event) => {
    if (!event.repeat) count(event.key, event.timeStamp);
  });
}
