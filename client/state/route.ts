/**
 * Where the person is: a stack of screens in memory. The browser's own back button walks it, since each step adds a
 * history entry whose address is `/` and whose state is only its depth.
 */
import { computed, signal } from "@preact/signals";
import { type Entry, type RouteId, routes } from "./route-table.ts";

export type RouteParams = Readonly<Record<string, string | undefined>>;
export interface Place {
  readonly id: RouteId;
  /** Kept in memory only; never in the address, the title or the history. */
  readonly params: RouteParams;
}

const stack = signal<readonly Place[]>([{ id: "start", params: {} }]);
const nowhere: Place = { id: "start", params: {} };

export const place = computed<Place>(() => stack.value.at(-1) ?? nowhere);
/**
 * Help now lies over the screen it was asked from: that one stays as it is, with what was typed or practised in it.
 * Null while nothing lies over another screen.
 */
export const covered = computed<Place | null>(() =>
  place.value.id === "help" && canGoBack.value ? (stack.value.at(-2) ?? null) : null,
);
export const canGoBack = computed(() => stack.value.length > 1);

/** Which side is open; set by session.ts. A screen of the other side is never shown. */
export const sideIsOpen = signal(false);
/** A code was given and is being looked at: what comes behind it can be loaded meanwhile. */
export const opening = signal(false);

/** The small pocket behind a second code is open; set by session.ts. */
export const inSmallPocket = signal(false);

export function mayShow(id: RouteId): boolean {
  const { side, notInSide }: Entry = routes[id];
  if (notInSide && inSmallPocket.value) return false;
  return side === "any" || (side === "open") === sideIsOpen.value;
}

export function go(id: RouteId, params: RouteParams = {}): void {
  if (!mayShow(id)) return;
  stack.value = [...stack.value, { id, params }];
  history.pushState(stack.value.length, "", "/");
}

/** Goes there without a way back to where one was (after a step that must not be done twice). */
export function goInstead(id: RouteId, params: RouteParams = {}): void {
  if (!mayShow(id)) return;
  stack.value = [...stack.value.slice(0, -1), { id, params }];
}

/** Starts afresh: the new place is the only one in the stack. */
export function startAt(id: RouteId, params: RouteParams = {}): void {
  stack.value = [{ id, params }];
  // This entry is the bottom again; those behind it are deeper than the stack and are ignored when walked into.
  history.replaceState(1, "", "/");
}

export function back(): void {
  if (canGoBack.value) history.back();
}

/** Wires the browser's back button; called once by the page's root. */
export function followHistory(): void {
  // A reloaded page keeps its entry's old depth, and the stack is new.
  history.replaceState(1, "", "/");
  addEventListener("popstate", (event) => {
    const depth = typeof event.state === "number" ? event.state : 1;
    if (depth < stack.value.length) stack.value = stack.value.slice(0, Math.max(1, depth));
  });
}
