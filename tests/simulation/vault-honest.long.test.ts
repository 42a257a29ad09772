import { beforeAll, describe, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { simulateSeeds } from "./vault-seeds.ts";

beforeAll(ready);

// Both ranges in one process: what the first warmed up the second finds warm. The other kind is a file of its own, for the
// other core.
describe("vault simulation, an honest and unlucky server", () => {
  it("nothing is lost, everything converges, no alarm, and who comes late has it all", {
    timeout: 36_000_000,
  }, async () => {
    await simulateSeeds("honest", [1, 1_000_000]);
  });
});
