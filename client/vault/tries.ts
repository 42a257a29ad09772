/**
 * Slowing down after wrong codes. It keeps a curious hand at the tablet from trying on; what holds against a copied
 * profile is the KDF alone. Nothing is ever destroyed, and the longest wait is five minutes.
 */
import type { CoverRow } from "./ports.ts";

/** Slips of a child's finger cost nothing. */
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;

type Tries = Pick<CoverRow, "failed" | "nextTryAt">;

/** Milliseconds until the next try; a clock that was set back can't stretch it. */
export const waitBeforeTry = ({ nextTryAt }: Tries, now: number): number =>
  Math.min(Math.max(0, nextTryAt - now), LONGEST_WAIT_MS);

/** After one more wrong code. Written before the code is tried, so that closing the tab wins nothing. */
export function oneMoreFailed({ failed }: Tries, now: number): Tries {
  const over = failed + 1 - FREE_TRIES;
  const wait = over < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** over, LONGEST_WAIT_MS);
  return { failed: failed + 1, nextTryAt: now + wait };
}

export const NO_TRIES: Tries = { failed: 0, nextTryAt: 0 };
