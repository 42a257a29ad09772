import { describe, expect, it } from "vitest";
import { simulate, type Tally } from "./simulation.ts";

/** One seed alone: SEED=123 npx vitest run --project long tests/simulation. Many more: SLOW=1. */
const ONE = process.env.SEED;
const SEEDS = process.env.SLOW === "1" ? 20_000 : 250;
const STEPS = 100;

const seeds = (from: number): number[] =>
  ONE === undefined ? Array.from({ length: SEEDS }, (_, at) => from + at) : [Number(ONE)];

async function simulateAll(from: number, refusals: boolean): Promise<Tally> {
  const sum: Tally = {};
  for (const seed of seeds(from)) {
    const tally = await simulate(seed, { steps: STEPS, refusals });
    for (const [what, times] of Object.entries(tally)) sum[what] = (sum[what] ?? 0) + times;
  }
  console.log(`what happened in ${seeds(from).length} seeds:`, JSON.stringify(sum));
  return sum;
}

describe("engine simulation", () => {
  it("loses nothing, doubles nothing and converges, whatever happens", { timeout: 3_600_000 }, async () => {
    const tally = await simulateAll(1, true);
    if (ONE !== undefined) return;
    // Nobody prunes here: snapshots are the vault's (vault-honest.long.test.ts).
    for (const [what, times] of Object.entries(tally)) {
      if (what !== "pruned") expect(times, what).toBeGreaterThan(0);
    }
  });

  it("keeps every chain in order with a server that refuses nothing", { timeout: 3_600_000 }, async () => {
    await simulateAll(1_000_000, false);
  });
});
