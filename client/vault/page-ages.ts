/**
 * The newest few entries, and which pages of summaries hold the next: one small row, so that the first screen of ten thousand
 * entries is drawn from it alone. It says the age of the newest thing of four pages, and of all others together, so it is as
 * large in a full pocket as in an empty one. It lies among the keys, which are read while the code is derived (opening.ts). Written with
 * the page that changes what it says, in one transaction; where it is missing or damaged, all pages are read first, as if there were
 * none. Spec: docs/protocol/store.md §16.
 */
import type { Summary } from "./api.ts";
import type { Write } from "./ports.ts";
import type { SealedStore } from "./sealed-store.ts";

const GROUP = ["page-ages"] as const;
const ITEM = "now";
/** Of 128 summaries each: the first screens ask for 40, and an import may have brought old things in between. */
const NAMED = 4;
/** Home shows six. */
export const FIRST_THINGS = 8;

/** Of each page that isn't empty: `createdAt` of its newest. */
export type AgesByPage = ReadonlyMap<number, number>;

export interface PageAges {
  /** Number and age, newest first. */
  readonly newest: readonly (readonly [number, number])[];
  /** Of all other pages; null when there are none. */
  readonly others: number | null;
  /** The newest FIRST_THINGS entries that are neither put away nor in the bin; absent in rows of older builds. */
  readonly first?: readonly Summary[];
}

export function summarizeAges(ages: AgesByPage, first: readonly Summary[]): PageAges {
  const sorted = [...ages].toSorted(([, a], [, b]) => b - a);
  return { newest: sorted.slice(0, NAMED), others: sorted[NAMED]?.[1] ?? null, first };
}

/** Null when there is none, or it doesn't open. */
export const readPageAges = (store: SealedStore): Promise<PageAges | null> =>
  store.read<PageAges>("keyring", GROUP, ITEM).catch(() => null);

export const putPageAges = (store: SealedStore, ages: PageAges): Write => store.put("keyring", GROUP, ITEM, ages);

export const sameAges = (a: PageAges | null, b: PageAges): boolean => JSON.stringify(a) === JSON.stringify(b);
