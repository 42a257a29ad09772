/**
 * Trying again although nothing new happened: the server said "not now", or a line broke while the connection stood. Five
 * seconds, then twice as long each time up to ten minutes; a new connection begins at five again.
 */
import type { SharingCore } from "./ports.ts";

const FIRST_MS = 5_000;
const LONGEST_MS = 10 * 60 * 1000;

export interface Retries {
  /** Some time later, once, however often it is asked for until then. */
  soon(): void;
  /** Begins at the shortest wait again. */
  reset(): void;
}

export function createRetries(core: Pick<SharingCore, "after">, tryAgain: () => void): Retries {
  let waitMs = FIRST_MS;
  let due = false;
  return {
    soon() {
      if (due) return;
      due = true;
      core.after(waitMs, () => {
        due = false;
        tryAgain();
      });
      waitMs = Math.min(2 * waitMs, LONGEST_MS);
    },
    reset() {
      waitMs = FIRST_MS;
    },
  };
}
