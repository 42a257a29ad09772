/** docs/shown-by.md names tests: each of them is there. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const rows = readFileSync(new URL("docs/shown-by.md", root), "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, what, file, name] = /^\| (.+?) \| `(.+?)` \| (.+) \|$/.exec(line) ?? [];
    return what === undefined || file === undefined || name === undefined ? [] : [{ what, file, name }];
  });

const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:\b(?:it|test)\(|\]\)\(|\)\(|\)\()\s*(["'`])(.+?)\1/g)].map(([, , name]) => name ?? "");

describe("what shows it", () => {
  it("is a table with many lines", () => {
    expect(rows.length).toBeGreaterThan(60);
  });

  it.each(rows)("$what: $name", ({ file, name }) => {
    const path = new URL(`tests/${file}`, root);
    expect(existsSync(path)).toBe(true);
    expect(namesIn(readFileSync(path, "utf8")).filter((one) => one.startsWith(name))).not.toEqual([]);
  });
});
