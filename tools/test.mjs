// `npm test`: every check, one after the other, and one sum at the end. A runner that fails doesn't stop the next one,
// so that one run shows everything there is to mend. Last line: `N passed, N failed[, N skipped]`.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";

const VITEST = ".cache/vitest.json";
const PLAYWRIGHT = ".cache/playwright.json";
mkdirSync(".cache", { recursive: true });
rmSync(VITEST, { force: true });
rmSync(PLAYWRIGHT, { force: true });

/** A command counts as one check; a runner with a report counts its own tests. */
const RUNNERS = [
  { name: "types", command: ["node", "tools/types.mjs"] },
  { name: "lint", command: ["biome", "check", "--error-on-warnings"] },
  { name: "arrows", command: ["node", "tools/arrows.mjs"] },
  { name: "texts and plans", command: ["node", "tools/expect.mjs"] },
  {
    name: "unit, property, simulation",
    command: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${VITEST}`],
    count: () => {
      const report = JSON.parse(readFileSync(VITEST, "utf8"));
      const broken = report.testResults.filter(
        (file) => file.status === "failed" && file.assertionResults.length === 0,
      );
      return {
        passed: report.numPassedTests,
        failed: report.numFailedTests + broken.length,
        skipped: report.numPendingTests + report.numTodoTests,
      };
    },
    report: VITEST,
  },
  { name: "build", command: ["node", "tools/build.mjs"] },
  {
    name: "browser",
    command: ["playwright", "test", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: PLAYWRIGHT },
    count: () => {
      const { stats } = JSON.parse(readFileSync(PLAYWRIGHT, "utf8"));
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
    },
    report: PLAYWRIGHT,
  },
];

const run = ({ command: [program, ...args], env }) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
    child.on("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });

const total = { passed: 0, failed: 0, skipped: 0 };
for (const runner of RUNNERS) {
  const started = Date.now();
  const code = await run(runner);
  let counts = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  if ("count" in runner && existsSync(runner.report)) {
    counts = runner.count();
    // A runner that ended badly although no test failed (a crash, no tests found) must not look green.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    if (code === 0 && counts.passed === 0) counts.failed += 1;
  }
  for (const key of Object.keys(total)) total[key] += counts[key];
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`— ${runner.name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)\n`);
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 ? 1 : 0);
