import { defineConfig } from "vitest/config";

/** `unit` is what `npm run check` runs; `long` holds simulations, server acceptance and other tests of many seconds. */
export default defineConfig({
  test: {
    // One less than there are cores would be one: half of the time many of these only wait.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
          exclude: ["tests/**/*.long.test.ts"],
        },
      },
      { test: { name: "long", include: ["tests/**/*.long.test.ts"], testTimeout: 180_000 } },
    ],
  },
});
