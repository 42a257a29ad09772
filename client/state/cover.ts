/**
 * The cover: a closed pocket over everything, put there by one attribute on `<html>` (styles/screen.css), so that it
 * stands before the next frame and before the task switcher takes its picture. No render, no await.
 */
import { signal } from "@preact/signals";

/** What the cover says while it closes; "" while it only covers. */
export const coverWords = signal<"" | "closing" | "sending">("");

export function cover(): void {
  document.documentElement.dataset.covered = "";
  const focused = document.activeElement;
  if (focused instanceof HTMLElement) focused.blur();
}

export function uncover(): void {
  delete document.documentElement.dataset.covered;
  coverWords.value = "";
}

/**
 * Takes the content out of the page for good, so that neither the back button nor the browser's page cache can bring
 * it back. What follows must be a new page.
 */
export function emptyPage(): void {
  document.getElementById("app")?.replaceChildren();
  getSelection()?.removeAllRanges();
}
