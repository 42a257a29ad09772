/** "My case": what the child itself writes about it is an entry with the case's name on it as a word. */
import type { Language, Summary } from "../vault/api.ts";
import { createLiveList } from "./live-list.ts";

/** What an entry is about, where it was begun in "my case". */
export const CASE_KINDS = ["case", "meeting", "paper"] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/**
 * The words, in every language: whoever changes the language finds what was written before. The child sees them on the
 * entry, may take them off, and may put them on any other.
 */
const WORDS = {
  case: { da: "Min sag", sv: "Mitt ärende", en: "My case" },
  meeting: { da: "Møde", sv: "Möte", en: "Meeting" },
  paper: { da: "Papir", sv: "Papper", en: "Paper" },
} as const;

/** What an entry of this kind is marked with: a meeting and a paper belong to the case, and say so too. */
export const caseWords = (kind: CaseKind, language: Language): readonly string[] =>
  [...new Set<CaseKind>(["case", kind])].map((one) => WORDS[one][language]);

const same = (one: string, other: string): boolean => one.toLocaleLowerCase() === other.toLocaleLowerCase();

/** Also where the word was put on by hand, in whatever spelling of capitals. */
export const isOfCase = (kind: CaseKind, tags: readonly string[]): boolean =>
  Object.values(WORDS[kind]).some((word) => tags.some((tag) => same(tag, word)));

const MOST = 60;

/** Newest first. */
const ofCase = (kind: CaseKind) =>
  createLiveList(
    async (vault): Promise<readonly Summary[]> => {
      const found = await Promise.all(
        Object.values(WORDS[kind]).map((tag) => vault.search("", { tag, kind: "entry" }, MOST)),
      );
      const summaries = new Map(found.flatMap(({ hits }) => hits.map(({ summary }) => [summary.document, summary])));
      return [...summaries.values()].toSorted((a, b) => b.createdAt - a.createdAt);
    },
    ["timeline"],
  );

/** What was answered before it was brought in from a file: the circles it was said in aren't here. */
export const answeredBefore = createLiveList((vault) => vault.answeredBefore(), ["timeline"]);

/** Everything with the case's name on it, meetings and papers among it. */
export const ownSide = ofCase("case");
export const meetings = ofCase("meeting");
export const papers = ofCase("paper");
