import { beforeAll, describe, expect, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { simulateVault, type Tally } from "./vault-simulation.ts";

/** One seed alone: SEED=123 npx vitest run --project long tests/simulation/vault. Many more: SLOW=1. */
const ONE = process.env.SEED;
const SEEDS = process.env.SLOW === "1" ? 20_000 : Number(process.env.SEEDS ?? 30);
const STEPS = 100;

beforeAll(ready);

async function simulateAll(evil: boolean): Promise<Tally> {
  const sum: Tally = {};
  const seeds = ONE === undefined ? Array.from({ length: SEEDS }, (_, at) => at + 1) : [Number(ONE)];
  for (const seed of seeds) {
    const tally = await simulateVault(seed, { steps: STEPS, evil });
    for (const [what, times] of Object.entries(tally)) sum[what] = (sum[what] ?? 0) + times;
  }
  console.log(`what happened in ${seeds.length} seeds:`, JSON.stringify(sum));
  return sum;
}

describe("vault simulation", () => {
  it("an honest, unlucky server: nothing is lost, everything converges, no alarm", { timeout: 3_600_000 }, async () => {
    const tally = await simulateAll(false);
    if (ONE === undefined)
      for (const what of ["restored", "crashed", "rotated", "refused", "lostLive"])
        expect(tally[what], what).toBeGreaterThan(0);
  });

  it("an evil server: no device shows what nobody wrote, and what is lacking is noticed", {
    timeout: 3_600_000,
  }, async () => {
    const tally = await simulateAll(true);
    const attacks = [
      "flip",
      "swap",
      "truncate",
      "foreignDocument",
      "foreignKind",
      "foreignOpId",
      "replay",
      "staleEpoch",
      "withhold",
    ];
    if (ONE === undefined) for (const what of [...attacks, "noticed"]) expect(tally[what], what).toBeGreaterThan(0);
  });
});
