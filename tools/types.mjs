// Type-checks every realm with its own library: `document` must not compile in crypto/, nor `process` in the page.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

const realms = ["pure", "worker", "page", "sw", "server", "tests"];
const results = await Promise.all(
  realms.map(
    (realm) =>
      new Promise((resolve) => {
        let output = "";
        const run = spawn("tsc", ["-p", `tsconfig.${realm}.json`, "--pretty", "false"]);
        run.stdout.on("data", (chunk) => (output += chunk));
        run.stderr.on("data", (chunk) => (output += chunk));
        run.on("error", (error) => resolve({ realm, code: 1, output: error.message }));
        run.on("close", (code) => resolve({ realm, code, output }));
      }),
  ),
);
for (const { realm, code, output } of results) {
  if (code !== 0) console.error(`types (${realm}):\n${output}`);
}
const failed = results.filter(({ code }) => code !== 0);
console.log(`types: ${realms.length - failed.length} of ${realms.length} realms are clean`);
const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
const installed = existsSync("node_modules/.lomme-lock") ? readFileSync("node_modules/.lomme-lock", "utf8") : "";
if (failed.length > 0 && lock !== installed) {
  console.error("package-lock.json names other packages than node_modules holds; run: node tools/setup.mjs");
}
process.exit(failed.length > 0 ? 1 : 0);
