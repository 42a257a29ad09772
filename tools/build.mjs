// Builds the client into dist/ when anything it is made of has changed since the last build.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { sourceHash } from "./build-hash.ts";
import { compressAll } from "./compress.mjs";

const STAMP = "dist/.build-stamp";
const wanted = sourceHash();

if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== wanted) {
  console.log("Building the client …");
  const run = spawnSync("vite", ["build", "--logLevel", "error"], { stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 1);
  await compressAll("dist");
  writeFileSync(STAMP, wanted);
}
