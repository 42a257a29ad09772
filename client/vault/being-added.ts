/**
 * Documents into which something is being put that has left no row yet: a photo that is being drawn anew or sealed. What
 * takes away a document in which nothing stands asks here first.
 */
import type { DocumentTag } from "../../crypto/types.ts";

export class BeingAdded {
  readonly #counts = new Map<DocumentTag, number>();

  /** `document` counts as one that something comes into until `work` is over, however it ends. */
  async during<T>(document: DocumentTag, work: () => Promise<T>): Promise<T> {
    this.#counts.set(document, (this.#counts.get(document) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#counts.get(document) ?? 1) - 1;
      if (left === 0) this.#counts.delete(document);
      else this.#counts.set(document, left);
    }
  }

  has(document: DocumentTag): boolean {
    return this.#counts.has(document);
  }
}
