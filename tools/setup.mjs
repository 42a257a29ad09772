// Brings node_modules up to date when the lock has changed; otherwise does nothing and needs no network.
//
// Runs from the pre-scripts, with whatever Node the machine has (20 or newer). It is a process of its own on purpose:
// a shell that has started the old Node would go on using it, while the script after this one finds the pinned
// Node 24 first on its path (node_modules/.bin).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const STAMP = "node_modules/.lomme-lock";
const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
const present = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";

if (present !== wanted) {
  console.log("Setting up: installing what package-lock.json names (once, about half a minute) …");
  const run = spawnSync("npm", ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"], {
    stdio: "inherit",
  });
  if (run.status !== 0) {
    console.error("Setting up failed: `npm ci --ignore-scripts` did not finish. Nothing else was changed.");
    process.exit(run.status ?? 1);
  }
  writeFileSync(STAMP, wanted);
}
