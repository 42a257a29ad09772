import { beforeAll, describe, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { simulateSeeds } from "./vault-seeds.ts";
import { simulateVault } from "./vault-simulation.ts";

beforeAll(ready);

const FAULTS = ["restored", "crashed", "rotated", "refused", "lostLive", "doubledLive", "pruned", "longEdit", "typed"];

describe("vault simulation, an honest and unlucky server", () => {
  it("nothing is lost, everything converges, no alarm, and who comes late has it all", {
    timeout: 36_000_000,
  }, async () => {
    await simulateSeeds({ evil: false, mustHappen: FAULTS });
  });

  it.each([
    [4, "two devices' snapshots, neither of which stands for the other's places"],
    [78, "a snapshot and what it stands for in one page, after a restore"],
    [92, "a snapshot made beside another that came after it was looked at"],
    [6, "a large content that came while another was fetched"],
    [66, "the content of one snapshot lost in a restore, while others stand for the same places"],
  ])("seed %d, which once found: %s", async (seed) => {
    await simulateVault(seed, { steps: 100, evil: false });
  });
});
