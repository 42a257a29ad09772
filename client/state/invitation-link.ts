/**
 * An invitation that came in by address: `/#…payload`. It is read once, before anything else runs, and taken out of the
 * address bar and this history entry at once. It waits here, in memory, until a pocket is open.
 */
import { signal } from "@preact/signals";

/** The payload of the link this page was opened with; null when there was none, or when it has been used. */
export const openedInvitation = signal<string | null>(null);

/** An invitation is far longer; a shorter fragment is something else. */
const SHORTEST = 32;

/** The payload in a link, a fragment or by itself; null when there is none. */
export const payloadOf = (text: string): string | null => {
  const trimmed = text.trim();
  const payload = trimmed.includes("#") ? trimmed.slice(trimmed.indexOf("#") + 1) : trimmed;
  return payload.length >= SHORTEST && /^[\w.~-]+$/.test(payload) ? payload : null;
};

/** The link that leads another person's browser to this invitation. */
export const linkOf = (payload: string): string => `${location.origin}/#${payload}`;

/** Called by the page's root before anything else, and again whenever the address changes. */
export const takeInvitation = (): void => {
  if (location.hash === "") return;
  openedInvitation.value = payloadOf(location.hash) ?? openedInvitation.value;
  history.replaceState(history.state, "", "/");
};

/** Wires it; called once by the page's root. */
export const followInvitations = (): void => {
  takeInvitation();
  addEventListener("hashchange", takeInvitation);
};
