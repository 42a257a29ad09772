import { describe, expect, it } from "vitest";
import type { Person } from "../../../client/state/types.ts";
import { eachOnce, standsFor } from "../../../client/ui/each-once.ts";

const person = (id: string, maySee: boolean, sameAs: string | null = null): Person => ({
  id: id as Person["id"],
  name: id,
  role: "child",
  state: "paired",
  safetyPictures: null,
  circle: null,
  metAt: null,
  maySee,
  sameAs: sameAs as Person["sameAs"],
  maybeAgain: [],
});
const names = (persons: readonly Person[]) => persons.map(({ id }) => id).join("");

describe("each person once", () => {
  it("two rows of one child are one, the one I can show to, whichever came first", () => {
    const [mine, theirs] = [person("m", true, "t"), person("t", false, "m")];
    expect(names(eachOnce([theirs, person("x", true), mine]))).toBe("xm");
    expect(standsFor(theirs, [mine, theirs])).toBe(mine);
    expect(standsFor(mine, [mine, theirs])).toBe(mine);
  });

  it("nobody is hidden behind a row that doesn't stand for them", () => {
    // An older row of the same child: the newest two belong together, and what it showed is still found under its own.
    const rows = [person("m", true, "n"), person("n", false, "m"), person("o", false, "m")];
    expect(names(eachOnce(rows))).toBe("mo");
    expect(names(eachOnce([person("t", false, "gone")]))).toBe("t");
  });
});
