/** Times and quantiles, for the bench and its workers alike. */

export interface CallFigures {
  readonly searchP95Ms: number;
  readonly searchMedianMs: number;
  readonly addEntryMs: number;
  /** Of one new entry. */
  readonly addEntryRows: number;
  readonly addEntryBytes: number;
}

/** What children look for: letters on the way to a word, names, words joined, words that stand nowhere, two words. */
export const SEARCHES: readonly string[] = [
  ..."mormor sagsbehandler pandekager søen fodbold socialsekreterare lägenhet åen"
    .split(" ")
    .flatMap((word) => [2, 3, 4, 5, 8].map((letters) => word.slice(0, letters))),
  "Søren",
  "soeren",
  "Åse",
  "Märta",
  "gård",
  "gaard",
  "kaninen",
  "ensom",
  "bange",
  "glad",
  "zebra",
  "findes slet ikke",
  "min mor savner",
  "hunden søndag",
  "møde voksne ingenting",
  "grå kat",
  "xyzzy",
  "qwerty",
  "Ærø",
  "blåbær",
];

export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN).toFixed(1));
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Milliseconds of each, one after the other. */
export async function timesOf<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (const item of items) {
    const from = performance.now();
    await work(item);
    times.push(performance.now() - from);
  }
  return times;
}
