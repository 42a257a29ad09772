/**
 * As many seeds of the vault simulation as one likes, in one process and outside of the tests:
 *
 *   KIND=evil FROM=1001 COUNT=5000 node tests/simulation/many-seeds.ts
 *
 * Each seed that fails is printed and the rest goes on; every hundred seeds say how far it has come, so that whoever stops
 * it begins there again. Several at once, each with a range of its own, use several cores. Ends with 1 when one failed.
 */
import { ready } from "../../crypto/sodium.ts";
import { simulateVault } from "./vault-simulation.ts";
import type { Tally } from "./vault-world.ts";

const evil = process.env.KIND === "evil";
const from = Number(process.env.FROM ?? 1);
const count = Number(process.env.COUNT ?? 1_000);
const STEPS = 100;

await ready();
const sum: Tally = {};
const failed: number[] = [];
for (let seed = from; seed < from + count; seed++) {
  try {
    const tally = await simulateVault(seed, { steps: STEPS, evil });
    for (const [what, times] of Object.entries(tally)) sum[what] = (sum[what] ?? 0) + times;
  } catch (error) {
    failed.push(seed);
    console.log((error as Error).message.slice(0, 600));
  }
  const done = seed - from + 1;
  if (done % 100 === 0 || done === count) {
    const seconds = (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
    const kind = evil ? "evil" : "honest";
    console.log(
      `${done} ${kind} seeds from ${from}, ${failed.length} failed ${failed}, ${seconds.toFixed(0)} s of CPU`,
    );
  }
}
console.log(JSON.stringify(sum));
process.exitCode = failed.length === 0 ? 0 : 1;
