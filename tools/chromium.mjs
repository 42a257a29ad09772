// Finds a Chromium for the browser tests, or gets one: CHROME_PATH, the usual places, Debian's package where apt is
// there and we may use it, else Playwright's own download. Writes the path to .cache/chromium; prints one clear line
// when none can be had (the browser tests then count as failed, they are never skipped).
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";

const USUAL = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const runs = (path) =>
  Boolean(path) && existsSync(path) && spawnSync(path, ["--version"], { timeout: 30_000 }).status === 0;

async function playwrightsOwn() {
  const { chromium } = await import("playwright-core");
  return chromium.executablePath();
}

async function find() {
  for (const path of [process.env.CHROME_PATH, ...USUAL]) if (runs(path)) return path;
  const own = await playwrightsOwn();
  if (runs(own)) return own;
  if (existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) {
    console.log("Browser tests: installing Debian's chromium …");
    const quiet = {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    spawnSync("apt-get", ["update", "-qq"], quiet);
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet);
    if (runs("/usr/bin/chromium")) return "/usr/bin/chromium";
  }
  console.log("Browser tests: downloading Playwright's Chromium …");
  spawnSync("playwright-core", ["install", "chromium"], { stdio: ["ignore", "ignore", "ignore"], timeout: 300_000 });
  return runs(own) ? own : null;
}

mkdirSync(".cache", { recursive: true });
const path = await find();
if (path) writeFileSync(".cache/chromium", path);
else {
  rmSync(".cache/chromium", { force: true });
  console.error("Browser tests: no Chromium could be found or installed; set CHROME_PATH. They will count as failed.");
}
