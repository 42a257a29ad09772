/**
 * What the page loads before a pocket is open, from a fresh build: everything reachable by static imports from the entry,
 * the locked side and the first run with theirs, and the largest set of texts. Goal: ≤ 60 KB gzipped (architecture.md).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";

const goalBytes = 60 * 1024;
/** A key that stands among the texts of the inside only. */
const INSIDE = '"home.pocket":';
let out = "";
const sizes = new Map<string, number>();

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "lomme-build-"));
  const run = spawnSync("node_modules/.bin/vite", ["build", "--outDir", out, "--logLevel", "error"], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr || run.stdout);
  for (const name of readdirSync(join(out, "assets"))) {
    if (name.endsWith(".js")) sizes.set(name, gzipSync(readFileSync(join(out, "assets", name))).length);
  }
}, 120_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** A chunk and everything it imports statically. */
function reach(name: string, into: Set<string>): Set<string> {
  if (into.has(name)) return into;
  into.add(name);
  const code = readFileSync(join(out, "assets", name), "utf8");
  for (const [, imported = ""] of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) reach(imported, into);
  return into;
}
const named = (start: string) => [...sizes.keys()].filter((name) => name.startsWith(`${start}-`));

function loadedBeforeUnlocking(): Set<string> {
  const entry = /assets\/(index-[\w-]+\.js)/.exec(readFileSync(join(out, "index.html"), "utf8"))?.[1];
  if (!entry) throw new Error("no entry in index.html");
  const loaded = reach(entry, new Set());
  for (const start of ["locked", "first-run", "updates"]) {
    const chunks = named(start);
    if (chunks.length === 0) throw new Error(`no chunk named ${start}`);
    for (const chunk of chunks) reach(chunk, loaded);
  }
  return loaded;
}

it("is at most 60 KB of JavaScript, gzipped", () => {
  const loaded = loadedBeforeUnlocking();
  // Of one language: what is read outside, the pictures' names and the words, though not everybody sees all of them.
  const texts = Math.max(
    ...["da", "sv", "en"].map((language) => {
      const chunks = named(language);
      const outside = chunks.filter((name) => !readFileSync(join(out, "assets", name), "utf8").includes(INSIDE));
      expect(outside.length, "one chunk is for an open pocket, and asked for when one opens (ui/text.ts)").toBe(
        chunks.length - 1,
      );
      return outside.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    }),
  );
  const total = [...loaded].reduce((sum, name) => sum + (sizes.get(name) ?? 0), texts);
  console.log(`page JavaScript before unlock: ${total} bytes gzipped in ${loaded.size} chunks and texts`);
  expect(total).toBeLessThanOrEqual(goalBytes);
});

it("has none of what only an open pocket needs", () => {
  const loaded = loadedBeforeUnlocking();
  for (const start of ["inside", "home"]) {
    expect(named(start).length, start).toBeGreaterThan(0);
    for (const chunk of named(start)) expect(loaded.has(chunk), `${chunk} before unlocking`).toBe(false);
  }
  const code = [...loadedBeforeUnlocking()].map((name) => readFileSync(join(out, "assets", name), "utf8")).join("");
  const everything = [...sizes.keys()].map((name) => readFileSync(join(out, "assets", name), "utf8")).join("");
  for (const mark of ["ProseMirror", "XmlFragment", "sodium", "createObjectStore"]) {
    expect(everything.includes(mark), `${mark} is somewhere in the build`).toBe(true);
    expect(code.includes(mark), `${mark} before unlocking`).toBe(false);
  }
});

it("loads the editor and the recorder when they are used: not before unlocking, and not for home", () => {
  const home = named("home");
  expect(home.length).toBeGreaterThan(0);
  const both = new Set([...loadedBeforeUnlocking(), ...home.flatMap((chunk) => [...reach(chunk, new Set())])]);
  const code = [...both].map((name) => readFileSync(join(out, "assets", name), "utf8")).join("");
  const everything = [...sizes.keys()].map((name) => readFileSync(join(out, "assets", name), "utf8")).join("");
  for (const mark of ["ProseMirror", "MediaRecorder", "getUserMedia", "licences.json"]) {
    expect(everything.includes(mark), `${mark} is somewhere in the build`).toBe(true);
    expect(code.includes(mark), `${mark} for home`).toBe(false);
  }
});

it("lists the licence of everything of others that is in the build", () => {
  const listed = JSON.parse(readFileSync(join(out, "licences.json"), "utf8")) as readonly Record<string, string>[];
  const names = listed.map(({ name }) => name);
  // One of each kind of bundle: page, editor, vault worker, KDF worker, service worker; and a font.
  for (const name of [
    "preact",
    "@tiptap/core",
    "prosemirror-view",
    "yjs",
    "dexie",
    "libsodium-wrappers-sumo",
    "workbox-core",
    "@fontsource/hedvig-letters-serif",
  ]) {
    expect(names, name).toContain(name);
  }
  expect(listed.filter(({ text = "" }) => text.length < 10)).toEqual([]);
  expect(names.filter((name = "") => /vitest|playwright|lighthouse|vite$/.test(name))).toEqual([]);
});
