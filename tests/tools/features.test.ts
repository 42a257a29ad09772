/** docs/features.md: no claim about another product stands without a source, and no source without a date. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const page = readFileSync("docs/features.md", "utf8");
const [beforeSources = "", listed = ""] = page.split("## Sources");
const sources = new Map(
  [...listed.matchAll(/^(\d+)\. (.+)$/gm)].map(([, number, text]) => [Number(number), text ?? ""]),
);
const rows = beforeSources
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| missing"))
  .map((line) =>
    line
      .slice(1, -1)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
const beside = rows.filter((cells) => cells.length === 8 && cells[1] !== "Day One");
const missing = rows.filter((cells) => cells.length === 3);

/** Not checked, or with a source behind what is said. */
const isBacked = (cell: string): boolean => /^nc\b/.test(cell) || /\[\d+\]/.test(cell);

describe("the comparison with other journals", () => {
  it("has every other product's cell checked against a source, or says that it wasn't", () => {
    expect(beside.length).toBeGreaterThan(20);
    expect(missing.length).toBeGreaterThan(5);
    const claims = [...beside.flatMap((cells) => cells.slice(1, -1)), ...missing.map(([, who = ""]) => who)];
    expect(claims.filter((claim) => !isBacked(claim))).toEqual([]);
  });

  it("counts nothing as checked that rests on a source of which nobody knows the day", () => {
    const undated = new Set([...sources].filter(([, text]) => text.includes("the day wasn't noted")).map(([n]) => n));
    expect(undated.size).toBeGreaterThan(0);
    const claims = [...beside.flatMap((cells) => cells.slice(1, -1)), ...missing.map(([, who = ""]) => who)];
    const restsOn = (claim: string) => [...claim.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number));
    const unfounded = claims.filter((claim) => {
      const named = restsOn(claim);
      return named.length > 0 && named.every((number) => undated.has(number)) && !/^nc\b/.test(claim);
    });
    expect(unfounded).toEqual([]);
    // Whoever reads a page without a date says the day.
    expect([...sources.values()].filter((text) => /read in/.test(text) && !text.includes("not found again"))).toEqual(
      [],
    );
  });

  it("names only sources that are listed, each with a date, and none that nobody names", () => {
    const named = new Set([...beforeSources.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number)));
    expect([...named].filter((number) => !sources.has(number))).toEqual([]);
    expect([...sources.keys()].filter((number) => !named.has(number))).toEqual([]);
    expect([...sources.values()].filter((source) => !/\b20\d\d\b/.test(source))).toEqual([]);
  });
});
