// Runs the arrows check and refuses to call silence a success: a run that read no module fails.
// Three rules need the import as it was written, query and all, which the cruiser's own rules don't see; they are here.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const folders = ["crypto", "protocol", "client", "sync-server", "tests", "bench"].filter((folder) =>
  existsSync(folder),
);
const run = spawnSync("depcruise", ["--config", ".dependency-cruiser.mjs", "--output-type", "json", ...folders], {
  encoding: "utf8",
  maxBuffer: 256 * 1024 * 1024,
});
if (run.error || !run.stdout) {
  console.error(run.error?.message ?? run.stderr);
  process.exit(1);
}
const { summary, modules } = JSON.parse(run.stdout);
const isOurs = (path) => /^(crypto|protocol|client|sync-server)\//.test(path);
const ours = modules.filter(({ source }) => isOurs(source));
const violations = summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));

const STARTS_A_WORKER = /\?worker&url$/;
const WORKER_ROOTS = /^client\/(worker|kdf-worker|decode-worker)\.ts$/;

for (const { source, dependencies } of ours) {
  for (const { module, resolved } of dependencies) {
    // A worker is another realm: started by its address, never imported as code of this one.
    if (WORKER_ROOTS.test(resolved) && !STARTS_A_WORKER.test(module)) {
      violations.push({ rule: "workers-start-by-address", from: source, to: module });
    }
    // `?raw`, `?url` and the like fetch pictures; on code they would be a way round the arrows.
    if (/\.(ts|tsx|mjs|js)\?/.test(module) && !(WORKER_ROOTS.test(resolved) && STARTS_A_WORKER.test(module))) {
      violations.push({ rule: "no-code-behind-a-query", from: source, to: module });
    }
  }
}

// Not in one step and not in ten: from the page no import leads to libsodium, the store or the sockets.
const KEYS = /^(crypto\/sodium\.ts$|client\/(storage|transport)\/)/;
const leadsTo = new Map(
  modules.map(({ source, dependencies }) => [
    source,
    dependencies
      .filter(({ module, dependencyTypes }) => !STARTS_A_WORKER.test(module) && !dependencyTypes.includes("type-only"))
      .map(({ resolved }) => resolved),
  ]),
);
const cameFrom = new Map(
  ours
    .filter(({ source }) => /^client\/(main\.tsx$|(ui|state|i18n|sw)\/)/.test(source))
    .map(({ source }) => [source, source]),
);
for (const [at, page] of cameFrom) {
  if (KEYS.test(at)) violations.push({ rule: "page-never-reaches-keys", from: page, to: at });
  for (const next of leadsTo.get(at) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, page);
}

for (const { rule, from, to } of violations) console.error(`${rule}: ${from} → ${to}`);
console.log(`arrows: ${ours.length} modules of ours read, ${violations.length} violations`);
process.exit(ours.length === 0 || violations.length > 0 ? 1 : 0);
