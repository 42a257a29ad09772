/**
 * "On this day": entries of the same day in earlier years, for a child that turned it on. Kept kind on purpose:
 *
 * - off until turned on, and only looked for when a screen asks; nothing is counted, nothing is announced;
 * - what was put away or lies in the bin doesn't come up, nor does a day that was marked sad or angry: whoever wants to
 *   read about that finds it;
 * - a pocket without an earlier year gets half a year ago. A month would be too near what one is in the middle of;
 * - brakes are rows of their own among those that all devices share (store.md §13), so that of two that are put on at the
 *   same time on two devices none is lost.
 */
import { findNeedle, needlesOf } from "../documents/fold.ts";
import type { Memory, MemoryBrake, MemorySettings, Summary } from "./api.ts";
import { sameWord } from "./marked-words.ts";
import type { Pocket } from "./pocket.ts";
import { gatherTexts } from "./search.ts";

const ROW = "memories";
const BRAKES = "memory-brake/";
/** As many as one reads. */
const MOST = 5;
/** Further back than anybody's diary here reaches. */
const MOST_YEARS = 25;
const HARD = new Set(["sad", "angry"]);

interface MemoriesRow {
  readonly on?: boolean;
  readonly pausedUntil?: number | null;
}

export class Memories {
  readonly #pocket: Pocket;

  constructor(pocket: Pocket) {
    this.#pocket = pocket;
    pocket.shared.onArrival((names) => {
      if (names.some((name) => name === ROW || name.startsWith(BRAKES))) this.#changed();
    });
  }

  async settings(): Promise<MemorySettings> {
    const { shared, clock } = this.#pocket;
    const row = JSON.parse((await shared.read(ROW)) ?? "{}") as MemoriesRow;
    const paused = row.pausedUntil ?? null;
    const brakes = await shared.list(BRAKES);
    return {
      on: row.on === true,
      pausedUntil: paused !== null && paused > clock.now() ? paused : null,
      brakes: brakes.map(({ json }) => JSON.parse(json) as MemoryBrake),
    };
  }

  async set(change: Partial<Pick<MemorySettings, "on" | "pausedUntil">>): Promise<void> {
    const base = await this.#pocket.shared.read(ROW);
    const row = JSON.parse(base ?? "{}") as MemoriesRow;
    // Only what is changed is written: the other may be changed at the same time.
    const json = JSON.stringify({ ...row, ...change });
    await this.#pocket.shared.write([{ name: ROW, json, ...(base !== null && { base }) }]);
    this.#changed();
  }

  async setBrake(brake: MemoryBrake, on: boolean): Promise<void> {
    const json = on ? JSON.stringify(brake) : null;
    await this.#pocket.shared.write([{ name: nameOf(brake), json }]);
    this.#changed();
  }

  async today(): Promise<readonly Memory[]> {
    const { on, pausedUntil, brakes } = await this.settings();
    if (!on || pausedUntil !== null) return [];
    const names = brakes.flatMap((brake) => (brake.kind === "name" ? [brake.name] : []));
    const entries = new Set(brakes.flatMap((brake) => (brake.kind === "entry" ? [brake.document] : [])));
    // Whoever shall not come up may be named in a text only.
    if (names.length > 0) await gatherTexts(this.#pocket);
    const may = (summary: Summary): boolean =>
      !entries.has(summary.document) && isKind(summary) && !names.some((name) => this.#names(summary, name));
    const now = new Date(this.#pocket.clock.now());
    const found: Memory[] = [];
    for (let years = 1; years <= MOST_YEARS && found.length < MOST; years++) {
      const [summary] = this.#ofDay(now.getFullYear() - years, now.getMonth(), now.getDate(), may);
      if (summary !== undefined) found.push({ summary, years });
    }
    if (found.length > 0) return found;
    const [half] = this.#ofDay(now.getFullYear(), now.getMonth() - 6, now.getDate(), may);
    return half === undefined ? [] : [{ summary: half, years: 0 }];
  }

  /** Newest first; none for a day that month doesn't have. `month` may be below 0. */
  #ofDay(year: number, month: number, day: number, may: (summary: Summary) => boolean): readonly Summary[] {
    const from = new Date(year, month, day);
    if (from.getDate() !== day) return [];
    const before = new Date(year, month, day + 1).getTime();
    const found: Summary[] = [];
    for (const summary of this.#pocket.pages.fromNewest(before)) {
      if (summary.createdAt < from.getTime()) break;
      if (may(summary)) found.push(summary);
    }
    return found;
  }

  /** In its marks, its title or its text. */
  #names({ document, marks, title }: Summary, name: string): boolean {
    if (marks.persons.some((one) => sameWord(one, name)) || sameWord(title, name)) return true;
    const text = this.#pocket.texts.get(document);
    // Without its text nobody can say that it is about somebody else.
    if (text === null) return true;
    return needlesOf(name.trim()).some((needle) => findNeedle(needle, text.whole, text.folded, 0) >= 0);
  }

  #changed(): void {
    this.#pocket.emit({ type: "changed", what: "memories" });
  }
}

const isKind = ({ kind, marks, moods }: Summary): boolean =>
  kind === "entry" && marks.binnedAt === null && !marks.archived && !moods.some((mood) => HARD.has(mood));

const nameOf = (brake: MemoryBrake): string =>
  brake.kind === "entry"
    ? `${BRAKES}entry/${brake.document}`
    : `${BRAKES}name/${encodeURIComponent(brake.name.trim().toLocaleLowerCase())}`;
