/** "My case": what the child itself writes about it is an entry with the case's name on it as a word. */
import type { Summary } from "../vault/api.ts";
import { createLiveList } from "./live-list.ts";

/**
 * The word, in every language: whoever changes the language finds what was written before. The child sees it on the entry,
 * may take it off, and may put it on any other.
 */
export const CASE_WORDS = { da: "Min sag", sv: "Mitt ärende", en: "My case" } as const;

const MOST = 60;

/** Newest first. */
export const ownSide = createLiveList(
  async (vault): Promise<readonly Summary[]> => {
    const found = await Promise.all(
      Object.values(CASE_WORDS).map((tag) => vault.search("", { tag, kind: "entry" }, MOST)),
    );
    const summaries = new Map(found.flatMap(({ hits }) => hits.map(({ summary }) => [summary.document, summary])));
    return [...summaries.values()].toSorted((a, b) => b.createdAt - a.createdAt);
  },
  ["timeline"],
);
