/** Times in words, as a person says them: "i dag 10.15", "onsdag 16.04", "12. november". Pure; `now` comes from the caller. */

const DAY_MS = 86_400_000;
const LOCALES: Readonly<Record<string, string>> = { da: "da-DK", sv: "sv-SE", en: "en-GB" };
const localeOf = (language: string): string => LOCALES[language] ?? "en-GB";

const FORMATS = {
  // Danish writes 9.30, Swedish and British English 09:30.
  clock: { hour: "2-digit", minute: "2-digit" },
  clockShort: { hour: "numeric", minute: "2-digit" },
  weekday: { weekday: "long" },
  day: { day: "numeric", month: "long" },
  dayOfYear: { day: "numeric", month: "long", year: "numeric" },
  monthShort: { month: "short" },
  month: { month: "long" },
  monthOfYear: { month: "long", year: "numeric" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const formatters = new Map<string, Intl.DateTimeFormat>();
/** Making a formatter takes some milliseconds on a phone, and a list has a date on each row: each is made once. */
function format(at: number, name: keyof typeof FORMATS, language: string): string {
  const known = formatters.get(`${name} ${language}`) ?? new Intl.DateTimeFormat(localeOf(language), FORMATS[name]);
  formatters.set(`${name} ${language}`, known);
  return known.format(at);
}

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
/** Whole calendar days from `at` to `now`; a day of 23 or 25 hours counts as one. */
export const daysBetween = (at: number, now: number): number => Math.round((midnight(now) - midnight(at)) / DAY_MS);

const upper = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

export const clockTime = (at: number, language: string): string =>
  format(at, language === "da" ? "clockShort" : "clock", language);

const weekday = (at: number, language: string): string => format(at, "weekday", language);

/** "fredag" with a capital, as a heading. */
export const weekdayTitle = (at: number, language: string): string => upper(weekday(at, language));

/** What is said in one breath stands on one line: its first space doesn't break ("20. november", "i dag"). */
const kept = (words: string): string => words.replace(" ", "\u00a0");

/** "20. november", with the year when it is another one. A line doesn't end between the day and its month. */
export const dayAndMonth = (at: number, now: number, language: string): string =>
  kept(format(at, new Date(at).getFullYear() === new Date(now).getFullYear() ? "day" : "dayOfYear", language));

export const monthShort = (at: number, language: string): string =>
  format(at, "monthShort", language).replace(/\.$/, "");

export const monthLong = (at: number, language: string): string => upper(format(at, "month", language));

/** "November 2026", as a heading. */
export const monthAndYear = (at: number, language: string): string => upper(format(at, "monthOfYear", language));

/** "i dag", "i går", "i morgen", "onsdag" within the last six days, else "12. november". Small letters, for use after other words. */
export const dayInWords = (at: number, now: number, language: string): string => {
  const days = daysBetween(at, now);
  if (Math.abs(days) <= 1) {
    return kept(new Intl.RelativeTimeFormat(localeOf(language), { numeric: "auto" }).format(-days, "day"));
  }
  return days > 1 && days < 7 ? weekday(at, language) : dayAndMonth(at, now, language);
};

/** "i dag 10.15", "onsdag 16.04", "12. november 16.04". */
export const dayAndTime = (at: number, now: number, language: string): string =>
  `${dayInWords(at, now, language)} ${clockTime(at, language)}`;

/** The same within a sentence: "i morgen kl. 19.57", "den 12. november kl. 16.04", "tomorrow at 19:57". */
export const dayAtTime = (at: number, now: number, language: string): string => {
  const day = dayInWords(at, now, language);
  const clock = clockTime(at, language);
  if (language === "en") return `${day} at\u00a0${clock}`;
  return `${/^\d/.test(day) ? "den\u00a0" : ""}${day} kl.\u00a0${clock}`;
};

export interface Waited {
  readonly count: number;
  readonly unit: "minute" | "hour" | "day";
}

/** How long someone has waited, in the largest whole unit. */
export const waited = (since: number, now: number): Waited => {
  const minutes = Math.max(0, Math.floor((now - since) / 60_000));
  if (minutes < 60) return { count: minutes, unit: "minute" };
  if (minutes < 24 * 60) return { count: Math.floor(minutes / 60), unit: "hour" };
  return { count: Math.floor(minutes / (24 * 60)), unit: "day" };
};
