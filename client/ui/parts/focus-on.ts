/** Puts the focus on what isn't a control (a heading), without scrolling; nothing where it isn't there. */
export function focusOn(element: HTMLElement | null | undefined): void {
  if (!element) return;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
