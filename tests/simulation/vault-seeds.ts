/** Seeds of the vault simulation, run one after the other; what happened is counted, and what never happened fails. */
import { expect } from "vitest";
import { ATTACKS } from "./vault-attacks.ts";
import { simulateVault } from "./vault-simulation.ts";
import type { Tally, VaultSimulationOptions } from "./vault-world.ts";

/** One seed alone: SEED=123 npx vitest run --project long tests/simulation/vault. Many more: SLOW=1, or SEEDS=1000. */
const ONE = process.env.SEED;
/** Of each of the four ranges, so that `npm test` runs 520 and SLOW=1 100,000. */
const SEEDS = Number(process.env.SEEDS ?? (process.env.SLOW === "1" ? 25_000 : 130));
const STEPS = 100;

/** What must have happened to devices, net and server in any case. */
const FAULTS: readonly string[] = [
  "crashed",
  "rotated",
  "refused",
  "refusedFull",
  "lostLive",
  "doubledLive",
  "lateLive",
  "restored",
  "toggled",
  "broken",
  "doubled",
  "pruned",
  "longEdit",
  "typed",
  "deleted",
  "linked",
  "removedDevice",
  "wentDown",
  "lookedAt",
];
const WANTED = { honest: FAULTS, evil: [...FAULTS, ...ATTACKS, "noticed", "mended"] } as const;

/** `from`: where each range begins. What never happened in any of them fails. */
export async function simulateSeeds(
  kind: "honest" | "evil",
  from: readonly number[],
  {
    seeds = SEEDS,
    wanted = WANTED[kind],
    disks,
  }: {
    readonly seeds?: number;
    readonly wanted?: readonly string[];
    /** New ones for each seed; in memory where nothing is said. */
    readonly disks?: () => VaultSimulationOptions["disk"];
  } = {},
): Promise<void> {
  const sum: Tally = {};
  const ranges = from.flatMap((first) => Array.from({ length: seeds }, (_, at) => first + at));
  const all = ONE === undefined ? ranges : [Number(ONE)];
  for (const seed of all) {
    const disk = disks?.();
    const options = { steps: STEPS, evil: kind === "evil" };
    const tally = await simulateVault(seed, disk === undefined ? options : { ...options, disk });
    for (const [what, times] of Object.entries(tally)) sum[what] = (sum[what] ?? 0) + times;
  }
  console.log(`what happened in ${all.length} ${kind} seeds from ${ONE ?? from.join(" and ")}:`, JSON.stringify(sum));
  if (ONE !== undefined) return;
  for (const what of wanted) expect(sum[what] ?? 0, what).toBeGreaterThan(0);
}
