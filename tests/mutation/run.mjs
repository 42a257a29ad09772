// Mutation testing of crypto/: `node tests/mutation/run.mjs [file.ts …]`. Stryker changes one thing at a time and asks
// whether a test of tests/crypto notices. It takes half an hour on two idle cores, so it is a command of its own.
//
// Stryker is installed beside, in .cache/mutation, at pinned versions, so that its seventy packages are not part of the
// product's lock; everything else comes from the project's node_modules. It needs the registry the first time.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const STRYKER = "10.1.1";
const FOLDER = ".cache/mutation";
/** Goal: at least this share killed. Survivors are explained in tests/mutation/README.md. */
const GOAL = 0.9;

const fresh = process.argv.includes("--fresh");
const only = process.argv
  .slice(2)
  .filter((argument) => argument !== "--fresh")
  .map((file) => `crypto/${file}`);
mkdirSync(FOLDER, { recursive: true });
for (const part of ["crypto", "tests/crypto", "tests/vectors", "tests/independent"]) {
  rmSync(`${FOLDER}/${part}`, { recursive: true, force: true });
  cpSync(part, `${FOLDER}/${part}`, { recursive: true });
}
writeFileSync(`${FOLDER}/package.json`, '{ "private": true, "type": "module" }\n');
writeFileSync(
  `${FOLDER}/vitest.config.js`,
  `import { BaseSequencer } from "vitest/node";
// Quick files first: the first test that fails ends a mutant's run.
const LAST = ["vectors", "recipients", "records", "blobs", "both-ways", "contexts", "unlocking"];
const place = ({ moduleId }) => LAST.findIndex((name) => moduleId.endsWith(\`/\${name}.test.ts\`));
class QuickFirst extends BaseSequencer {
  sort = async (files) => files.toSorted((a, b) => place(a) - place(b));
}
export default {
  test: {
    include: ["tests/crypto/*.test.ts"],
    exclude: ["**/*.long.test.ts"],
    testTimeout: 60000,
    // One module registry for all files: libsodium is loaded once for a mutant, not once for each test file.
    isolate: false,
    sequence: { sequencer: QuickFirst },
  },
};
`,
);
writeFileSync(
  `${FOLDER}/stryker.config.json`,
  JSON.stringify({
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    // types.ts is types, errors.ts one class, labels.ts strings that the vectors pin.
    mutate: only.length > 0 ? only : ["crypto/**/*.ts", "!crypto/types.ts", "!crypto/labels.ts", "!crypto/errors.ts"],
    // Strings here are messages, which no test reads on purpose; error codes are checked by the compiler and the tests.
    mutator: { excludedMutations: ["StringLiteral"] },
    coverageAnalysis: "perTest",
    // What runs once at import can't be switched per test; constants of that kind are pinned by the vectors.
    ignoreStatic: true,
    // Stryker reads tsconfig through an interface that TypeScript 7 no longer has.
    tsconfigFile: "none.json",
    concurrency: Number(process.env.CONCURRENCY ?? 2),
    // An endless loop costs this long; on a busy machine the slowest test file takes three seconds.
    timeoutMS: 15_000,
    // What neither code nor tests changed is not run again; `--fresh` runs all of it.
    incremental: true,
    incrementalFile: "incremental.json",
    force: fresh,
    reporters: ["clear-text", "progress-append-only", "json"],
    jsonReporter: { fileName: "mutation.json" },
    vitest: { configFile: "vitest.config.js" },
  }),
);

const here = { cwd: FOLDER, stdio: "inherit" };
if (!existsSync(`${FOLDER}/node_modules/@stryker-mutator/core`)) {
  const packages = [`@stryker-mutator/core@${STRYKER}`, `@stryker-mutator/vitest-runner@${STRYKER}`];
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--legacy-peer-deps"];
  if (spawnSync("npm", ["install", ...flags, ...packages], here).status !== 0) process.exit(1);
}
const stryker = spawnSync(process.execPath, ["node_modules/@stryker-mutator/core/bin/stryker.js", "run"], here);
if (stryker.status !== 0) process.exit(1);

const { files } = JSON.parse(readFileSync(`${FOLDER}/mutation.json`, "utf8"));
const states = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
const count = (...wanted) => states.filter((status) => wanted.includes(status)).length;
const killed = count("Killed", "Timeout");
const tested = killed + count("Survived", "NoCoverage");
console.log(JSON.stringify({ killed, tested, share: Number((killed / tested).toFixed(3)), goal: GOAL }));
process.exitCode = killed / tested >= GOAL ? 0 : 1;
