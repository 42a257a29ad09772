import { beforeAll, describe, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { simulateSeeds } from "./vault-seeds.ts";

beforeAll(ready);

// In two files, so that both cores have work.
describe("vault simulation, an evil server", () => {
  it("no device shows what nobody wrote, and what is lacking is noticed", { timeout: 36_000_000 }, async () => {
    await simulateSeeds("evil", 1_000_000);
  });
});
