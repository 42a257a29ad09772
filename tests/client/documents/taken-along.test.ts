import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { beginDocument } from "../../../client/documents/entry.ts";
import { summarise } from "../../../client/documents/own-read.ts";
import {
  addShownBefore,
  lastSaidBefore,
  SHOWN_BEFORE,
  type ShownBefore,
} from "../../../client/documents/taken-along.ts";

const day = (date: number) => `2026-01-0${date}T10:00:00.000Z`;
const answer = (from: string | null, date: number, wish: string | null, text = "Ja") => ({
  from,
  at: day(date),
  text,
  wish,
});
const shown = (...answers: ShownBefore["answers"]): ShownBefore => ({
  to: "Mette",
  at: day(1),
  takenBack: false,
  answers,
});
function wish(...before: ShownBefore[]): Y.Doc {
  const doc = new Y.Doc();
  beginDocument(doc, "wish", 0);
  addShownBefore(doc, before);
  return doc;
}

describe("the last that was said before it was brought in", () => {
  it("is the latest of all others' words, and the latest outcome, which an earlier one may have said", () => {
    const doc = wish(
      shown(answer("Mette", 2, "declined"), answer("Mette", 4, null, "Vi ses"), answer(null, 5, null, "Tak")),
      shown(answer("Sille", 3, "agreed")),
    );
    expect(lastSaidBefore(doc)).toEqual({ from: "Mette", at: Date.parse(day(4)), text: "Vi ses", wish: "agreed" });
    expect(summarise(doc).before).toEqual(lastSaidBefore(doc));
  });

  it("is nothing where only the child said something, and no field of a summary then", () => {
    expect(lastSaidBefore(wish(shown(answer(null, 2, null))))).toBeNull();
    expect("before" in summarise(wish(shown()))).toBe(false);
  });

  it("takes nothing for granted: a time that isn't one, an outcome nobody knows, a whole book", () => {
    const doc = wish(shown({ ...answer("Mette", 2, "perhaps", "x".repeat(5000)), at: "i går" }));
    doc.getArray(SHOWN_BEFORE).push([7, { to: "Mette" }]);
    expect(lastSaidBefore(doc)).toEqual({ from: "Mette", at: 0, text: "x".repeat(200), wish: null });
  });
});
