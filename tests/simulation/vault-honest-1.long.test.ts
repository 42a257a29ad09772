import { beforeAll, describe, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { simulateSeeds } from "./vault-seeds.ts";

beforeAll(ready);

// In two files, so that both cores have work.
describe("vault simulation, an honest and unlucky server", () => {
  it("nothing is lost, everything converges, no alarm, and who comes late has it all", {
    timeout: 36_000_000,
  }, async () => {
    await simulateSeeds("honest", 1);
  });
});
