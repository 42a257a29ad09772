/** Programs of Debian that some tests need and a fresh machine lacks. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Another test file may be installing just now. */
const LOCK_SECONDS = 120;

/** Only the package; nothing happens where there is no apt, or no right to use it. */
export function installPackage(name: string): void {
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) return;
  const options = {
    stdio: "ignore",
    // A cluster of the machine itself is not wanted.
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", PG_CREATE_MAIN_CLUSTER: "false" },
  } as const;
  const patience = ["-qq", "-o", `DPkg::Lock::Timeout=${LOCK_SECONDS}`];
  spawnSync("apt-get", ["update", ...patience], options);
  spawnSync("apt-get", ["install", "-y", ...patience, "--no-install-recommends", name], options);
}
