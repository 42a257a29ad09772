// Builds the client into dist/ when anything it is made of has changed since the last build.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["client", "crypto", "protocol", "public", "index.html", "vite.config.ts", "package-lock.json"];
const STAMP = "dist/.build-stamp";

function* files(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) yield path;
  else for (const name of readdirSync(path).sort()) yield* files(join(path, name));
}

const hash = createHash("sha256");
for (const source of SOURCES) for (const file of files(source)) hash.update(file).update(readFileSync(file));
const wanted = hash.digest("hex");

if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== wanted) {
  console.log("Building the client …");
  const run = spawnSync("vite", ["build", "--logLevel", "error"], { stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 1);
  writeFileSync(STAMP, wanted);
}
