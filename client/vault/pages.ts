/**
 * Summaries of own documents in packed pages, so that unlocking ten thousand entries opens some eighty rows instead of
 * ten thousand. All summaries are in memory while the pocket is open; a change rewrites its page.
 */
import type { DocumentTag } from "../../crypto/types.ts";
import type { OwnKind } from "../documents/kinds.ts";
import type { EntryMarks } from "../documents/marks.ts";
import { isEmptySummary } from "../documents/own-read.ts";
import type { Summary, Whereabouts } from "./api.ts";
import type { Batch } from "./batch.ts";
import type { SealedStore } from "./sealed-store.ts";

/** A page of 128 summaries is some 40 KB: opened in 0.3 ms, and cheap enough to write after each pause in typing. */
const SUMMARIES_PER_PAGE = 128;
const GROUP = ["page"] as const;

const lies: Readonly<Record<Whereabouts, (marks: EntryMarks) => boolean>> = {
  kept: ({ binnedAt, archived }) => binnedAt === null && !archived,
  pinned: ({ binnedAt, archived, pinned }) => binnedAt === null && !archived && pinned,
  archived: ({ binnedAt, archived }) => binnedAt === null && archived,
  bin: ({ binnedAt }) => binnedAt !== null,
};

interface Page {
  readonly number: number;
  readonly summaries: readonly Summary[];
}

interface Placed {
  readonly summary: Summary;
  readonly page: number;
}

export class SummaryPages {
  /** A page could not be opened: its documents need new summaries (repair.ts). */
  readonly damaged: boolean;
  readonly #store: SealedStore;
  readonly #byDocument = new Map<DocumentTag, Placed>();
  readonly #pages = new Map<number, Set<DocumentTag>>();
  /** Oldest first; null until somebody asks, and again when an age changed. */
  #byAge: DocumentTag[] | null = null;
  /** What a batch that is not committed yet has put into or taken out of a page: several may share one page. */
  readonly #drafts = new WeakMap<Batch, Map<number, readonly Summary[]>>();

  private constructor(store: SealedStore, damaged: boolean) {
    this.#store = store;
    this.damaged = damaged;
  }

  static async open(store: SealedStore): Promise<SummaryPages> {
    const { rows, damaged } = await store.readGroup<Page>("pages", GROUP);
    const pages = new SummaryPages(store, damaged);
    for (const { value } of rows) for (const summary of value.summaries) pages.#remember(summary, value.number);
    return pages;
  }

  get(document: DocumentTag): Summary | null {
    return this.#byDocument.get(document)?.summary ?? null;
  }

  /** Null for a document without a summary. */
  pageOf(document: DocumentTag): number | null {
    return this.#byDocument.get(document)?.page ?? null;
  }

  /** Numbers of all pages, newest first. */
  numbers(): readonly number[] {
    return [...this.#pages.keys()].toSorted((a, b) => b - a);
  }

  summariesOf(number: number): readonly Summary[] {
    return [...(this.#pages.get(number) ?? [])].flatMap((document) => this.get(document) ?? []);
  }

  /** Newest first; documents in which nothing stands yet are left out. */
  newest(
    kind: OwnKind,
    before = Number.POSITIVE_INFINITY,
    limit = 200,
    where: Whereabouts = "kept",
  ): readonly Summary[] {
    const found: Summary[] = [];
    for (const summary of this.fromNewest(before)) {
      if (found.length >= limit) break;
      if (summary.kind === kind && lies[where](summary.marks)) found.push(summary);
    }
    return found;
  }

  /** All of a kind that are not in the bin, empty ones too. */
  allOf(kind: OwnKind): readonly DocumentTag[] {
    return [...this.#byDocument.values()].flatMap(({ summary }) =>
      summary.kind === kind && summary.marks.binnedAt === null ? [summary.document] : [],
    );
  }

  /** Everything in which something stands and that is older than `before`, the bin too, newest first, one by one. */
  *fromNewest(before = Number.POSITIVE_INFINITY): Generator<Summary> {
    const byAge = this.#sorted();
    for (let at = this.#firstNotBefore(byAge, before) - 1; at >= 0; at--) {
      const summary = this.get(byAge[at] as DocumentTag);
      if (summary !== null && !isEmptySummary(summary)) yield summary;
    }
  }

  /** What was put into the bin before this time (ms). */
  binnedBefore(at: number): readonly DocumentTag[] {
    return [...this.#byDocument.values()].flatMap(({ summary: { document, marks } }) =>
      marks.binnedAt !== null && marks.binnedAt < at ? [document] : [],
    );
  }

  put(batch: Batch, summary: Summary): void {
    const number = this.#byDocument.get(summary.document)?.page ?? this.#roomyPage(batch);
    const others = this.#drafted(batch, number).filter(({ document }) => document !== summary.document);
    this.#draft(batch, number, [...others, summary], () => this.#remember(summary, number));
  }

  remove(batch: Batch, document: DocumentTag): void {
    const number = this.#byDocument.get(document)?.page;
    if (number === undefined) return;
    const others = this.#drafted(batch, number).filter((summary) => summary.document !== document);
    this.#draft(batch, number, others, () => {
      this.#byDocument.delete(document);
      this.#pages.get(number)?.delete(document);
      this.#byAge = null;
    });
  }

  #remember(summary: Summary, page: number): void {
    const known = this.#byDocument.get(summary.document)?.summary;
    // Typing changes a summary ten times a second and its age never: the order stays.
    if (known !== undefined && known.createdAt !== summary.createdAt) this.#byAge = null;
    if (known === undefined) {
      this.#byAge?.splice(this.#firstNotBefore(this.#byAge, summary.createdAt), 0, summary.document);
    }
    this.#byDocument.set(summary.document, { summary, page });
    const documents = this.#pages.get(page) ?? new Set();
    this.#pages.set(page, documents.add(summary.document));
  }

  #sorted(): readonly DocumentTag[] {
    this.#byAge ??= [...this.#byDocument.keys()].sort((a, b) => this.#ageOf(a) - this.#ageOf(b));
    return this.#byAge;
  }

  #ageOf(document: DocumentTag): number {
    return this.#byDocument.get(document)?.summary.createdAt ?? 0;
  }

  /** Index of the first whose age is not before `age`, in what is sorted by age. */
  #firstNotBefore(byAge: readonly DocumentTag[], age: number): number {
    let low = 0;
    let high = byAge.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ageOf(byAge[middle] as DocumentTag) < age) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #roomyPage(batch: Batch): number {
    const last = Math.max(0, ...this.#pages.keys(), ...(this.#drafts.get(batch)?.keys() ?? []));
    return this.#drafted(batch, last).length < SUMMARIES_PER_PAGE ? last : last + 1;
  }

  #drafted(batch: Batch, number: number): readonly Summary[] {
    return this.#drafts.get(batch)?.get(number) ?? this.summariesOf(number);
  }

  #draft(batch: Batch, number: number, summaries: readonly Summary[], after: () => void): void {
    const drafts = this.#drafts.get(batch) ?? new Map<number, readonly Summary[]>();
    this.#drafts.set(batch, drafts.set(number, summaries));
    batch.add(this.#store.put("pages", GROUP, String(number), { number, summaries } satisfies Page), after);
  }
}
