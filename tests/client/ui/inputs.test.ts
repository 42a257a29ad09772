/**
 * Chromium writes what stands in a field to its session files, unless the field says `autocomplete="off"`
 * (docs/threat-model.md). So every field of the product says it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const UI = resolve(import.meta.dirname, "../../../client/ui");

function* components(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* components(path);
    else if (entry.name.endsWith(".tsx")) yield path;
  }
}

/** The fields in a component's source, from the tag to where it closes itself. */
const fieldsIn = (source: string): readonly string[] => source.match(/<(?:input|textarea)\b[\s\S]*?\/>/g) ?? [];

const fields = [...components(UI)].flatMap((path) =>
  fieldsIn(readFileSync(path, "utf8")).map((field) => [path.slice(UI.length + 1), field] as const),
);

describe("fields", () => {
  it("there are some", () => expect(fields.length).toBeGreaterThan(8));
  it.each(fields)("%s: autocomplete is off", (_path, field) => expect(field).toContain('autocomplete="off"'));
  it("one without would be seen", () => {
    expect(fieldsIn("<p><input onInput={(e) => put(e)} /></p>")[0]).not.toContain("autocomplete");
  });
});
