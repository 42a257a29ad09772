/**
 * Search over what is in memory: every word of the question in title or text, newest first. There is no index, neither on
 * the disk nor in memory: twelve million characters are looked through in some ten milliseconds.
 */
import { findNeedle, type Needle, needlesOf } from "../documents/fold.ts";
import type { Holding, Mark, SearchFilters, SearchHit, SearchResult, Summary } from "./api.ts";
import { sameWord } from "./marked-words.ts";
import type { Pocket } from "./pocket.ts";
import type { SearchText } from "./texts.ts";

/** What a person types; a paste of a book is cut. */
const MAX_WORDS = 8;
const MAX_WORD_CHARACTERS = 64;
/** A year of photos on the wall, a month of the calendar. */
const MAX_LIMIT = 2000;
/** Before the first hit, and in all. */
const LEAD_CHARACTERS = 40;
const EXCERPT_CHARACTERS = 120;

/** One word of the question, in each of the ways to write it. */
type Word = readonly Needle[];

export function search(
  { pages, texts }: Pick<Pocket, "pages" | "texts">,
  query: string,
  filters: SearchFilters,
  limit: number,
): SearchResult {
  const words = toWords(query);
  const wanted = Math.min(Math.max(0, limit), MAX_LIMIT);
  const hits: SearchHit[] = [];
  let more = false;
  for (const summary of pages.fromNewest(filters.before)) {
    if (filters.from !== undefined && summary.createdAt < filters.from) break;
    if (!passes(summary, filters)) continue;
    const text = texts.get(summary.document);
    if (words.length > 0 && (text === null || !words.every((word) => stands(word, text)))) continue;
    more = hits.length === wanted;
    if (more) break;
    hits.push(toHit(summary, text, words));
  }
  return { hits, more, complete: texts.isComplete };
}

/** Brings the texts into memory and says so. */
export async function gatherTexts({ texts, emit }: Pick<Pocket, "texts" | "emit">): Promise<void> {
  if (texts.isComplete) return;
  await texts.gather();
  if (!texts.isComplete) return;
  // bench:client reads it, and it goes with this worker.
  performance.mark("searchable");
  emit({ type: "changed", what: "search" });
}

const toWords = (query: string): readonly Word[] =>
  query
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, MAX_WORDS)
    .map((word) => needlesOf(word.slice(0, MAX_WORD_CHARACTERS)));

function passes(summary: Summary, { kind, mood, shown, person, tag, name, place, has }: SearchFilters): boolean {
  // What is in the bin is on its way out; what was put away is found.
  if (summary.marks.binnedAt !== null) return false;
  if (kind !== undefined && summary.kind !== kind) return false;
  if (mood !== undefined && !summary.moods.includes(mood)) return false;
  if (shown !== undefined && summary.shownTo.length > 0 !== (shown === "shown")) return false;
  if (has !== undefined && countOf[has](summary) === 0) return false;
  const { tags, persons, place: its } = summary.marks;
  if (tag !== undefined && !tags.some((one) => sameWord(one, tag))) return false;
  if (name !== undefined && !persons.some((one) => sameWord(one, name))) return false;
  if (place !== undefined && !sameWord(its, place)) return false;
  return person === undefined || summary.shownTo.includes(person);
}

const countOf: Readonly<Record<Holding, (summary: Summary) => number>> = {
  photo: ({ photos }) => photos,
  sound: ({ sounds }) => sounds,
  video: ({ videos }) => videos,
  drawing: ({ drawings }) => drawings,
};

const stands = (word: Word, { whole, folded }: SearchText): boolean =>
  word.some((needle) => findNeedle(needle, whole, folded, 0) >= 0);

function toHit(summary: Summary, text: SearchText | null, words: readonly Word[]): SearchHit {
  if (text === null || words.length === 0) {
    return { summary, titleMarks: [], excerpt: summary.excerpt, excerptMarks: [] };
  }
  const { whole, textFrom: begin, textTo: end } = text;
  const marks = marksIn(text, words);
  const inTitle = marks.filter(([, to]) => to < begin);
  const inText = marks.filter(([from]) => from >= begin && from < end);
  const beside = marks.filter(([from]) => from > end);
  const title = whole.slice(0, begin - 1);
  // What it is marked with is shown only where nothing else says why it was found.
  const [line, at, found] =
    beside.length > 0 && inText.length + inTitle.length === 0
      ? [whole.slice(end + 1), end + 1, beside]
      : [whole.slice(begin, end), begin, inText];
  const shifted = found.map(([from, to]): Mark => [from - at, to - at]);
  return { summary: { ...summary, title }, titleMarks: inTitle, ...excerptOf(line, shifted) };
}

/** Every place of every word, in order, those that touch as one. */
function marksIn({ whole, folded }: SearchText, words: readonly Word[]): readonly Mark[] {
  const found: Mark[] = [];
  for (const needle of words.flat()) {
    for (let at = findNeedle(needle, whole, folded, 0); at >= 0; ) {
      found.push([at, at + needle.folded.length]);
      at = findNeedle(needle, whole, folded, at + needle.folded.length);
    }
  }
  const joined: Mark[] = [];
  for (const [from, to] of found.sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], to)];
    else joined.push([from, to]);
  }
  return joined;
}

/** A line around the first mark, begun and ended at a word where there is one near. */
function excerptOf(text: string, marks: readonly Mark[]): Pick<SearchHit, "excerpt" | "excerptMarks"> {
  const first = marks[0]?.[0] ?? 0;
  const from = first <= LEAD_CHARACTERS ? 0 : wordAfter(text, first - LEAD_CHARACTERS, first);
  const to = wordBefore(text, from + EXCERPT_CHARACTERS, Math.max(from, marks[0]?.[1] ?? 0));
  const before = from > 0 ? "…" : "";
  const line = text.slice(from, to).replaceAll(/\s/g, " ");
  const shift = before.length - from;
  return {
    excerpt: `${before}${line}${to < text.length ? "…" : ""}`,
    excerptMarks: marks.flatMap(([begin, end]): readonly Mark[] =>
      begin >= from && begin < to ? [[begin + shift, Math.min(end, to) + shift]] : [],
    ),
  };
}

function wordAfter(text: string, from: number, atMost: number): number {
  const space = text.slice(from, atMost).search(/\s/);
  return space < 0 ? from : from + space + 1;
}

/** `to`, or the end of the last whole word before it; at least `atLeast`. */
function wordBefore(text: string, to: number, atLeast: number): number {
  if (to >= text.length) return text.length;
  const space = text.slice(atLeast, to + 1).search(/\s\S*$/);
  return space < 0 ? to : atLeast + space;
}
