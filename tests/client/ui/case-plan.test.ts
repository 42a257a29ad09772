import { describe, expect, it } from "vitest";
import { NO_MARKS } from "../../../client/documents/marks.ts";
import { caseWords, isOfCase } from "../../../client/state/case.ts";
import type { Person, Share, Summary } from "../../../client/state/types.ts";
import { happenedWith, planCase, thingsWithOthers, whoSees } from "../../../client/ui/screens/case/case-plan.ts";
import { languages, textsOf } from "../i18n/texts.ts";

type Said = Share["answers"][number];
const [mette, noah] = ["1".repeat(32), "2".repeat(32)] as [Person["id"], Person["id"]];
const tag = (digit: string) => digit.repeat(32) as Share["document"];

const share = (document: string, at: number, more: Partial<Share> = {}): Share => ({
  id: tag(document),
  document: tag(document),
  person: mette,
  steps: [{ step: "saved", at }],
  answers: [],
  answersSeen: 0,
  takeBack: null,
  keptAt: null,
  ...more,
});
const said = (at: number, wish: Said["wish"] = null, from: Said["from"] = mette): Said => ({
  id: tag("9"),
  from,
  text: "Fordi …",
  at,
  wish,
});
const summary = (document: string): Summary => ({
  document: tag(document),
  kind: "wish",
  title: document,
  excerpt: "",
  moods: [],
  createdAt: 0,
  changedAt: 0,
  thumbnail: null,
  photos: 0,
  sounds: 0,
  videos: 0,
  stickers: 0,
  drawings: 0,
  marks: NO_MARKS,
  shownTo: [],
});
const names = (things: readonly { readonly document: string }[]) => things.map(({ document }) => document[0]).join("");

describe("my case", () => {
  it("tells what is decided from what is answered and what waits, the latest word first", () => {
    const plan = planCase(
      [
        share("a", 1, { answers: [said(10, "heard"), said(20, "declined")] }),
        share("b", 2, { answers: [said(30, "agreed")] }),
        share("c", 3, { answers: [said(15, "heard")] }),
        share("d", 4),
        share("e", 5, { answers: [said(40, null, "me")] }),
      ],
      [],
      [],
    );
    expect(names(plan.decided)).toBe("ba");
    expect(plan.decided[1]).toMatchObject({ wish: "declined", answer: { said: { at: 20 }, person: mette } });
    expect(names(plan.answered)).toBe("c");
    // One's own word is no answer.
    expect(names(plan.waiting)).toBe("ed");
  });

  it("has a thing once, whoever has it; what anybody decided last counts", () => {
    const [thing, ...others] = thingsWithOthers(
      [
        share("a", 1, { answers: [said(50, "agreed")] }),
        share("a", 2, { person: noah, answers: [said(60, "done", noah), said(70, null, noah)] }),
      ],
      [summary("a")],
    );
    expect(others).toEqual([]);
    expect(thing).toMatchObject({ wish: "done", answer: { person: noah, said: { at: 70 } }, summary: { title: "a" } });
    expect(thing?.shares.map(({ person }) => person)).toEqual([noah, mette]);
  });

  it("waits for nobody who has it no more, and keeps what was decided before it was taken back", () => {
    const back = { takeBack: "gone-opened" } as const;
    const plan = planCase([share("a", 1, back), share("b", 2, { ...back, answers: [said(9, "agreed")] })], [], []);
    expect(names(plan.waiting)).toBe("");
    expect(names(plan.decided)).toBe("b");
  });

  it("knows what stands in the case file, and which wishes nobody sees", () => {
    const plan = planCase([share("a", 1, { keptAt: 7 }), share("b", 2)], [], [summary("a"), summary("c")]);
    expect(names(plan.inFile)).toBe("a");
    expect(names(plan.own)).toBe("c");
  });

  it("tells all that happened with a thing in its order, what has no time last", () => {
    const [thing] = thingsWithOthers(
      [
        share("a", 1, {
          steps: [
            { step: "saved", at: 1 },
            // Said a moment after the first answer.
            { step: "opened", at: 8 },
          ],
          answers: [said(6, "heard"), said(9, "declined")],
          keptAt: 7,
        }),
        share("a", 3, { person: noah, takeBack: "waiting" }),
      ],
      [],
    );
    expect(thing && happenedWith(thing).map(({ kind, at }) => [kind, at])).toEqual([
      ["shown", 1],
      ["shown", 3],
      ["opened", 6],
      ["said", 6],
      ["kept", 7],
      ["said", 9],
      ["taken-back", null],
    ]);
  });

  it("counts for each person what they see now and what they opened", () => {
    const person = (id: Person["id"], state: Person["state"]): Person => ({
      id,
      name: "",
      role: "caseworker",
      state,
      safetyPictures: null,
      circle: null,
      metAt: null,
      maySee: true,
      sameAs: null,
      maybeAgain: [],
    });
    const opened = [
      { step: "saved", at: 1 },
      { step: "opened", at: 2 },
    ] as const;
    const who = whoSees(
      [person(mette, "paired"), person(noah, "removed")],
      [share("a", 1), share("b", 1, { steps: opened }), share("c", 1, { steps: opened, takeBack: "waiting" })],
    );
    expect(who).toMatchObject([{ person: { id: mette }, sees: 2, opened: 1 }]);
  });

  it("has what was said before it was brought in, by its last word, until somebody answers anew", () => {
    const brought = (document: string, at: number, wish: Said["wish"]): Summary => ({
      ...summary(document),
      before: { from: "Mette", at, text: "Fordi …", wish },
    });
    const all = [
      brought("a", 1, "agreed"),
      brought("b", 3, "declined"),
      brought("c", 2, null),
      brought("d", 4, "done"),
    ];
    const plan = planCase(
      [share("d", 9, { answers: [said(10, "heard")] }), share("a", 9)],
      [],
      [],
      [...all, summary("e")],
    );
    expect(names(plan.decidedBefore)).toBe("ba");
    expect(names(plan.answeredBefore)).toBe("c");
    expect(names(plan.answered)).toBe("d");
    expect(names(plan.waiting)).toBe("a");
  });

  it("is called on an entry what it is called on its screens", () => {
    for (const language of languages) {
      const texts = textsOf(language);
      expect(caseWords("case", language)).toEqual([texts["case.title"]]);
      expect(caseWords("meeting", language)).toEqual([texts["case.title"], texts["meetings.one"]]);
      expect(caseWords("paper", language)).toEqual([texts["case.title"], texts["papers.one"]]);
    }
  });

  it("knows a meeting and a paper by their word, in each language and any capitals", () => {
    expect(isOfCase("meeting", ["skole", "møde"])).toBe(true);
    expect(isOfCase("meeting", ["MÖTE"])).toBe(true);
    expect(isOfCase("paper", ["Paper"])).toBe(true);
    expect(isOfCase("paper", ["Møde", "Min sag"])).toBe(false);
    expect(isOfCase("meeting", [])).toBe(false);
  });
});
