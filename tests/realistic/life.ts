/**
 * A life's worth of entries and wishes, one after the other, from a seed: what a child or young person might write, with
 * dates, moods and photos. Small for a picture of a screen, large for a bench; it begins the same either way.
 */
import { type Chance, createChance } from "./seeded.ts";
import { fillSlots, type Words, writeParagraph } from "./text.ts";
import { danish } from "./words-da.ts";
import { swedish } from "./words-sv.ts";

export interface LifeOptions {
  readonly seed: number;
  readonly entries: number;
  /** Of those, how many have a photo each. */
  readonly photos: number;
  /** How many records the whole life has; at least one for each entry. */
  readonly records: number;
  /** Milliseconds since the epoch of the first entry. */
  readonly from: number;
  /** "both": two in three Danish, as in a pocket near the Sound. */
  readonly language: "da" | "sv" | "both";
}

export interface Moment {
  readonly kind: "entry" | "wish";
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly moods: readonly string[];
  /** Which drawn scene its photo is (scene.ts); null: none. */
  readonly scene: number | null;
  /** In how many records it was written, at least one. */
  readonly records: number;
}

const DAY_MS = 86_400_000;
const MOODS = ["happy", "calm", "so-so", "sad", "angry"] as const;
/** So many different pictures; each is sealed anew under keys of its own. */
export const SCENES = 48;
/** From the first entry of a child of seven to the last of somebody of twenty-three. */
const FIRST_AGE = 7;
const LAST_AGE = 23;
const WISH_SHARE = 0.03;

export function* liveLife(options: LifeOptions): Generator<Moment> {
  const { entries, photos, records, language } = options;
  const chance = createChance(options.seed);
  let at = options.from;
  for (let i = 0; i < entries; i++) {
    at += Math.round(chance.next() * 1.2 * DAY_MS);
    const words = language === "sv" || (language === "both" && chance.is(1 / 3)) ? swedish : danish;
    const age = Math.min(LAST_AGE, FIRST_AGE + (at - options.from) / DAY_MS / 365);
    // Drawn for every entry, used by some: so the first ones are the same in a small life and in a large one.
    const scene = chance.whole(0, SCENES - 1);
    yield {
      kind: chance.is(WISH_SHARE) ? "wish" : "entry",
      at,
      title: chance.is(0.6) ? fillSlots(chance.pick(words.titles), words, chance) : "",
      paragraphs: writeParagraphs(words, chance, age),
      moods: chance.is(0.7) ? [chance.pick(MOODS)] : [],
      scene: share(i, entries, photos) > 0 ? scene : null,
      records: Math.max(1, share(i, entries, records)),
    };
  }
}

/** Some days a line, some days two pages. */
function writeParagraphs(words: Words, chance: Chance, age: number): readonly string[] {
  const length = chance.next();
  const count = length < 0.35 ? 1 : length < 0.8 ? chance.whole(2, 3) : chance.whole(3, 7);
  return Array.from({ length: count }, () => writeParagraph(words, chance, age, chance.whole(1, 6)));
}

/** What the i-th of `all` gets when `total` is dealt out evenly. */
const share = (i: number, all: number, total: number): number =>
  Math.floor(((i + 1) * total) / all) - Math.floor((i * total) / all);
