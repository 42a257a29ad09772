/** What must still reach the vault before it is sealed: the last second of a recording, a photo that is being made smaller. */

interface Waiting {
  readonly finish: () => unknown;
  readonly atMostMs: number;
}
const waiting = new Set<Waiting>();

/**
 * `finish` is called when the pocket is about to be sealed, or the page was hidden. What it gives back is waited for, no longer
 * than `atMostMs`: without it, as long as the lock itself waits. Returns how to stop that.
 */
export function beforeSealing(finish: () => unknown, atMostMs = Number.POSITIVE_INFINITY): () => void {
  const one = { finish, atMostMs };
  waiting.add(one);
  return () => waiting.delete(one);
}

/** Sealing waits for `work`, which has no other copy of what it brings. Gives back `work` as it is. */
export function sealAfter<T>(work: Promise<T>): Promise<T> {
  const done = beforeSealing(() => work);
  work.then(done, done);
  return work;
}

/** Never fails: whatever doesn't make it in time is finished at the next unlock. Null when nothing is under way. */
export const finishAll = (): Promise<unknown> | null =>
  waiting.size === 0 ? null : Promise.allSettled([...waiting].map(inTime));

async function inTime({ finish, atMostMs }: Waiting): Promise<void> {
  const finished = finish();
  const late = new Promise((resolve) => {
    if (atMostMs < Number.POSITIVE_INFINITY) setTimeout(resolve, atMostMs);
  });
  await Promise.race([finished, late]);
}
