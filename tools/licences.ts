// The licences of everything of others that is in a build: packages whose code went into a bundle, and those whose fonts or
// drawings were taken over. A Vite plugin gathers the first while the page and its workers are bundled; the service worker is
// bundled after them, so what it imports is named here. `licences.json` is what "about" shows.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Of client/sw/sw.ts; tests/tools/licences.test.ts compares. */
export const OF_THE_SERVICE_WORKER = ["workbox-precaching", "workbox-routing", "workbox-core"];
/** Taken over as files: fonts by a style sheet, pictures and icons by tools/pictures.mjs and tools/icons.mjs. */
export const TAKEN_OVER = [
  "@fontsource-variable/atkinson-hyperlegible-next",
  "@fontsource/hedvig-letters-serif",
  "@iconify-json/fluent-emoji-flat",
  "lucide-static",
];

const LICENCE_FILE = /^(licen[cs]e|copying)(\.|-|$)/i;

/** The folder of the package that a module belongs to; null for our own. */
export function packageOf(module: string): string | null {
  const path = module.replace(/^\0/, "").split("?")[0] ?? "";
  const at = path.lastIndexOf("/node_modules/");
  if (at < 0) return null;
  const [scope, name] = path.slice(at + "/node_modules/".length).split("/");
  const folder = `${path.slice(0, at)}/node_modules/${scope?.startsWith("@") ? `${scope}/${name}` : scope}`;
  return existsSync(join(folder, "package.json")) ? folder : null;
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type?: string; readonly title?: string };
  readonly author?: string | { readonly name?: string };
}

export interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

function licenceOf(folder: string): Licence {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageJson;
  const { name, version, license, author } = about;
  const file = readdirSync(folder).find((entry) => LICENCE_FILE.test(entry));
  const said = typeof license === "string" ? license : (license?.type ?? license?.title ?? "");
  // A collection of drawings says in its own file whose they are.
  const info = join(folder, "info.json");
  const drawn = existsSync(info)
    ? (JSON.parse(readFileSync(info, "utf8")) as { author?: { name?: string } }).author?.name
    : "";
  const by = drawn ? drawn : typeof author === "string" ? author : (author?.name ?? "");
  const text =
    file === undefined ? `${said}${by === "" ? "" : `\n${by}`}` : readFileSync(join(folder, file), "utf8").trim();
  return { name, version, licence: said, text };
}

/** One entry per package, in order of name. */
export function licencesOf(folders: Iterable<string>): readonly Licence[] {
  const entries = [...new Set(folders)].map(licenceOf);
  return [...new Map(entries.map((entry) => [entry.name, entry])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `{ page, worker }`: one gatherer for both kinds of bundle; the page's writes the list when it is finished. */
export function licences(): { readonly page: Plugin; readonly worker: Plugin } {
  const folders = new Set<string>();
  const gather = {
    moduleParsed({ id }: { readonly id: string }): void {
      const folder = packageOf(id);
      if (folder !== null) folders.add(folder);
    },
  };
  const root = process.cwd();
  return {
    worker: { name: "licences-of-workers", ...gather },
    page: {
      name: "licences",
      ...gather,
      generateBundle() {
        const named = [...OF_THE_SERVICE_WORKER, ...TAKEN_OVER].map((name) => join(root, "node_modules", name));
        const source = JSON.stringify(licencesOf([...folders, ...named]));
        this.emitFile({ type: "asset", fileName: "licences.json", source });
      },
    },
  };
}
