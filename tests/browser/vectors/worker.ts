/** Every vector through crypto/ in a worker, where the vault runs too. Posts name and complaint, or null, of each. */
import { ready } from "../../../crypto/sodium.ts";
import { vectorChecks } from "../../vectors/checks.ts";
import { othersChecks } from "../../vectors/others-checks.ts";

async function runAll() {
  await ready();
  const results: { readonly name: string; readonly wrong: string | null }[] = [];
  for (const { name, run } of [...vectorChecks(), ...othersChecks()]) {
    try {
      await run();
      results.push({ name, wrong: null });
    } catch (error) {
      results.push({ name, wrong: String(error) });
    }
  }
  return results;
}

runAll().then(
  (results) => postMessage(results),
  (error: unknown) => postMessage([{ name: "all", wrong: String(error) }]),
);
