/** The same over the product's own storage, on a disk that loses what was not committed strictly. */
// First: Dexie looks for IndexedDB while it is being loaded.
import "fake-indexeddb/auto";

import { beforeAll, describe, expect, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { createLosingDisks } from "./losing-disk.ts";
import { simulateSeeds } from "./vault-seeds.ts";
import { simulateVault } from "./vault-simulation.ts";

beforeAll(ready);

const SEEDS = process.env.SLOW === "1" ? 1_000 : 24;
const disks = () => createLosingDisks().disk;

describe("vault simulation, on IndexedDB that loses what is not strict", () => {
  it("loses nothing with an honest server", { timeout: 36_000_000 }, async () => {
    await simulateSeeds("honest", [1], { seeds: SEEDS, wanted: ["crashed", "restored", "linked"], disks });
  });

  it("and shows nothing that nobody wrote with an evil one", { timeout: 36_000_000 }, async () => {
    await simulateSeeds("evil", [1], { seeds: SEEDS / 2, wanted: ["crashed", "noticed"], disks });
  });

  it("would lose what was said to be saved if a single commit were relaxed", async () => {
    const { disk } = createLosingDisks("relaxed");
    await expect(simulateVault(1, { steps: 100, evil: false, disk })).rejects.toThrow(/lacks|lost at a power cut/);
  });

  it("does the same again with the same seed", async () => {
    const run = () => simulateVault(2, { steps: 60, evil: true, disk: createLosingDisks().disk });
    const tally = await run();
    expect(await run()).toEqual(tally);
  });
});
