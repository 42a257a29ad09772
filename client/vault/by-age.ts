/** Documents in the order of their age. Sorted when somebody asks; ten thousand stay sorted while one more comes. */
import type { DocumentTag } from "../../crypto/types.ts";

export class ByAge {
  readonly #ageOf: (document: DocumentTag) => number;
  readonly #all: () => Iterable<DocumentTag>;
  /** Oldest first; null until somebody asks, and again when an age changed. */
  #sorted: DocumentTag[] | null = null;

  constructor(all: () => Iterable<DocumentTag>, ageOf: (document: DocumentTag) => number) {
    this.#all = all;
    this.#ageOf = ageOf;
  }

  /** To be called before a new one is among `all`. */
  add(document: DocumentTag, age: number): void {
    this.#sorted?.splice(this.#firstNotBefore(this.#sorted, age), 0, document);
  }

  /** An age changed, or one is gone. */
  forget(): void {
    this.#sorted = null;
  }

  /** Those older than `before`, newest first, one by one. */
  *newestFirst(before: number): Generator<DocumentTag> {
    this.#sorted ??= [...this.#all()].sort((a, b) => this.#ageOf(a) - this.#ageOf(b));
    const sorted = this.#sorted;
    for (let at = this.#firstNotBefore(sorted, before) - 1; at >= 0; at--) yield sorted[at] as DocumentTag;
  }

  /** Index of the first whose age is not before `age`. */
  #firstNotBefore(sorted: readonly DocumentTag[], age: number): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ageOf(sorted[middle] as DocumentTag) < age) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
