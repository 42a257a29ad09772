/**
 * Chains of one space: each record names its place (counter) and the hash of the one before, so that what a server drops,
 * repeats, reorders or forks is noticed. Spec: docs/protocol/store.md §8.
 *
 * A gap is lawful before the frontier of the checkpoint with which we joined, where an owner's tombstone names the place,
 * where an owner's snapshot stands for it, and where the author's own void says that the server refused it. Any other
 * place, also before the first record of a chain, is *missing* until it comes, or is explained, later. The space is
 * incomplete only when the server was asked once more for everything and the place still didn't come.
 */
import { type ChainHead, parseVoid } from "../../crypto/inner.ts";
import type { OpenedRecord } from "../../crypto/records.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { ChainId } from "../../crypto/types.ts";
import type { Health } from "../sync/ports.ts";
import { hasPlace, mergeRuns, type Place, type Run, runOf, subtractRuns } from "./runs.ts";
import type { KnownHead, MissingRun, SpaceState } from "./space-rows.ts";

/** A member who leaves gap after gap must not fill the disk of the others. */
const MAX_MISSING_RUNS = 4096;

/**
 * next: follows its head, or begins a chain. late: fills a place that was missing. again: at a place that is known, so the
 * same record or another history. broken: claims to follow the head and names another hash: another history.
 */
export type Position = "next" | "late" | "again" | "broken";

type Known = Pick<
  SpaceState,
  "heads" | "joined" | "gaps" | "covered" | "missing" | "awaited" | "problem" | "quarantined"
>;

export class Chains {
  readonly #heads: Map<string, KnownHead>;
  readonly #joined: readonly ChainHead[];
  #gaps: readonly ChainHead[];
  #covered: readonly Run[];
  #missing: readonly MissingRun[];
  #forked: boolean;
  readonly #quarantined: boolean;
  /** A record came whose content the server doesn't give. */
  readonly #lacksContent: boolean;

  constructor(state: Known) {
    this.#heads = new Map(state.heads.map((head) => [head.chain, head]));
    this.#joined = state.joined;
    this.#gaps = state.gaps;
    this.#covered = state.covered;
    this.#missing = state.missing;
    this.#forked = state.problem === "fork";
    this.#quarantined = state.quarantined;
    this.#lacksContent = state.awaited.some(({ missed }) => missed);
  }

  head(chain: ChainId): KnownHead | null {
    return this.#heads.get(chain) ?? null;
  }

  /** Takes a record whose author is known into its chain. */
  take(opened: OpenedRecord, hash: KnownHead["hash"], author: KnownHead["author"]): Position {
    const position = this.#position(opened);
    const { chain, counter } = opened;
    if (position === "late" || position === "next") this.#missing = subtractRuns(this.#missing, [runOf(opened)]);
    if (position === "broken") this.#forked = true;
    if (position === "next") {
      this.#noteMissing(chain, counter);
      this.#heads.set(chain, { chain, counter, hash, author });
    }
    if (opened.kind === "void") this.#explain(opened.payload, author);
    return position;
  }

  /**
   * Chains whose keys a rotation ended had come as far as it says: what hasn't, and isn't explained, is missing. A server
   * that keeps the end of such a chain from a device that comes later would otherwise never be noticed, as nothing follows.
   */
  expect(ends: readonly Place[]): void {
    for (const { chain, counter } of ends) {
      if (counter > (this.#heads.get(chain)?.counter ?? 0)) this.#noteGap(chain, counter + 1);
    }
  }

  /** Another history of a chain was seen; both are kept. */
  noteFork(): void {
    this.#forked = true;
  }

  /** Places that a tombstone names. */
  allow(gaps: readonly ChainHead[]): void {
    const known = new Set(this.#gaps.map(({ chain, counter }) => `${chain}/${counter}`));
    this.#gaps = [...this.#gaps, ...gaps.filter(({ chain, counter }) => !known.has(`${chain}/${counter}`))];
    this.#missing = subtractRuns(this.#missing, gaps.map(runOf));
  }

  /** Places that an owner's snapshot stands for. Those under a head are settled at once; the others are remembered. */
  cover(runs: readonly Run[]): void {
    this.#missing = subtractRuns(this.#missing, runs);
    const ahead = runs.filter(({ chain, to }) => to > (this.#heads.get(chain)?.counter ?? 0));
    this.#covered = mergeRuns([...this.#covered, ...ahead]);
  }

  get health(): Health {
    return { wantsAsking: this.#missing.some(({ asked }) => !asked), trouble: this.state().problem };
  }

  /** Everything was pulled once more: what is still missing is not there. */
  noteAsked(): void {
    this.#missing = this.#missing.map((run) => ({ ...run, asked: true }));
  }

  state(): Pick<SpaceState, "heads" | "gaps" | "covered" | "missing" | "problem"> {
    const lacks = this.#lacksContent || this.#missing.some(({ asked }) => asked);
    const rest = this.#quarantined ? "quarantined" : null;
    const problem = this.#forked ? "fork" : lacks ? "incomplete" : rest;
    const heads = [...this.#heads.values()];
    return { heads, gaps: this.#gaps, covered: this.#covered, missing: this.#missing, problem };
  }

  #position({ chain, counter, previous }: OpenedRecord): Position {
    const known = this.#heads.get(chain);
    if (known === undefined || counter > known.counter + 1) return "next";
    if (counter === known.counter + 1) return equalBytes(previous, known.hash) ? "next" : "broken";
    return hasPlace(this.#missing, { chain, counter }) ? "late" : "again";
  }

  #noteMissing(chain: ChainId, counter: number): void {
    this.#noteGap(chain, counter);
    this.#covered = this.#covered.filter((run) => run.chain !== chain || run.to > counter);
  }

  /** Everything between the head of a chain and this place. */
  #noteGap(chain: ChainId, counter: number): void {
    const from = this.#heads.get(chain)?.counter ?? this.#joined.find((place) => place.chain === chain)?.counter ?? 0;
    if (counter > from + 1) {
      const gap: MissingRun = { chain, from: from + 1, to: counter - 1, asked: false };
      const left = subtractRuns([gap], [...this.#gaps.map(runOf), ...this.#covered, ...this.#missing]);
      this.#missing = [...this.#missing, ...left].slice(0, MAX_MISSING_RUNS);
    }
  }

  /** A void counts for a chain of its own author only. */
  #explain(payload: Uint8Array, author: KnownHead["author"]): void {
    try {
      const refused = parseVoid(payload);
      const owner = this.#heads.get(refused.chain)?.author;
      if (owner !== undefined && equalBytes(owner, author)) this.allow([refused]);
    } catch {
      // Not a void after all: it explains nothing.
    }
  }
}
