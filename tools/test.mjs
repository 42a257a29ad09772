// `npm test`: every check, and one sum at the end. The short ones and the build run side by side, then the two that have
// workers of their own, one after the other. A runner that fails doesn't stop the next one, so that one run shows
// everything there is to mend. Last line: `N passed, N failed[, N skipped]`.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";

const VITEST = ".cache/vitest.json";
const PLAYWRIGHT = ".cache/playwright.json";
mkdirSync(".cache", { recursive: true });
rmSync(VITEST, { force: true });
rmSync(PLAYWRIGHT, { force: true });

// Most of these tests wait half of their time, for a server, a browser or a disk: one worker more than the two cores of
// the CI machine keeps both cores busy, and no more memory is taken than that machine has.
const WORKERS = 3;

/** A command counts as one check; a runner with a report counts its own tests. */
const SHORT = [
  { name: "types", command: ["node", "tools/types.mjs"] },
  { name: "lint", command: ["biome", "check", "--error-on-warnings"] },
  { name: "arrows", command: ["node", "tools/arrows.mjs"] },
  { name: "texts and plans", command: ["node", "tools/expect.mjs"] },
  { name: "build", command: ["node", "tools/build.mjs"] },
];
const LONG = [
  {
    name: "unit, property, simulation",
    command: [
      ...["vitest", "run", `--maxWorkers=${WORKERS}`],
      ...["--reporter=default", "--reporter=json", `--outputFile.json=${VITEST}`],
    ],
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
  {
    name: "browser",
    command: ["playwright", "test", `--workers=${WORKERS}`, "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: PLAYWRIGHT },
    count: () => {
      const { stats } = JSON.parse(readFileSync(PLAYWRIGHT, "utf8"));
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
    },
    report: PLAYWRIGHT,
  },
];

/** Resolves with the exit code. `quiet`: what it prints is kept until it has ended, so that two don't mix. */
const run = ({ command: [program, ...args], env }, quiet) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: quiet ? "pipe" : "inherit", env: { ...process.env, ...env } });
    const printed = [];
    child.stdout?.on("data", (bytes) => printed.push(bytes));
    child.stderr?.on("data", (bytes) => printed.push(bytes));
    child.on("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(printed));
      resolve(code ?? 1);
    });
  });

const total = { passed: 0, failed: 0, skipped: 0 };
async function check(runner, quiet) {
  const started = Date.now();
  const code = await run(runner, quiet);
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

await Promise.all(SHORT.map((runner) => check(runner, true)));
for (const runner of LONG) await check(runner, false);

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 ? 1 : 0);
