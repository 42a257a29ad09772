/**
 * What a screen says aloud stands twice: where it is read and, 30 ms later, in the live region (client/ui/parts/live.tsx).
 * A browser test that looks for such a sentence on the whole page finds one or two, as it happens, and two is an error. So
 * it looks in `main`, or says that the first will do.
 */
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const KEY = /"([a-z]+(?:\.[A-Za-z0-9-]+)+)"/g;
const keysIn = (text: string): string[] => [...text.matchAll(KEY)].flatMap(([, key]) => key ?? []);

/** Of `say(t("…"))`, also with a choice between two, and of a `tell("…")` that says it. */
const saidIn = (source: string): string[] =>
  source.includes("say(") ? [...source.matchAll(/\b(?:say|tell)\([^\n]*/g)].flatMap(([call]) => keysIn(call)) : [];

/** Statements in which a sentence is looked for by its text on a whole page, or in a dialog, which has a live region too. */
const looseIn = (source: string, said: ReadonlySet<string>): string[] =>
  source.split(";").filter((statement) => {
    const looks = /page\s*(?:\.getByRole\("dialog"[^)]*\)\s*)?\.getByText\((?:text\(|\w+\[)[^)\]]*/.exec(
      statement,
    )?.[0];
    const isLoose = looks !== undefined && !/\.first\(\)|toHaveCount\(0\)/.test(statement);
    return isLoose && keysIn(looks).some((key) => said.has(key));
  });

const read = (pattern: string): { file: string; source: string }[] =>
  globSync(pattern).map((file) => ({ file, source: readFileSync(file, "utf8") }));

it("finds what could be found twice", () => {
  const said = new Set(
    saidIn('const tell = (key) => say(t(key)); say(t(now ? "a.kept" : "a.refused")); tell("b.gone")'),
  );
  expect([...said]).toEqual(["a.kept", "a.refused", "b.gone"]);
  const loose = (statement: string): number => looseIn(statement, said).length;
  expect(loose('await expect(alma.page.getByText(text("b.gone"))).toBeVisible();')).toBe(1);
  expect(loose('await expect(page.getByText(t["a.kept"])).toBeVisible();')).toBe(1);
  expect(loose('await expect(page.getByRole("dialog").getByText(text("b.gone"))).toBeVisible();')).toBe(1);
  expect(loose('await expect(page.getByText(text("b.gone")).first()).toBeVisible();')).toBe(0);
  expect(loose('await expect(main.getByText(text("b.gone"))).toBeVisible();')).toBe(0);
  expect(loose('await expect(page.getByText(text("c.other"))).toBeVisible();')).toBe(0);
});

it("no browser test looks for a sentence that stands twice", () => {
  const said = new Set(read("client/ui/**/*.tsx").flatMap(({ source }) => saidIn(source)));
  expect(said.size).toBeGreaterThan(20);
  const loose = read("tests/{browser,gallery}/**/*.ts").flatMap(({ file, source }) =>
    looseIn(source, said).map((statement) => `${file}: ${statement.trim()}`),
  );
  expect(loose).toEqual([]);
});
