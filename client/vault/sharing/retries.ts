/**
 * Waiting for the server: how often to try again, and how long to keep a person waiting.
 *
 * Trying again although nothing new happened: the server said "not now", or one request was lost while the connection
 * stood. After a second, then twice as long each time up to ten minutes. A new connection begins at a second again, and so
 * does a trouble that comes after a quiet time: a request lost today has nothing to do with those of last week.
 */
import type { SharingCore } from "./ports.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 10 * 60 * 1000;

export interface Retries {
  /** Some time later, once, however often it is asked for until then. */
  soon(): void;
  /** Begins at the shortest wait again. */
  reset(): void;
}

export function createRetries(core: Pick<SharingCore, "after" | "now">, tryAgain: () => void): Retries {
  let waitMs = FIRST_MS;
  let due = false;
  let triedAt = 0;
  return {
    soon() {
      if (due) return;
      due = true;
      // Longer without trouble than the pause that is now due: what was tried last went well.
      if (core.now() - triedAt > waitMs) waitMs = FIRST_MS;
      core.after(waitMs, () => {
        due = false;
        triedAt = core.now();
        tryAgain();
      });
      waitMs = Math.min(2 * waitMs, LONGEST_MS);
    },
    reset() {
      waitMs = FIRST_MS;
    },
  };
}

/** How long a person waits at a screen for the server before hearing that it isn't there. */
const PATIENCE_MS = 10_000;

/** What `work` gives, or `otherwise` after ten seconds; the work goes on either way. */
export function patiently<Result>(
  core: Pick<SharingCore, "after">,
  work: Promise<Result>,
  otherwise: Result,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = core.after(PATIENCE_MS, () => resolve(otherwise));
    work.then(resolve, reject).finally(cancel);
  });
}
