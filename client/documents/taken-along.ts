/**
 * What a document remembers of having come out of an archive:
 *
 * | name | type | holds |
 * |---|---|---|
 * | about.source | string | its id in the archive, which it has again in the next one |
 * | before | Array of plain objects | ShownBefore: to whom it was shown where it came from, and what they answered |
 */
import type * as Y from "yjs";
import { type SaidBefore, WISH_ANSWERS } from "./kinds.ts";

/** Kept as it was said; the circles it was said in are not there any more. Times are ISO 8601. */
export interface ShownBefore {
  readonly to: string;
  /** When it was shown. */
  readonly at: string;
  /** It was taken back, or that was asked for. */
  readonly takenBack: boolean;
  readonly answers: readonly {
    /** Null: the child itself. */
    readonly from: string | null;
    readonly at: string;
    readonly text: string;
    readonly wish: string | null;
  }[];
}

/** Name of the root; an archive has it as `shown`. */
export const SHOWN_BEFORE = "before";

/** What has another shape is passed over. */
export const readShownBefore = (doc: Y.Doc): readonly ShownBefore[] =>
  doc.getArray<unknown>(SHOWN_BEFORE).toArray().flatMap(toShownBefore);

export const addShownBefore = (doc: Y.Doc, shown: readonly ShownBefore[]): void => {
  if (shown.length > 0) doc.getArray<unknown>(SHOWN_BEFORE).push([...shown]);
};

const SAID_CHARACTERS = 200;

/** Null where nobody but the child said anything. */
export function lastSaidBefore(doc: Y.Doc): SaidBefore | null {
  const said = readShownBefore(doc)
    .flatMap(({ answers }) => answers.filter(({ from }) => from !== null))
    .map((answer) => ({ ...answer, at: Date.parse(answer.at) || 0 }))
    .toSorted((a, b) => a.at - b.at);
  const last = said.at(-1);
  if (last === undefined) return null;
  const wish = said.map((one) => WISH_ANSWERS.find((known) => known === one.wish)).findLast((one) => one !== undefined);
  return { from: last.from ?? "", at: last.at, text: last.text.slice(0, SAID_CHARACTERS), wish: wish ?? null };
}

/** Null for what was written here. */
export function sourceOf(doc: Y.Doc): string | null {
  const source = doc.getMap("about").get("source");
  return typeof source === "string" ? source : null;
}

export const setSource = (doc: Y.Doc, source: string): unknown => doc.getMap("about").set("source", source);

export function toShownBefore(value: unknown): ShownBefore[] {
  if (typeof value !== "object" || value === null) return [];
  const { to, at, takenBack, answers } = value as Record<string, unknown>;
  if (typeof to !== "string" || typeof at !== "string" || !Array.isArray(answers)) return [];
  return [{ to, at, takenBack: takenBack === true, answers: answers.flatMap(toAnswer) }];
}

function toAnswer(value: unknown): ShownBefore["answers"][number][] {
  if (typeof value !== "object" || value === null) return [];
  const { from = null, at, text, wish = null } = value as Record<string, unknown>;
  if (typeof at !== "string" || typeof text !== "string") return [];
  return [{ from: typeof from === "string" ? from : null, at, text, wish: typeof wish === "string" ? wish : null }];
}
