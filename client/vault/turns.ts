/** One thing at a time: a step that reads rows, decides and writes them is never interleaved with another. */
export type Turn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Not re-entrant: work that is given a turn must not ask for another and wait for it. */
export function createTurns(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
