/**
 * The focus doesn't fall off the page. What had it can go by its own press (a tag that is taken off, a question that is
 * answered): then it goes to the first control of the nearest list, form or group that is still there, or else to the
 * heading of the dialog or the screen. A new screen, and a dialog that closes, put it where it belongs themselves.
 */
const GROUPS = "ul, ol, form, fieldset, nav, table, section, [role=radiogroup], header, footer";
const CONTROLS = "button:not([tabindex='-1']), a[href], input:not([hidden]), textarea, select, [tabindex='0']";

/** What had the focus last, and what it stood in, from the inside out. */
let last: readonly Element[] = [];
let isWatching = false;

/** From now on, once for the page. */
export function keepFocus(): void {
  if (isWatching) return;
  isWatching = true;
  addEventListener("focusin", ({ target }) => {
    last = target instanceof Element ? withAncestors(target) : [];
  });
  new MutationObserver(() => {
    // Somebody who pressed beside everything has no focus either, but nothing went.
    if (last[0]?.isConnected ?? true) return;
    const left = last.filter(({ isConnected }) => isConnected);
    // What went isn't held: it may be a screen with private words, and the pocket may be locked by now.
    last = [];
    if (document.activeElement === document.body) placeFor(left)?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}

function placeFor(left: readonly Element[]): HTMLElement | null {
  for (const place of left) {
    const isWhole = place.matches("dialog, main");
    const found = isWhole
      ? place.querySelector<HTMLElement>("h1, h2")
      : place.matches(GROUPS)
        ? place.querySelector<HTMLElement>(CONTROLS)
        : null;
    if (isWhole && found !== null) found.tabIndex = -1;
    if (isWhole || found !== null) return found;
  }
  return null;
}

function withAncestors(element: Element): readonly Element[] {
  const all: Element[] = [];
  for (let at: Element | null = element; at !== null; at = at.parentElement) all.push(at);
  return all;
}
