/**
 * Work that takes milliseconds (a page to read, a large message to send), of all connections, one piece in each turn of
 * the event loop and first come first served. Two hundred readers of one large record, or one device that fetches years,
 * would otherwise keep everybody else's acknowledgements waiting until the last of them is done; this way others wait for
 * one piece at the most.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #run = (): void => {
    const work = this.#waiting.shift();
    if (this.#waiting.length > 0) setImmediate(this.#run);
    work?.();
  };

  add(work: () => void): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) setImmediate(this.#run);
  }

  /** Resolves when it is this caller's turn; what it does at once counts as one piece. */
  next(): Promise<void> {
    return new Promise((resolve) => this.add(resolve));
  }
}
