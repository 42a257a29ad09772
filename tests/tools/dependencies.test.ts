/** docs/dependencies.md and package.json name the same packages: none without a reason, no reason without a package. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const {
  dependencies,
  devDependencies,
  optionalDependencies,
}: Record<string, Record<string, string>> = JSON.parse(readFileSync(resolve(ROOT, "package.json"), "utf8"));
const versions = { ...dependencies, ...devDependencies, ...optionalDependencies };
const page = readFileSync(resolve(ROOT, "docs/dependencies.md"), "utf8");

/** Names in the bold beginnings of paragraphs: **`one`, `another`** – why. */
const explained = [...page.matchAll(/\*\*(`[^*]+`)\*\* –/g)].flatMap(([, names = ""]) =>
  [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
);

describe("dependencies", () => {
  it.each(Object.keys(versions))("%s has its paragraph", (name) => expect(explained).toContain(name));
  it.each(explained)("%s is in package.json", (name) => expect(Object.keys(versions)).toContain(name));
  it.each(Object.entries(versions))("%s is pinned: %s", (_name, version) =>
    expect(version).toMatch(/^(npm:[\w/@-]+@)?\d+\.\d+\.\d+$/),
  );
});
