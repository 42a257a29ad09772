/**
 * Summaries of own documents in packed pages, so that unlocking ten thousand entries opens some eighty rows instead of
 * ten thousand. All summaries are in memory while the pocket is open; a change rewrites its page.
 */
import type { DocumentTag } from "../../crypto/types.ts";
import { isEmptySummary } from "../documents/entry.ts";
import type { OwnKind } from "../documents/kinds.ts";
import type { Summary } from "./api.ts";
import type { Batch } from "./batch.ts";
import type { SealedStore } from "./sealed-store.ts";

/** A page of 128 summaries is some 30 KB: opened in 0.2 ms, and cheap enough to write after each pause in typing. */
const SUMMARIES_PER_PAGE = 128;
const GROUP = ["page"] as const;

interface Page {
  readonly number: number;
  readonly summaries: readonly Summary[];
}

export class SummaryPages {
  readonly #store: SealedStore;
  readonly #byDocument = new Map<DocumentTag, { summary: Summary; page: number }>();
  readonly #pages = new Map<number, Set<DocumentTag>>();

  private constructor(store: SealedStore) {
    this.#store = store;
  }

  static async open(store: SealedStore): Promise<SummaryPages> {
    const pages = new SummaryPages(store);
    for (const { value } of await store.list<Page>("pages", GROUP)) {
      for (const summary of value.summaries) pages.#remember(summary, value.number);
    }
    return pages;
  }

  get(document: DocumentTag): Summary | null {
    return this.#byDocument.get(document)?.summary ?? null;
  }

  /** Newest first; documents in which nothing stands yet are left out. */
  newest(kind: OwnKind, before = Number.POSITIVE_INFINITY, limit = 200): readonly Summary[] {
    const found: Summary[] = [];
    for (const { summary } of this.#byDocument.values()) {
      if (summary.kind === kind && summary.createdAt < before && !isEmptySummary(summary)) found.push(summary);
    }
    return found.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, limit);
  }

  put(batch: Batch, summary: Summary): void {
    const number = this.#byDocument.get(summary.document)?.page ?? this.#roomyPage();
    const others = this.#summariesOf(number).filter(({ document }) => document !== summary.document);
    batch.add(this.#writePage(number, [...others, summary]), () => this.#remember(summary, number));
  }

  remove(batch: Batch, document: DocumentTag): void {
    const number = this.#byDocument.get(document)?.page;
    if (number === undefined) return;
    const others = this.#summariesOf(number).filter((summary) => summary.document !== document);
    batch.add(this.#writePage(number, others), () => {
      this.#byDocument.delete(document);
      this.#pages.get(number)?.delete(document);
    });
  }

  #remember(summary: Summary, page: number): void {
    this.#byDocument.set(summary.document, { summary, page });
    const documents = this.#pages.get(page) ?? new Set();
    this.#pages.set(page, documents.add(summary.document));
  }

  #roomyPage(): number {
    const last = Math.max(0, ...this.#pages.keys());
    return (this.#pages.get(last)?.size ?? 0) < SUMMARIES_PER_PAGE ? last : last + 1;
  }

  #summariesOf(page: number): readonly Summary[] {
    return [...(this.#pages.get(page) ?? [])].flatMap((document) => this.get(document) ?? []);
  }

  #writePage(number: number, summaries: readonly Summary[]) {
    return this.#store.put("pages", GROUP, String(number), { number, summaries } satisfies Page);
  }
}
