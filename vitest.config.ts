import { defineConfig } from "vitest/config";

/** `unit` is what `npm run check` runs; `long` holds simulations, server acceptance and other tests of many seconds. */
export default defineConfig({
  test: {
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
