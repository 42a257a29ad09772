/** Search: what is asked, and what is found. Part of the vault's API (api.ts). */
import type { OwnKind } from "../documents/kinds.ts";
import type { PersonId, Summary } from "./api-summary.ts";

/** What a thing can have in it beside words. */
export type Holding = "photo" | "sound" | "video" | "drawing";

/** What is looked for besides words; what is left out doesn't matter. */
export interface SearchFilters {
  readonly kind?: OwnKind | undefined;
  readonly mood?: string | undefined;
  /** shown: somebody sees it now; mine: nobody but me. */
  readonly shown?: "shown" | "mine" | undefined;
  /** Somebody it is shown to now. */
  readonly person?: PersonId | undefined;
  /** Marked with this tag, this name, this place, in any capitals. */
  readonly tag?: string | undefined;
  readonly name?: string | undefined;
  readonly place?: string | undefined;
  /** Only what has one of these in it. */
  readonly has?: Holding | undefined;
  /** `createdAt` from here on, and before there (ms): the page knows where its months begin. */
  readonly from?: number | undefined;
  readonly before?: number | undefined;
}

export interface MarkedWords {
  readonly tags: readonly string[];
  readonly names: readonly string[];
  readonly places: readonly string[];
}

/** A place to be marked: first character and the one after the last, in UTF-16 units. */
export type Mark = readonly [from: number, to: number];

export interface SearchHit {
  readonly summary: Summary;
  /** In `summary.title`. */
  readonly titleMarks: readonly Mark[];
  /** One line of some 120 characters around the first words that were found; the beginning where only the title has them. */
  readonly excerpt: string;
  readonly excerptMarks: readonly Mark[];
}

export interface SearchResult {
  /** Newest first. */
  readonly hits: readonly SearchHit[];
  /** There are more than were asked for. */
  readonly more: boolean;
  /** False: texts are still being read; `changed: search` comes when all are there. */
  readonly complete: boolean;
}

export interface SearchInside {
  /** Words that entries and wishes are marked with, in the spelling of the newest, most used first; the bin left out. */
  markedWords(): Promise<MarkedWords>;
  /** Every word of `query` in title, text or marks (docs/decisions/5-search.md), and the filters. Without words: the filters. */
  search(query: string, filters: SearchFilters, limit: number): Promise<SearchResult>;
}
