/**
 * Folding Danish and Swedish text for search: one character for one, so that a place in the folded text is the same place
 * in the text (which must be NFC). Small letters, no accents, and å, æ, ä, ø, ö as the plain letter below them: who has no
 * such key finds the word, and who uses one means it (`marksOf`). Decided in docs/decisions/5-search.md.
 */

/** Plain letter of each letter that has one; whatever isn't here and isn't accented stays as it is. */
const PLAIN: Readonly<Record<string, string>> = { å: "a", æ: "a", ä: "a", ø: "o", ö: "o", đ: "d", ð: "d", ł: "l" };

/** Danish and Swedish write the same sound differently: ä finds æ, ö finds ø. */
const MARKED: Readonly<Record<string, string>> = { å: "å", æ: "æ", ä: "æ", ø: "ø", ö: "ø" };

/** Letters that were written as two where the keyboard had no key for them. */
const PAIRS = [
  ["aa", "å"],
  ["ae", "æ"],
  ["oe", "ø"],
] as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all that isn't ASCII, its control characters included
const BEYOND_ASCII = /[^\u0000-\u007f]/g;
const ACCENTS = /\p{M}/gu;

/** @param text in NFC. @returns as many UTF-16 units as `text` has */
export function foldText(text: string): string {
  const small = text.toLowerCase();
  // A few letters (İ) have a small form of two: then letter by letter, and those stay large.
  const same = small.length === text.length ? small : [...text].map(smallOfSameLength).join("");
  return same.replace(BEYOND_ASCII, plainOf);
}

const smallOfSameLength = (letter: string): string =>
  letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter;

const known = new Map<string, string>(Object.entries(PLAIN));

function plainOf(letter: string): string {
  let plain = known.get(letter);
  if (plain === undefined) {
    const bare = letter.normalize("NFD").replace(ACCENTS, "");
    plain = bare.length === 1 ? bare : letter;
    known.set(letter, plain);
  }
  return plain;
}

/** One way to write a word that is looked for. */
export interface Needle {
  readonly folded: string;
  /** Where a letter is meant and not its plain one: place in the needle and the letter (å, æ, ø). */
  readonly marks: readonly { readonly at: number; readonly letter: string }[];
}

/** The ways to write a word: as it was typed, and with å for aa, æ for ae, ø for oe, or the other way round. */
export function needlesOf(word: string): readonly Needle[] {
  const typed = word.normalize("NFC").toLowerCase();
  const ways = new Set([typed]);
  for (const [pair, letter] of PAIRS) {
    for (const way of [...ways]) {
      ways.add(way.replaceAll(pair, letter));
      ways.add([...way].map((each) => (MARKED[each] === letter ? pair : each)).join(""));
    }
  }
  return [...ways].map((way) => ({ folded: foldText(way), marks: marksOf(way) }));
}

const marksOf = (word: string): Needle["marks"] =>
  Array.from({ length: word.length }, (_, at) => ({ at, letter: MARKED[word[at] ?? ""] })).flatMap(({ at, letter }) =>
    letter === undefined ? [] : [{ at, letter }],
  );

/** Every way in which a marked letter stands in a text. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  å: ["å", "Å"],
  æ: ["æ", "Æ", "ä", "Ä"],
  ø: ["ø", "Ø", "ö", "Ö"],
};

/** Next place from `from` where the needle stands, or -1. `folded` is `foldText(text)`. */
export function findNeedle(needle: Needle, text: string, folded: string, from: number): number {
  const [mark] = needle.marks;
  if (mark === undefined) return folded.indexOf(needle.folded, from);
  // By its marked letter, which is rare: plain letters, as a folded needle begins with, stand everywhere.
  let found = -1;
  for (const letter of SPELLINGS[mark.letter] ?? []) {
    for (let at = text.indexOf(letter, from + mark.at); at >= 0; at = text.indexOf(letter, at + 1)) {
      const begin = at - mark.at;
      if (found >= 0 && begin >= found) break;
      if (!folded.startsWith(needle.folded, begin) || !isMarked(needle, text, begin)) continue;
      found = begin;
      break;
    }
  }
  return found;
}

const isMarked = ({ marks }: Needle, text: string, begin: number): boolean =>
  marks.every((mark) => MARKED[text[begin + mark.at]?.toLowerCase() ?? ""] === mark.letter);
