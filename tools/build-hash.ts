// What a build is made of, as one hash: the same sources give the same hash on every machine.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["client", "crypto", "protocol", "public", "index.html", "vite.config.ts", "package-lock.json"];

function* files(path: string): Generator<string> {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) yield path;
  else for (const name of readdirSync(path).sort()) yield* files(join(path, name));
}

/** SHA-256 over names and contents, 64 hex digits. */
export function hashFiles(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) for (const file of files(path)) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

export const sourceHash = (): string => hashFiles(SOURCES);
