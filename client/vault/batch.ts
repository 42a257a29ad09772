/**
 * Writes that stand or fall together, with what to remember in memory once they are durable: memory never knows what
 * the disk doesn't.
 */
import type { CommitOptions, Write } from "./ports.ts";
import type { SealedStore } from "./sealed-store.ts";

export class Batch {
  readonly #writes: Write[] = [];
  readonly #after: (() => void)[] = [];

  add(write: Write, after?: () => void): void {
    this.#writes.push(write);
    if (after !== undefined) this.#after.push(after);
  }

  /** Something to remember that needs no write of its own. */
  remember(after: () => void): void {
    this.#after.push(after);
  }

  /** @throws StoreError; nothing was written or remembered then */
  async commit(store: SealedStore, options?: CommitOptions): Promise<void> {
    await store.commit(this.#writes, options);
    for (const remember of this.#after) remember();
  }
}
