/** Seeds of the vault simulation, run one after the other; what happened is counted, and what never happened fails. */
import { expect } from "vitest";
import { simulateVault, type Tally } from "./vault-simulation.ts";

/** One seed alone: SEED=123 npx vitest run --project long tests/simulation/vault. Many more: SLOW=1, or SEEDS=1000. */
const ONE = process.env.SEED;
const SEEDS = Number(process.env.SEEDS ?? (process.env.SLOW === "1" ? 50_000 : 100));
/** What a few seeds may pass by: asked for when there are enough of them. */
const RARE: readonly string[] = ["longEdit", "spliced"];
const MANY_SEEDS = 200;
const STEPS = 100;

/** Of the evil server, each counted by its name. */
export const ATTACKS = [
  "flip",
  "swap",
  "truncate",
  "foreignDocument",
  "foreignKind",
  "foreignOpId",
  "replay",
  "staleEpoch",
  "withhold",
  "downgrade",
  "ghostMember",
  "rolledBack",
  "spliced",
] as const;

export async function simulateSeeds({
  evil,
  mustHappen,
}: {
  readonly evil: boolean;
  readonly mustHappen: readonly string[];
}): Promise<void> {
  const sum: Tally = {};
  const seeds = ONE === undefined ? Array.from({ length: SEEDS }, (_, at) => at + 1) : [Number(ONE)];
  for (const seed of seeds) {
    const tally = await simulateVault(seed, { steps: STEPS, evil });
    for (const [what, times] of Object.entries(tally)) sum[what] = (sum[what] ?? 0) + times;
  }
  console.log(`what happened in ${seeds.length} ${evil ? "evil" : "honest"} seeds:`, JSON.stringify(sum));
  if (ONE !== undefined) return;
  for (const what of mustHappen) {
    if (SEEDS >= MANY_SEEDS || !RARE.includes(what)) expect(sum[what] ?? 0, what).toBeGreaterThan(0);
  }
}
