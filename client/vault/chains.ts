/**
 * Chains of one space: each record names its place (counter) and the hash of the one before, so that what a server drops,
 * repeats, reorders or forks is noticed. Spec: docs/protocol/store.md §8.
 *
 * A gap is lawful before the first record of a chain that we ever saw (who joins gets what comes from then on), where an
 * owner's tombstone names the place, and where the author's own void says that the server refused it. Any other place is
 * *missing* until it comes, or is explained, later.
 */
import { type ChainHead, parseVoid } from "../../crypto/inner.ts";
import type { OpenedRecord } from "../../crypto/records.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { AuthorPublicKey, ChainId } from "../../crypto/types.ts";
import type { KnownHead, SpaceState } from "./space-rows.ts";

export interface Place {
  readonly chain: ChainId;
  readonly counter: number;
}

/** A server that claims a gap of millions must not fill the disk. */
const MAX_MISSING = 4096;

/**
 * next: follows its head, or begins a chain. late: fills a place that was missing. again: at a place that is known, so the
 * same record or another history. broken: claims to follow the head and names another hash: another history.
 */
export type Position = "next" | "late" | "again" | "broken";

export class Chains {
  readonly #heads: Map<string, KnownHead>;
  #gaps: readonly ChainHead[];
  #missing: readonly Place[];
  #forked: boolean;

  constructor(state: Pick<SpaceState, "heads" | "gaps" | "missing" | "problem">) {
    this.#heads = new Map(state.heads.map((head) => [head.chain, head]));
    this.#gaps = state.gaps;
    this.#missing = state.missing;
    this.#forked = state.problem === "fork";
  }

  head(chain: ChainId): KnownHead | null {
    return this.#heads.get(chain) ?? null;
  }

  /** Takes a record whose author is known into its chain. */
  take(opened: OpenedRecord, hash: KnownHead["hash"], author: AuthorPublicKey): Position {
    const position = this.#position(opened);
    const { chain, counter } = opened;
    if (position === "late") this.#missing = this.#missing.filter((place) => !isAt(place, chain, counter));
    if (position === "broken") this.#forked = true;
    if (position === "next") {
      this.#noteMissing(chain, counter);
      this.#heads.set(chain, { chain, counter, hash, author });
    }
    if (opened.kind === "void") this.#explain(opened.payload, author);
    return position;
  }

  /** Another history of a chain was seen; both are kept. */
  noteFork(): void {
    this.#forked = true;
  }

  /** Places that a tombstone names. */
  allow(gaps: readonly ChainHead[]): void {
    const known = new Set(this.#gaps.map(({ chain, counter }) => `${chain}/${counter}`));
    this.#gaps = [...this.#gaps, ...gaps.filter(({ chain, counter }) => !known.has(`${chain}/${counter}`))];
    this.#missing = this.#missing.filter(({ chain, counter }) => !gaps.some((gap) => isAt(gap, chain, counter)));
  }

  state(): Pick<SpaceState, "heads" | "gaps" | "missing" | "problem"> {
    const problem = this.#forked ? "fork" : this.#missing.length > 0 ? "incomplete" : null;
    return { heads: [...this.#heads.values()], gaps: this.#gaps, missing: this.#missing, problem };
  }

  #position({ chain, counter, previous }: OpenedRecord): Position {
    const known = this.#heads.get(chain);
    if (known === undefined || counter > known.counter + 1) return "next";
    if (counter === known.counter + 1) return equalBytes(previous, known.hash) ? "next" : "broken";
    return this.#missing.some((place) => isAt(place, chain, counter)) ? "late" : "again";
  }

  #noteMissing(chain: ChainId, counter: number): void {
    const from = this.#heads.get(chain)?.counter;
    if (from === undefined) return;
    const missing: Place[] = [];
    for (let at = from + 1; at < counter && missing.length < MAX_MISSING; at++) {
      if (!this.#gaps.some((gap) => isAt(gap, chain, at))) missing.push({ chain, counter: at });
    }
    if (missing.length > 0) this.#missing = [...this.#missing, ...missing].slice(0, MAX_MISSING);
  }

  /** A void counts for a chain of its own author only. */
  #explain(payload: Uint8Array, author: AuthorPublicKey): void {
    try {
      const refused = parseVoid(payload);
      const owner = this.#heads.get(refused.chain)?.author;
      if (owner !== undefined && equalBytes(owner, author)) this.allow([refused]);
    } catch {
      // Not a void after all: it explains nothing.
    }
  }
}

const isAt = (place: Place, chain: ChainId, counter: number): boolean =>
  place.chain === chain && place.counter === counter;
