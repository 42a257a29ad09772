// Runs the arrows check and refuses to call silence a success: a run that read no module fails.
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
const ours = modules.filter((module) => /^(crypto|protocol|client|sync-server)\//.test(module.source)).length;
for (const violation of summary.violations) {
  console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}`);
}
console.log(`arrows: ${ours} modules of ours read, ${summary.violations.length} violations`);
process.exit(ours === 0 || summary.violations.length > 0 ? 1 : 0);
