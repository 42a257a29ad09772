/** What must still reach the vault before it is sealed: the last second of a recording. */

const waiting = new Set<() => Promise<unknown>>();

/** `finish` is called when the pocket is about to be sealed, or the page was hidden. Returns how to stop that. */
export function beforeSealing(finish: () => Promise<unknown>): () => void {
  waiting.add(finish);
  return () => waiting.delete(finish);
}

/** Never fails: whatever doesn't make it in time is finished at the next unlock. */
export const finishAll = (): Promise<unknown> => Promise.allSettled([...waiting].map((finish) => finish()));
