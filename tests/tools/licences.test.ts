/** The list of licences: who is in it, and that none goes without its text. What a real build holds: first-load.long.test.ts. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { licencesOf, OF_THE_SERVICE_WORKER, packageOf, TAKEN_OVER } from "../../tools/licences.ts";

const at = (name: string): string => join(process.cwd(), "node_modules", name);

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* sources(join(folder, entry.name));
    else yield readFileSync(join(folder, entry.name), "utf8");
  }
}

describe("licences", () => {
  it("find the package of a module, also of a scoped or a nested one, and none for our own", () => {
    expect(packageOf(at("yjs/dist/yjs.mjs"))).toBe(at("yjs"));
    expect(packageOf(`${at("@tiptap/core/dist/index.js")}?v=1`)).toBe(at("@tiptap/core"));
    expect(packageOf(join(process.cwd(), "client/main.tsx"))).toBeNull();
  });

  it("stand once each, in order, with their text", () => {
    const all = licencesOf(["yjs", ...TAKEN_OVER, "dexie", "yjs"].map(at));
    const names = [...TAKEN_OVER, "dexie", "yjs"].toSorted((a, b) => (a < b ? -1 : 1));
    expect(all.map(({ name }) => name)).toEqual(names);
    for (const { licence, text } of all) {
      expect(licence).not.toBe("");
      expect(text.length).toBeGreaterThan(10);
    }
  });

  it("name everything that the service worker imports", () => {
    const imported = [...sources("client/sw")].flatMap((source) =>
      [...source.matchAll(/from "(workbox-[a-z]+)"/g)].map(([, name]) => name ?? ""),
    );
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((name) => !OF_THE_SERVICE_WORKER.includes(name))).toEqual([]);
  });
});
