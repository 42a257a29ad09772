// Type-checks every realm with its own library: `document` must not compile in crypto/, nor `process` in the page.
import { spawn } from "node:child_process";

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
process.exit(failed.length > 0 ? 1 : 0);
