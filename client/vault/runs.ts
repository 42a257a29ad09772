/**
 * Places of chains as runs of counters: a hundred places in a row are one entry, so that neither a server that claims a
 * gap of millions nor a snapshot that stands for years of typing fills a row.
 */
import type { ChainId } from "../../crypto/types.ts";

export interface Place {
  readonly chain: ChainId;
  readonly counter: number;
}

/** Counters `from` … `to` of a chain, both included. */
export interface Run {
  readonly chain: ChainId;
  readonly from: number;
  readonly to: number;
}

export const hasPlace = (runs: readonly Run[], { chain, counter }: Place): boolean =>
  runs.some((run) => run.chain === chain && run.from <= counter && counter <= run.to);

export const runOf = ({ chain, counter }: Place): Run => ({ chain, from: counter, to: counter });

/** `runs` without what `gone` names; what is left of a run keeps everything else that it says. */
export function subtractRuns<R extends Run>(runs: readonly R[], gone: readonly Run[]): readonly R[] {
  let left: readonly R[] = runs;
  for (const { chain, from, to } of gone) {
    left = left.flatMap((run) => {
      if (run.chain !== chain || run.to < from || to < run.from) return [run];
      const before = run.from < from ? [{ ...run, to: from - 1 }] : [];
      const after = to < run.to ? [{ ...run, from: to + 1 }] : [];
      return [...before, ...after];
    });
  }
  return left;
}

/** The same places in as few runs as can be, by chain and counter. */
export function mergeRuns(runs: readonly Run[]): readonly Run[] {
  const merged: Run[] = [];
  const sorted = runs.toSorted((a, b) => (a.chain < b.chain ? -1 : a.chain > b.chain ? 1 : a.from - b.from));
  for (const run of sorted) {
    const last = merged.at(-1);
    if (last === undefined || last.chain !== run.chain || run.from > last.to + 1) merged.push(run);
    else merged[merged.length - 1] = { ...last, to: Math.max(last.to, run.to) };
  }
  return merged;
}
