/** What stands where in a book: chapters of months, the wishes, the pages of one's life, and photos on their lines. */
import { dayAndMonth, monthAndYear } from "../../../i18n/when.ts";
import { isMarked } from "../../../state/entry.ts";
import type { BookEntry, Language, PhotoRef } from "../../../state/types.ts";

export interface Chapter {
  readonly title: string;
  readonly entries: readonly BookEntry[];
}

export interface BookPlan {
  readonly chapters: readonly Chapter[];
  readonly wishes: readonly BookEntry[];
  readonly pagesOfLife: readonly BookEntry[];
}

/** `entries` oldest first, and so are the chapters. What can't stand on paper is left out. */
export function planBook(entries: readonly BookEntry[], language: Language): BookPlan {
  const chapters = new Map<string, Chapter & { entries: BookEntry[] }>();
  for (const entry of entries) {
    if (entry.kind !== "entry" || isBlank(entry)) continue;
    const title = monthAndYear(entry.createdAt, language);
    const chapter = chapters.get(title) ?? { title, entries: [] };
    chapter.entries.push(entry);
    chapters.set(title, chapter);
  }
  return {
    chapters: [...chapters.values()],
    wishes: entries.filter((entry) => entry.kind === "wish" && !isBlank(entry)),
    pagesOfLife: entries.filter(({ stops, topics }) => stops.length + topics.length > 0),
  };
}

/** A day that says how it was and nothing else. */
const isFace = (entry: BookEntry): boolean =>
  entry.moods.length > 0 &&
  entry.shown.length === 0 &&
  entry.from === null &&
  entry.together === null &&
  isBlank({ ...entry, moods: [] });

/** Days that are faces alone stand together, up to the next entry that says more, which is a run of its own. */
export type BookRun = { readonly faces: readonly BookEntry[] } | { readonly entry: BookEntry };

export function toRuns(entries: readonly BookEntry[]): readonly BookRun[] {
  const runs: ({ faces: BookEntry[] } | { entry: BookEntry })[] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    if (!isFace(entry)) runs.push({ entry });
    else if (last !== undefined && "faces" in last) last.faces.push(entry);
    else runs.push({ faces: [entry] });
  }
  return runs;
}

/** Characters up to which an entry with a photo or two is sure to fit on a page: it is never parted. */
const WHOLE = 700;

export const staysWhole = ({ text, photos, drawings, shown }: BookEntry): boolean =>
  photos.length + drawings.length <= 2 &&
  shown.length <= 1 &&
  text.reduce((sum, { runs }) => sum + runs.reduce((all, run) => all + run.text.length, 0), 0) <= WHOLE;

/** There is something to print besides a cover. */
export const hasPages = (entries: readonly BookEntry[]): boolean =>
  entries.some((entry) => entry.stops.length + entry.topics.length > 0 || (!isPage(entry) && !isBlank(entry)));

const isPage = ({ kind }: BookEntry): boolean => kind === "life" || kind === "me";

const isBlank = ({ title, text, moods, photos, stickers, recordings, drawings, marks }: BookEntry): boolean =>
  title === "" &&
  !isMarked(marks) &&
  text.length + moods.length + photos.length + stickers.length + recordings.length + drawings.length === 0;

/** How another page of the book names an entry that stands in it: by its title, or by its day. */
export const titlesOf = (entries: readonly BookEntry[], language: Language): ReadonlyMap<string, string> =>
  new Map(
    entries
      .filter((entry) => !isPage(entry) && !isBlank(entry))
      .map(({ document, title, createdAt }) => [document, title || dayAndMonth(createdAt, 0, language)]),
  );

/** "2024–2026" */
export function yearsOf(entries: readonly BookEntry[]): string {
  const years = entries.filter(({ kind }) => kind === "entry" || kind === "wish");
  const [first, last] = [years[0], years.at(-1)].map((entry) =>
    entry === undefined ? "" : String(new Date(entry.createdAt).getFullYear()),
  );
  return first === last ? (first ?? "") : `${first}–${last}`;
}

/** From here on a photo is a panorama and has the whole line: width by height. */
const PANORAMA = 2;
export const shapeOf = ({ width, height }: Pick<PhotoRef, "width" | "height">): number => width / height;

/** Two and two beside each other, equally high; a panorama and whoever is left have a line of their own. */
export function toLines<Photo extends Pick<PhotoRef, "width" | "height">>(
  photos: readonly Photo[],
): readonly (readonly Photo[])[] {
  const lines: Photo[][] = [];
  for (const photo of photos) {
    const last = lines.at(-1);
    const fits = last?.length === 1 && [...last, photo].every((one) => shapeOf(one) < PANORAMA);
    if (fits) last.push(photo);
    else lines.push([photo]);
  }
  return lines;
}
