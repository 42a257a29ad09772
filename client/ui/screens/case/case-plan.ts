/** What stands where in "my case", out of what was shown and what came of it. Pure. */
import type { WishAnswer } from "../../../state/sharing.ts";
import type { Person, PersonId, Share, Summary } from "../../../state/types.ts";

type Said = Share["answers"][number];
type DocumentTag = Share["document"];

/** One thing of the child's that others have, or had. */
export interface CaseThing {
  readonly document: DocumentTag;
  /** Null where it isn't in the pocket any more. */
  readonly summary: Summary | null;
  /** To each person it was shown to, newest first. */
  readonly shares: readonly Share[];
  /** The latest word of somebody else, and who said it. */
  readonly answer: { readonly said: Said; readonly person: PersonId } | null;
  /** What became of it, where it is a wish. */
  readonly wish: WishAnswer | null;
}

/** What was decided, or answered, where it came from: it was brought in with a file. */
export type BroughtThing = Summary & { readonly before: NonNullable<Summary["before"]> };

export interface CasePlan {
  /** A yes, a no with its because, or done; the latest word first. */
  readonly decided: readonly CaseThing[];
  readonly decidedBefore: readonly BroughtThing[];
  /** Answered, and nothing decided by it; likewise. */
  readonly answered: readonly CaseThing[];
  readonly answeredBefore: readonly BroughtThing[];
  /** Somebody has it, and nobody has answered; what was shown last first. */
  readonly waiting: readonly CaseThing[];
  /** An adult said that it stands in the case file. */
  readonly inFile: readonly CaseThing[];
  /** Wishes that nobody sees. */
  readonly own: readonly Summary[];
}

const DECISIONS: readonly (WishAnswer | null)[] = ["agreed", "declined", "done"];

export function planCase(
  shares: readonly Share[],
  summaries: readonly Summary[],
  wishes: readonly Summary[],
  brought: readonly Summary[] = [],
): CasePlan {
  const things = thingsWithOthers(shares, summaries);
  const byAnswer = things
    .filter(({ answer }) => answer !== null)
    .toSorted((a, b) => (b.answer?.said.at ?? 0) - (a.answer?.said.at ?? 0));
  const isBrought = (summary: Summary): summary is BroughtThing => summary.before !== undefined;
  // Shown again from here: what comes of that stands first, and what was said before on the thing itself.
  const isAnew = (document: DocumentTag): boolean =>
    things.some((thing) => thing.document === document && thing.answer !== null);
  const before = brought
    .filter(isBrought)
    .filter(({ document }) => !isAnew(document))
    .toSorted((a, b) => b.before.at - a.before.at);
  const isDecidedBefore = (one: BroughtThing): boolean => DECISIONS.includes(one.before.wish);
  const isDecided = ({ wish }: CaseThing): boolean => DECISIONS.includes(wish);
  return {
    decided: byAnswer.filter(isDecided),
    decidedBefore: before.filter(isDecidedBefore),
    answered: byAnswer.filter((thing) => !isDecided(thing)),
    answeredBefore: before.filter((one) => !isDecidedBefore(one)),
    waiting: things.filter(isWaiting),
    inFile: things.filter(({ shares: all }) => all.some(({ keptAt }) => keptAt !== null)),
    own: wishes.filter(({ document }) => !things.some((thing) => thing.document === document)),
  };
}

/** Somebody sees it now, and nobody has answered. */
export const isWaiting = ({ answer, shares }: CaseThing): boolean =>
  answer === null && shares.some(({ takeBack }) => takeBack === null);

/** Each thing that was ever shown; the one that was shown last first. */
export function thingsWithOthers(shares: readonly Share[], summaries: readonly Summary[]): readonly CaseThing[] {
  const byDocument = new Map<DocumentTag, Share[]>();
  for (const share of shares.toSorted((a, b) => shownAt(b) - shownAt(a))) {
    byDocument.set(share.document, [...(byDocument.get(share.document) ?? []), share]);
  }
  const summaryOf = new Map(summaries.map((summary) => [summary.document, summary]));
  return [...byDocument].map(([document, all]) => {
    const said = wordsOf(all);
    return {
      document,
      summary: summaryOf.get(document) ?? null,
      shares: all,
      answer: said.at(-1) ?? null,
      wish: said.findLast(({ said: { wish } }) => wish !== null)?.said.wish ?? null,
    };
  });
}

const shownAt = ({ steps }: Share): number => steps[0]?.at ?? 0;

/** What others said about it, oldest first. */
const wordsOf = (shares: readonly Share[]): readonly { readonly said: Said; readonly person: PersonId }[] =>
  shares
    .flatMap(({ person, answers }) => answers.filter(({ from }) => from !== "me").map((said) => ({ said, person })))
    .toSorted((a, b) => a.said.at - b.said.at);

/** Something that happened with a thing. `at` is null where nobody noted when. */
export type Happened =
  | { readonly kind: "shown" | "opened" | "kept" | "taken-back"; readonly person: PersonId; readonly at: number | null }
  | { readonly kind: "said"; readonly person: PersonId; readonly at: number; readonly said: Said };

/** All of it, in its order; what has no time stands last. */
export function happenedWith({ shares }: CaseThing): readonly Happened[] {
  const all = shares.flatMap((share): Happened[] => {
    const { person, steps, answers, keptAt, takeBack } = share;
    const theirs = answers.filter(({ from }) => from !== "me");
    const opened = steps.find(({ step }) => step === "opened");
    // Whoever answers quickly has opened it, though that is said a moment later.
    const openedAt = Math.min(opened?.at ?? Number.POSITIVE_INFINITY, theirs[0]?.at ?? Number.POSITIVE_INFINITY);
    return [
      { kind: "shown", person, at: shownAt(share) },
      ...(opened === undefined ? [] : [{ kind: "opened" as const, person, at: openedAt }]),
      ...theirs.map((said) => ({ kind: "said" as const, person, at: said.at, said })),
      ...(keptAt === null ? [] : [{ kind: "kept" as const, person, at: keptAt }]),
      ...(takeBack === null ? [] : [{ kind: "taken-back" as const, person, at: null }]),
    ];
  });
  return all.toSorted((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY) || 0);
}

/** Of each person who has something of mine, or may have it: how many things they see now, and how many they opened. */
export function whoSees(
  persons: readonly Person[],
  shares: readonly Share[],
): readonly { readonly person: Person; readonly sees: number; readonly opened: number }[] {
  return persons
    .filter(({ state }) => state === "paired" || state === "removing")
    .map((person) => {
      const seen = shares.filter((share) => share.person === person.id && share.takeBack === null);
      const opened = seen.filter(({ steps }) => steps.some(({ step }) => step === "opened"));
      return { person, sees: seen.length, opened: opened.length };
    });
}
