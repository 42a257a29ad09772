/** What a list shows of an entry or a wish: always something, also where no title and no word was written. */

import { dayInWords } from "../i18n/when.ts";
import type { WishSubject } from "../state/entry.ts";
import { language } from "../state/language.ts";
import { isVideo } from "../state/media.ts";
import type { OwnKind, Person, ShownCopy, Summary } from "../state/types.ts";
import { joinNames, namesOf } from "./names.ts";
import { moodNames } from "./parts/mood.tsx";
import { type TextKey, t } from "./text.ts";

/** Between facts on one line; no line begins with it. */
export const DOT = "\u00a0· ";

/** The word of a mood; one that the child made itself is its own word. */
export const moodWord = (mood: string): string =>
  moodNames.some((name) => name === mood) ? t(`mood.${mood}` as TextKey) : mood.replace(/^own:/, "");

/** What a wish is about, in a word; "" where it doesn't say. */
export const subjectWord = (subject: WishSubject | null | undefined): string =>
  subject === null || subject === undefined ? "" : t(`subject.${subject}`);

interface Head {
  readonly kind?: OwnKind;
  readonly title: string;
  readonly excerpt?: string;
  readonly moods: readonly string[];
  readonly photos: number;
  readonly sounds: number;
  readonly videos: number;
  readonly subject?: WishSubject | null;
  readonly marks?: Summary["marks"];
}

/** What a copy has beside its words, in numbers, as a summary says it. */
export const countsOf = ({ photos, recordings }: Pick<ShownCopy, "photos" | "recordings">) => {
  const videos = recordings.filter(isVideo).length;
  return { photos: photos.length, sounds: recordings.length - videos, videos };
};

/** The beginning of a text, cut between two words. */
export const firstWords = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/\s+\S*$/, "")} …`;

export const headOf = ({ kind, title, excerpt, moods, photos, sounds, videos, subject, marks }: Head): string => {
  if (kind === "life" || kind === "me") return t(`${kind}.title`);
  if (title.trim() !== "") return title;
  if (excerpt !== undefined && excerpt !== "") return firstWords(excerpt, 48);
  const about = subjectWord(marks?.subject ?? subject);
  if (about !== "") return about;
  const marked = [marks?.day, marks?.place, ...(marks?.persons ?? []), ...(marks?.tags ?? [])].filter(Boolean);
  if (moods[0] !== undefined) return joinNames(moods.map(moodWord));
  if (photos > 0) return t("home.onePhoto", { count: photos });
  if (sounds > 0) return t("home.oneSound", { count: sounds });
  if (videos > 0) return t("home.oneVideo", { count: videos });
  return marked.length > 0 ? marked.join(DOT) : t("home.noTitle");
};

/** The same of a copy that somebody showed. */
export const headOfCopy = (copy: ShownCopy): string =>
  headOf({ ...copy, ...countsOf(copy), excerpt: copy.text[0]?.runs.map(({ text }) => text).join("") ?? "" });

/** "kun din" or "vist til Mette" */
export const whoseWords = (summary: Summary, people: readonly Person[] | null): string =>
  summary.shownTo.length === 0 ? t("home.onlyYours") : t("home.shownTo", { names: namesOf(people, summary.shownTo) });

/** "i onsdags"-like day and who sees it, for the second line of a row. */
export const underLine = (summary: Summary, people: readonly Person[] | null, now: number): string =>
  `${dayInWords(summary.createdAt, now, language.value)}${DOT}${whoseWords(summary, people)}`;
