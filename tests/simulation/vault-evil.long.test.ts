import { beforeAll, describe, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { ATTACKS, simulateSeeds } from "./vault-seeds.ts";

beforeAll(ready);

describe("vault simulation, an evil server", () => {
  it("no device shows what nobody wrote, and what is lacking is noticed", { timeout: 36_000_000 }, async () => {
    await simulateSeeds({ evil: true, mustHappen: [...ATTACKS, "noticed", "pruned", "restored", "longEdit"] });
  });
});
