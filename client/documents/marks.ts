/**
 * What an entry or a wish is marked with, beside what it says (in the maps of entry.ts):
 *
 * | name | type | holds |
 * |---|---|---|
 * | about.pinned, about.archived | true | kept at the top; put away |
 * | about.binnedAt | ms | when it was put into the bin; 30 days later it goes |
 * | about.day, about.place | string | when and where it was, in the child's own words |
 * | about.subject | string | of a wish: what it is about, one of WISH_SUBJECTS |
 * | tags, persons | Array of strings | words to find it by; names as the child writes them |
 */
import type * as Y from "yjs";

/** How long something lies in the bin before it goes: 30 days, in milliseconds. */
export const BIN_MS = 30 * 24 * 3600 * 1000;
/** Characters of a day, a place, a tag or a name. */
export const MAX_MARK = 40;

/** What a wish can be about: family, friends and others one knows, the adults one has been given, home, school, meetings. */
export const WISH_SUBJECTS = ["family", "network", "contact", "home", "school", "meetings"] as const;
export type WishSubject = (typeof WISH_SUBJECTS)[number];

export interface EntryMarks {
  readonly pinned: boolean;
  readonly archived: boolean;
  /** Milliseconds since the epoch; null outside the bin. */
  readonly binnedAt: number | null;
  /** "" where the child wrote none. */
  readonly day: string;
  readonly place: string;
  readonly tags: readonly string[];
  readonly persons: readonly string[];
  /** Of a wish; null where none was chosen, or a newer Lomme's. */
  readonly subject: WishSubject | null;
}

/** What a new document says. */
export const NO_MARKS: EntryMarks = {
  pinned: false,
  archived: false,
  binnedAt: null,
  day: "",
  place: "",
  tags: [],
  persons: [],
  subject: null,
};

/** Marks that hold words, each once. */
export type WordMark = "tags" | "persons";

const aboutOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap("about");

export const setPinned = (doc: Y.Doc, pinned: boolean): void => setFlag(doc, "pinned", pinned);
export const setArchived = (doc: Y.Doc, archived: boolean): void => setFlag(doc, "archived", archived);

function setFlag(doc: Y.Doc, name: "pinned" | "archived", on: boolean): void {
  if (on) aboutOf(doc).set(name, true);
  else aboutOf(doc).delete(name);
}

/** Puts it into the bin (`at` in milliseconds, from the caller's clock), or takes it out again (null). */
export function setBinned(doc: Y.Doc, at: number | null): void {
  if (at === null) aboutOf(doc).delete("binnedAt");
  else aboutOf(doc).set("binnedAt", at);
}

/** `words` are the child's own; cut to MAX_MARK characters. */
export function setWords(doc: Y.Doc, name: "day" | "place", words: string): void {
  const said = words.slice(0, MAX_MARK);
  if (readWords(doc, name) === said) return;
  if (said.trim() === "") aboutOf(doc).delete(name);
  else aboutOf(doc).set(name, said);
}

/** What a wish is about; null takes it off. */
export function setSubject(doc: Y.Doc, subject: WishSubject | null): void {
  if (subject === null) aboutOf(doc).delete("subject");
  else aboutOf(doc).set("subject", subject);
}

/** Puts the word on, or takes it off when it is there in any spelling of capitals. */
export function toggleWord(doc: Y.Doc, mark: WordMark, word: string): void {
  const said = word.trim().slice(0, MAX_MARK);
  if (said === "") return;
  doc.transact(() => {
    const words = doc.getArray<unknown>(mark);
    const at = (value: unknown): boolean => typeof value === "string" && same(value, said);
    const there = words.toArray().some(at);
    if (!there) words.push([said]);
    for (let i = words.length - 1; there && i >= 0; i--) if (at(words.get(i))) words.delete(i, 1);
  });
}

const same = (one: string, other: string): boolean => one.toLocaleLowerCase() === other.toLocaleLowerCase();

export function readMarks(doc: Y.Doc): EntryMarks {
  const about = aboutOf(doc);
  const binnedAt = about.get("binnedAt");
  return {
    pinned: about.get("pinned") === true,
    archived: about.get("archived") === true,
    binnedAt: typeof binnedAt === "number" && Number.isFinite(binnedAt) ? binnedAt : null,
    day: readWords(doc, "day"),
    place: readWords(doc, "place"),
    tags: readMarkWords(doc, "tags"),
    persons: readMarkWords(doc, "persons"),
    subject: WISH_SUBJECTS.find((subject) => subject === about.get("subject")) ?? null,
  };
}

/** Something is said of it, beside where it is kept. */
export const isMarked = ({ day, place, tags, persons, subject }: EntryMarks): boolean =>
  subject !== null || [day, place, ...tags, ...persons].some((word) => word.trim() !== "");

function readWords(doc: Y.Doc, name: "day" | "place"): string {
  const words = aboutOf(doc).get(name);
  return typeof words === "string" ? words.slice(0, MAX_MARK) : "";
}

/** Two devices may both have put on the same word: it counts once. */
function readMarkWords(doc: Y.Doc, mark: WordMark): readonly string[] {
  const words: string[] = [];
  for (const value of doc.getArray<unknown>(mark).toArray()) {
    if (typeof value === "string" && !words.some((word) => same(word, value))) words.push(value.slice(0, MAX_MARK));
  }
  return words;
}
