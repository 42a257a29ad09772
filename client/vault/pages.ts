/**
 * Summaries of own documents in packed pages, so that unlocking ten thousand entries opens some eighty rows instead of
 * ten thousand. All summaries are in memory while the pocket is open; a change rewrites its page.
 *
 * The first screen doesn't wait for all of them: `ahead` answers from the row that has the newest few, or from the pages that
 * hold the newest, what these can answer for sure, and `readAll` reads everything before anything else is asked or written.
 */
import type { DocumentTag } from "../../crypto/types.ts";
import type { OwnKind } from "../documents/kinds.ts";
import type { EntryMarks } from "../documents/marks.ts";
import { isEmptySummary } from "../documents/own-read.ts";
import type { Summary, Whereabouts } from "./api.ts";
import type { Batch } from "./batch.ts";
import { ByAge } from "./by-age.ts";
import { FIRST_THINGS, type PageAges, putPageAges, readPageAges, sameAges, summarizeAges } from "./page-ages.ts";
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

/** What a batch that is not committed yet makes of the pages it touches: several of its changes may share one page. */
interface Draft {
  readonly pages: Map<number, readonly Summary[]>;
  readonly ages: Map<number, number>;
  kept: PageAges | null;
}

export class SummaryPages {
  readonly #store: SealedStore;
  readonly #byDocument = new Map<DocumentTag, Placed>();
  readonly #pages = new Map<number, Set<DocumentTag>>();
  /** `createdAt` of the newest in each page. */
  readonly #ages = new Map<number, number>();
  readonly #byAge = new ByAge(
    () => this.#byDocument.keys(),
    (document) => this.#byDocument.get(document)?.summary.createdAt ?? 0,
  );
  readonly #drafts = new WeakMap<Batch, Draft>();
  /** As it lies on the disk. */
  #keptAges: PageAges | null = null;
  /** Pages that are in memory before all of them are. */
  readonly #read = new Set<number>();
  #isWhole: boolean = false;
  #damaged: boolean = false;

  private constructor(store: SealedStore) {
    this.#store = store;
  }

  /** All of them. */
  static async open(store: SealedStore): Promise<SummaryPages> {
    const pages = new SummaryPages(store);
    await pages.readAll();
    return pages;
  }

  /** Those that hold the newest `limit` entries; all of them where that can't be told. `readAll` has to follow. */
  static async openAhead(store: SealedStore, limit: number): Promise<SummaryPages> {
    const pages = new SummaryPages(store);
    pages.#keptAges = await readPageAges(store);
    if ((await pages.ahead("entry", limit)) === null) await pages.readAll();
    return pages;
  }

  /** A page could not be opened: its documents need new summaries (repair.ts). */
  get damaged(): boolean {
    return this.#damaged;
  }

  /** Nobody may write meanwhile, which is so when nothing but `ahead` was asked before. Done once. */
  async readAll(): Promise<void> {
    if (this.#isWhole) return;
    const { rows, damaged } = await this.#store.readGroup<Page>("pages", GROUP);
    for (const { value } of rows) this.#rememberPage(value);
    this.#damaged = damaged;
    this.#isWhole = true;
    await this.#keepAges();
  }

  /** What `newest` would give, from the newest few or the pages that are in memory or named as the newest; null when those can't tell. */
  async ahead(kind: OwnKind, limit: number, where: Whereabouts = "kept"): Promise<readonly Summary[] | null> {
    const { newest, others, first } = this.#keptAges ?? { newest: [], others: Number.POSITIVE_INFINITY };
    const isFirst = kind === "entry" && where === "kept" && limit <= FIRST_THINGS;
    if (!this.#isWhole && isFirst && first !== undefined) return first.slice(0, limit);
    for (const [at, [number]] of newest.entries()) {
      if (this.#isWhole) break;
      if (!this.#read.has(number)) {
        const page = await this.#store.read<Page>("pages", GROUP, String(number)).catch(() => null);
        if (this.#isWhole) break; // What was read is older than what is in memory by now.
        if (page === null) return null;
        this.#rememberPage(page);
        this.#read.add(number);
      }
      const unread = newest[at + 1]?.[1] ?? others ?? Number.NEGATIVE_INFINITY;
      const found = this.#newest(kind, Number.POSITIVE_INFINITY, limit, where).filter((one) => one.createdAt > unread);
      if (found.length >= limit || (others === null && at === newest.length - 1)) return found;
    }
    return this.#isWhole ? this.newest(kind, Number.POSITIVE_INFINITY, limit, where) : null;
  }

  get(document: DocumentTag): Summary | null {
    this.#needAll();
    return this.#byDocument.get(document)?.summary ?? null;
  }

  /** Null for a document without a summary. */
  pageOf(document: DocumentTag): number | null {
    this.#needAll();
    return this.#byDocument.get(document)?.page ?? null;
  }

  /** Numbers of all pages, newest first. */
  numbers(): readonly number[] {
    this.#needAll();
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
    this.#needAll();
    return this.#newest(kind, before, limit, where);
  }

  /** All of a kind that are not in the bin, empty ones too. */
  allOf(kind: OwnKind): readonly DocumentTag[] {
    this.#needAll();
    return [...this.#byDocument.values()].flatMap(({ summary }) =>
      summary.kind === kind && summary.marks.binnedAt === null ? [summary.document] : [],
    );
  }

  /** Everything in which something stands and that is older than `before`, the bin too, newest first, one by one. */
  fromNewest(before = Number.POSITIVE_INFINITY): Generator<Summary> {
    this.#needAll();
    return this.#fromNewest(before);
  }

  /** What was put into the bin before this time (ms). */
  binnedBefore(at: number): readonly DocumentTag[] {
    this.#needAll();
    return [...this.#byDocument.values()].flatMap(({ summary: { document, marks } }) =>
      marks.binnedAt !== null && marks.binnedAt < at ? [document] : [],
    );
  }

  put(batch: Batch, summary: Summary): void {
    this.#needAll();
    const number = this.#byDocument.get(summary.document)?.page ?? this.#roomyPage(batch);
    const others = this.#drafted(batch, number).filter(({ document }) => document !== summary.document);
    this.#draft(batch, number, [...others, summary], () => this.#remember(summary, number));
  }

  remove(batch: Batch, document: DocumentTag): void {
    this.#needAll();
    const number = this.#byDocument.get(document)?.page;
    if (number === undefined) return;
    const others = this.#drafted(batch, number).filter((summary) => summary.document !== document);
    this.#draft(batch, number, others, () => {
      this.#byDocument.delete(document);
      this.#pages.get(number)?.delete(document);
      this.#byAge.forget();
    });
  }

  /** A document that isn't in memory yet would look like one that isn't there. */
  #needAll(): void {
    if (!this.#isWhole) throw new Error("only the newest summaries have been read");
  }

  #newest(kind: OwnKind, before: number, limit: number, where: Whereabouts): readonly Summary[] {
    const found: Summary[] = [];
    for (const summary of this.#fromNewest(before)) {
      if (found.length >= limit) break;
      if (summary.kind === kind && lies[where](summary.marks)) found.push(summary);
    }
    return found;
  }

  *#fromNewest(before: number): Generator<Summary> {
    for (const document of this.#byAge.newestFirst(before)) {
      const summary = this.#byDocument.get(document)?.summary;
      if (summary !== undefined && !isEmptySummary(summary)) yield summary;
    }
  }

  #rememberPage({ number, summaries }: Page): void {
    for (const summary of summaries) this.#remember(summary, number);
    const age = newestOf(summaries);
    if (age !== null) this.#ages.set(number, age);
  }

  /** The row says what is so, also where an older build wrote these pages. What fails costs time at the next unlock. */
  async #keepAges(): Promise<void> {
    const ages = summarizeAges(this.#ages, this.#firstThings(new Map()));
    this.#keptAges ??= await readPageAges(this.#store);
    if (this.#ages.size === 0 || sameAges(this.#keptAges, ages)) return;
    try {
      await this.#store.commit([putPageAges(this.#store, ages)]);
      this.#keptAges = ages;
    } catch {
      // It is written with the next change, or at the next unlock.
    }
  }

  /** The newest few entries, where these pages are as drafted. */
  #firstThings(drafted: ReadonlyMap<number, readonly Summary[]>): readonly Summary[] {
    const found: Summary[] = [];
    for (const summary of this.#fromNewest(Number.POSITIVE_INFINITY)) {
      if (found.length >= FIRST_THINGS) break;
      const { page } = this.#byDocument.get(summary.document) as Placed;
      if (!drafted.has(page) && isFirstThing(summary)) found.push(summary);
    }
    return [...found, ...[...drafted.values()].flat().filter(isFirstThing)].toSorted(byNewest).slice(0, FIRST_THINGS);
  }

  #remember(summary: Summary, page: number): void {
    const known = this.#byDocument.get(summary.document)?.summary;
    // Typing changes a summary ten times a second and its age never: the order stays.
    if (known !== undefined && known.createdAt !== summary.createdAt) this.#byAge.forget();
    if (known === undefined) this.#byAge.add(summary.document, summary.createdAt);
    this.#byDocument.set(summary.document, { summary, page });
    const documents = this.#pages.get(page) ?? new Set();
    this.#pages.set(page, documents.add(summary.document));
  }

  #roomyPage(batch: Batch): number {
    const last = Math.max(0, ...this.#pages.keys(), ...(this.#drafts.get(batch)?.pages.keys() ?? []));
    return this.#drafted(batch, last).length < SUMMARIES_PER_PAGE ? last : last + 1;
  }

  #drafted(batch: Batch, number: number): readonly Summary[] {
    return this.#drafts.get(batch)?.pages.get(number) ?? this.summariesOf(number);
  }

  #draft(batch: Batch, number: number, summaries: readonly Summary[], after: () => void): void {
    const draft = this.#drafts.get(batch) ?? { pages: new Map(), ages: new Map(this.#ages), kept: this.#keptAges };
    this.#drafts.set(batch, draft);
    draft.pages.set(number, summaries);
    const age = newestOf(summaries);
    setAge(draft.ages, number, age);
    batch.add(this.#store.put("pages", GROUP, String(number), { number, summaries } satisfies Page), () => {
      after();
      setAge(this.#ages, number, age);
    });
    const ages = summarizeAges(draft.ages, this.#firstThings(draft.pages));
    if (sameAges(draft.kept, ages)) return;
    draft.kept = ages;
    batch.add(putPageAges(this.#store, ages), () => {
      this.#keptAges = ages;
    });
  }
}

const isFirstThing = (summary: Summary): boolean =>
  summary.kind === "entry" && lies.kept(summary.marks) && !isEmptySummary(summary);
/** One order also where two are of the same moment: the row is compared with what it should say. */
const byNewest = (a: Summary, b: Summary): number =>
  b.createdAt - a.createdAt || (a.document < b.document ? -1 : Number(a.document > b.document));

const newestOf = (summaries: readonly Summary[]): number | null =>
  summaries.length === 0 ? null : Math.max(...summaries.map(({ createdAt }) => createdAt));

function setAge(ages: Map<number, number>, number: number, age: number | null): void {
  if (age === null) ages.delete(number);
  else ages.set(number, age);
}
