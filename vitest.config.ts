import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files of half a minute and more, in the order they are begun: one that computes beside one that mostly waits (for a
 * server, a time-out, a disk), so that both cores have work from the first second to the last. The rest fills in behind,
 * the long ones first.
 */
const FIRST = [
  "simulation/vault-evil",
  "sync-server/abuse",
  "client/vault/lost-device",
  "simulation/vault-honest",
  "sync-server/nodes",
  "client/vault/devices",
  "simulation/engine",
  "sync-server/crash",
  "simulation/vault-disk",
];

const place = ({ moduleId }: TestSpecification): number => {
  const named = FIRST.findIndex((name) => moduleId.endsWith(`tests/${name}.long.test.ts`));
  if (named >= 0) return named;
  return moduleId.endsWith(".long.test.ts") ? FIRST.length : FIRST.length + 1;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

/** `unit` is what `npm run check` runs; `long` holds simulations, server acceptance and other tests of many seconds. */
export default defineConfig({
  test: {
    // One less than there are cores would be one: half of the time many of these only wait.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
          exclude: ["tests/**/*.long.test.ts"],
        },
      },
      {
        test: {
          name: "long",
          include: ["tests/**/*.long.test.ts"],
          testTimeout: 180_000,
          // Simulations make much that is forgotten at once: a larger nursery saves a tenth of their time. Both cores have work
          // already, so helpers of the collector's own only take turns from it: without them, another twelfth.
          execArgv: ["--max-semi-space-size=64", "--single-threaded-gc"],
        },
      },
    ],
  },
});
