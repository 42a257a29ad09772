/** Work that was begun and isn't done: what is waited for before the pocket is sealed. */
export class UnderWay {
  readonly #all = new Set<Promise<unknown>>();

  /** Gives back `work` as it is. */
  add<T>(work: Promise<T>): Promise<T> {
    const over: Promise<unknown> = work.then(
      () => this.#all.delete(over),
      () => this.#all.delete(over),
    );
    this.#all.add(over);
    return work;
  }

  /**
   * Resolves when nothing is under way, also of what was begun meanwhile: false when nothing was. Never fails: whoever began it
   * hears why.
   */
  async settled(): Promise<boolean> {
    if (this.#all.size === 0) return false;
    while (this.#all.size > 0) await Promise.all(this.#all);
    return true;
  }
}
