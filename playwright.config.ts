import { existsSync, readFileSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** Written by tools/chromium.mjs before the tests. Without it every browser test fails, none is skipped. */
const CHROMIUM = ".cache/chromium";

/**
 * Chromium's new headless mode is the whole browser. What draws the list under its address bar would be loaded at every start
 * (two renderers, 0.8 s of a core), and no test has an address bar.
 */
const ADDRESS_BAR = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

/** Of two such flags Chromium takes the last alone: these are the ones that Playwright 1.65 gives, by its chromiumSwitches.ts. */
const PLAYWRIGHTS = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];

export default defineConfig({
  testDir: "tests/browser",
  testMatch: "**/*.spec.ts",
  outputDir: ".cache/playwright",
  fullyParallel: false,
  // Argon2id takes a second of a core per unlock; two browsers at a time is what two cores carry.
  workers: 2,
  // A machine three times as slow as ours; what waits in vain is told of sooner, by what it waits for.
  timeout: 150_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  use: {
    // Nothing a person presses here takes longer; a test that waits in vain says so soon.
    // A click waits for frames; beside other browsers on two cores they may stand still for a while.
    actionTimeout: 45_000,
    locale: "da-DK",
    timezoneId: "Europe/Copenhagen",
    viewport: { width: 360, height: 740 },
    launchOptions: {
      executablePath: existsSync(CHROMIUM) ? readFileSync(CHROMIUM, "utf8") : "no-chromium-found",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        `--disable-features=${[...PLAYWRIGHTS, ...ADDRESS_BAR].join(",")}`,
      ],
    },
  },
});
