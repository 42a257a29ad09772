import { defineConfig } from "@playwright/test";
import browser from "../../playwright.config.ts";

/** `npm run gallery`: a PNG of every screen into gallery/ (ignored by git). GALLERY=da-middle walks that one only. */
export default defineConfig({
  ...browser,
  testDir: ".",
  testMatch: "gallery.spec.ts",
  outputDir: "../../.cache/gallery",
  workers: 1,
  timeout: 900_000,
});
