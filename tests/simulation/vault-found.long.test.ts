import { beforeAll, describe, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { simulateVault } from "./vault-simulation.ts";

beforeAll(ready);

/** Each failed before what it found was mended. Where the simulation changes they are only seeds: the unit tests stay. */
describe("vault simulation, seeds that once found something", () => {
  it.each([
    [
      473,
      "a snapshot that came to the server between looking and pruning took an older one with it, for which none stood",
    ],
  ])("honest seed %d: %s", async (seed) => {
    await simulateVault(seed, { steps: 100, evil: false });
  });

  it.each([
    [112, "a page of an entry that was on its way while a lost device was taken out counted for nobody"],
    [151, "the same, for what was said"],
  ])("honest seed %d, with a lost device: %s", async (seed) => {
    await simulateVault(seed, { steps: 100, evil: false, removals: true });
  });

  it.each([
    [6, "nonsense under the name of a record took its place"],
    [227, "what had come live was let go for a page that left it out"],
  ])("evil seed %d: %s", async (seed) => {
    await simulateVault(seed, { steps: 100, evil: true });
  });
});
