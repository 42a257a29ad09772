/**
 * Looks for canaries in bytes, in files and under whole directories (a server's data, a browser's profile): one pass
 * over the bytes for all canaries in all their forms. File names are looked at as well as contents, and the tables of
 * LevelDB, where Chromium keeps IndexedDB, are also read unpacked.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Canary } from "./canary.ts";
import { unpackedTable } from "./leveldb.ts";

export interface Hit {
  readonly canary: string;
  readonly form: string;
  /** A file, or what the caller named the bytes. */
  readonly where: string;
  readonly offset: number;
}

export interface Scanner {
  /** Every hit in `bytes`. */
  readonly scan: (bytes: Uint8Array, where: string) => readonly Hit[];
  /** How many bytes it has looked at: a test that scanned nothing must not look clean. */
  readonly scannedBytes: () => number;
}

export function createScanner(canaries: readonly Canary[]): Scanner {
  if (canaries.length === 0) throw new Error("nothing to look for");
  const needles = canaries.flatMap(({ name, forms }) => forms.map((form) => ({ ...form, canary: name })));
  const byStart = new Map<number, typeof needles>();
  // First two bytes → may a needle begin here? Most positions are ruled out by one look.
  const mayStart = new Uint8Array(65_536);
  for (const needle of needles) {
    const start = fourBytes(needle.bytes, 0);
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
    mayStart[start & 0xffff] = 1;
  }
  let scanned = 0;
  return {
    scannedBytes: () => scanned,
    scan: (bytes, where) => {
      scanned += bytes.length;
      const hits: Hit[] = [];
      for (let at = 0; at + 4 <= bytes.length; at += 1) {
        if (mayStart[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] === 0) continue;
        for (const { bytes: needle, canary, name } of byStart.get(fourBytes(bytes, at)) ?? []) {
          if (standsAt(bytes, at, needle)) hits.push({ canary, form: name, where, offset: at });
        }
      }
      return hits;
    },
  };
}

/** Every hit in the names and contents of all files under `directory`. Nothing is left out for its kind or size. */
export function scanDirectory(scanner: Scanner, directory: string): readonly Hit[] {
  const hits: Hit[] = [];
  for (const path of filesUnder(directory)) {
    const name = relative(directory, path);
    hits.push(...scanner.scan(Buffer.from(name), `name of ${name}`));
    const bytes = readIfThere(path);
    if (!bytes) continue;
    hits.push(...scanner.scan(bytes, name));
    if (/\.(ldb|sst)$/.test(name)) {
      for (const block of unpackedTable(bytes)) hits.push(...scanner.scan(block, `${name}, unpacked`));
    }
  }
  return hits;
}

/** One line per canary and place, for a test's message. */
export const hitLines = (hits: readonly Hit[]): readonly string[] =>
  hits.map(({ canary, form, where, offset }) => `${canary} as ${form} in ${where} at byte ${offset}`);

function* filesUnder(path: string): Generator<string> {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* filesUnder(child);
    else if (entry.isFile()) yield child;
  }
}

/** A browser that is still running may remove a file between the listing and the reading. */
function readIfThere(path: string): Uint8Array | null {
  try {
    return statSync(path).size > 0 ? readFileSync(path) : null;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

const fourBytes = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);

function standsAt(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at + needle.length > bytes.length) return false;
  for (let i = 4; i < needle.length; i += 1) if (bytes[at + i] !== needle[i]) return false;
  return true;
}
