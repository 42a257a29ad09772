/**
 * The words of all own documents, in memory while the pocket is open, for search: as they were written, and folded. On
 * the disk there is no index; the texts alone lie in packed sealed pages beside the summaries', so that ten thousand of
 * them are there again in a second instead of being read out of two hundred thousand records.
 *
 * These pages are a copy that may be out of date: each text says of which change of its document it is, and what doesn't
 * match the summary is read from the log again. So they are written when there is time, never while somebody types.
 * Spec: docs/protocol/store.md §11.
 */
import type { DocumentTag } from "../../crypto/types.ts";
import { foldText } from "../documents/fold.ts";
import type { EntryMarks } from "../documents/marks.ts";
import type { OwnRead } from "../documents/own-read.ts";
import type { Summary } from "./api.ts";
import { Batch } from "./batch.ts";
import type { SummaryPages } from "./pages.ts";
import type { Clock } from "./ports.ts";
import type { SealedStore } from "./sealed-store.ts";

const GROUP = ["text"] as const;
/** After the last change of any document. A page of texts is some 150 KB: not to be written ten times a second. */
const CALM_MS = 15_000;

interface KeptText {
  readonly document: DocumentTag;
  /** `changedAt` of the summary it belongs to. */
  readonly changedAt: number;
  readonly text: string;
}

interface TextPage {
  readonly texts: readonly KeptText[];
}

/** What the summary knows and a kept text doesn't say again. */
type Beside = Pick<Summary, "title" | "marks">;

/** The child's own words for where and when it was, who was there, and what it is about. */
const wordsOf = ({ day, place, persons, tags }: EntryMarks): readonly string[] =>
  [...persons, ...tags, place, day].filter((words) => words.trim() !== "");

/** One document as search sees it. */
export interface SearchText {
  readonly changedAt: number;
  /**
   * Title, a line break, text, a line break, the words it is marked with; in NFC. Kept as one, so that looking through ten
   * thousand puts nothing together.
   */
  readonly whole: string;
  /** As long as `whole`, place for place. */
  readonly folded: string;
  /** Where the text begins, and the one after its last character. */
  readonly textFrom: number;
  readonly textTo: number;
}

export interface TextsParts {
  readonly store: SealedStore;
  readonly pages: SummaryPages;
  readonly clock: Clock;
  /** To be called inside `store.exclusive`. */
  readDocument(document: DocumentTag): Promise<OwnRead>;
}

export class Texts {
  readonly #parts: TextsParts;
  readonly #byDocument = new Map<DocumentTag, SearchText>();
  /** Pages whose texts on the disk are not those in memory. */
  readonly #dirty = new Set<number>();
  #gathering: Promise<void> | null = null;
  #complete: boolean = false;
  #stopped: boolean = false;
  #cancelTimer: (() => void) | null = null;

  constructor(parts: TextsParts) {
    this.#parts = parts;
  }

  /** All documents are in memory. */
  get isComplete(): boolean {
    return this.#complete;
  }

  get(document: DocumentTag): SearchText | null {
    return this.#byDocument.get(document) ?? null;
  }

  put(batch: Batch, changed: KeptText & Beside): void {
    batch.remember(() => {
      this.#remember(changed);
      this.#soil(this.#parts.pages.pageOf(changed.document));
    });
  }

  /** In the batch that removes the document, before its summary: no word of it stays on the disk. */
  remove(batch: Batch, document: DocumentTag): void {
    const page = this.#parts.pages.pageOf(document);
    if (page === null) return;
    batch.add(this.#parts.store.remove("pages", GROUP, String(page)), () => {
      this.#byDocument.delete(document);
      this.#soil(page);
    });
  }

  /** Brings every text into memory, newest pages first, a page at a time. Asked again, the same answer. */
  gather(): Promise<void> {
    this.#gathering ??= this.#gather().catch((error: unknown) => {
      this.#gathering = null;
      throw error;
    });
    return this.#gathering;
  }

  /** Writes every page whose texts have changed. Called on its own when it is calm. */
  async write(): Promise<void> {
    await this.gather();
    for (const number of [...this.#dirty]) {
      await this.#parts.store.exclusive(async () => {
        if (this.#stopped) return;
        const batch = new Batch();
        const texts = this.#parts.pages.summariesOf(number).flatMap(({ document }): readonly KeptText[] => {
          const known = this.#byDocument.get(document);
          return known === undefined
            ? []
            : [{ document, changedAt: known.changedAt, text: known.whole.slice(known.textFrom, known.textTo) }];
        });
        batch.add(this.#parts.store.put("pages", GROUP, String(number), { texts } satisfies TextPage), () =>
          this.#dirty.delete(number),
        );
        await batch.commit(this.#parts.store);
      });
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  async #gather(): Promise<void> {
    const { pages } = this.#parts;
    for (const number of pages.numbers()) {
      if (this.#stopped) return;
      await this.#gatherPage(number);
    }
    this.#complete = true;
    if (this.#dirty.size > 0) this.#writeSoon();
  }

  async #gatherPage(number: number): Promise<void> {
    const { pages, store } = this.#parts;
    const page = await store.read<TextPage>("pages", GROUP, String(number)).catch(() => null);
    const kept = new Map(page?.texts.map((text) => [text.document, text]));
    for (const { document } of pages.summariesOf(number)) {
      // Read anew: it may have been changed or removed while we waited.
      const summary = pages.get(document);
      if (summary === null || this.#byDocument.get(document)?.changedAt === summary.changedAt) continue;
      const text = kept.get(document);
      if (text?.changedAt === summary.changedAt) this.#remember({ ...text, ...summary });
      else await this.#readAgain(document, number);
      if (this.#stopped) return;
    }
  }

  async #readAgain(document: DocumentTag, number: number): Promise<void> {
    const { pages, store, readDocument } = this.#parts;
    await store.exclusive(async () => {
      const summary = pages.get(document);
      if (summary === null || this.#stopped) return;
      const { text } = await readDocument(document);
      this.#remember({ ...summary, document, text });
      this.#dirty.add(number);
    });
  }

  #remember({ document, changedAt, title, text, marks }: KeptText & Beside): void {
    const before = this.#byDocument.get(document);
    if (before !== undefined && before.changedAt > changedAt) return;
    const head = `${title.normalize("NFC")}\n`;
    const body = head + text.normalize("NFC");
    const whole = `${body}\n${wordsOf(marks).join(" · ").normalize("NFC")}`;
    const folded = foldText(whole);
    this.#byDocument.set(document, { changedAt, whole, folded, textFrom: head.length, textTo: body.length });
  }

  #soil(page: number | null): void {
    if (page === null) return;
    this.#dirty.add(page);
    this.#writeSoon();
  }

  #writeSoon(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#parts.clock.after(CALM_MS, () => {
      this.#cancelTimer = null;
      // What fails here costs nothing but time at the next unlocking.
      this.write().catch(() => undefined);
    });
  }
}
