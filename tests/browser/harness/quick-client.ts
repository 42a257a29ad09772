/**
 * The build as most tests get it: on a device that seems slow. The clock of the key derivation runs fast there, so a code is
 * derived at Argon2id's floor (64 MiB, 3 passes) in a sixth of a second and not in a whole one, and nothing else differs. What
 * a real device gets: tests with `test.use({ clock: "real" })`, in first-run.spec and story.spec, which are served dist/ itself.
 */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const CACHE = join(ROOT, ".cache");
const NAME = "quick-client";

/** How much faster the clock of the key derivation runs: at 150 ms for the floor, 8 is past the whole second. */
const CLOCK_FACTOR = 10;

const stampOf = (folder: string): string =>
  existsSync(join(folder, ".build-stamp")) ? readFileSync(join(folder, ".build-stamp"), "utf8") : "";

/** A folder with the build of dist/, made where it isn't there yet. At once, so that workers that ask together are no trouble. */
export function quickClient(): string {
  const stamp = stampOf(join(ROOT, "dist"));
  if (stamp === "") throw new Error("dist/ is not built");
  const folder = join(CACHE, `${NAME}-${stamp.slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  for (const name of readdirSync(CACHE)) {
    if (name.startsWith(NAME) && !join(CACHE, name).startsWith(folder))
      rmSync(join(CACHE, name), { recursive: true, force: true });
  }
  const making = `${folder}.${process.pid}`;
  // With its times: what the build compressed counts only while it isn't older than its file.
  cpSync(join(ROOT, "dist"), making, { recursive: true, preserveTimestamps: true });
  quickenClock(making);
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true });
    // Another worker was sooner.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** The worker that derives keys from codes, and it alone, finds that time passes fast. */
function quickenClock(clientDir: string): void {
  const assets = join(clientDir, "assets");
  const [worker, ...more] = readdirSync(assets).filter((name) => /^kdf-worker-.*\.js$/.test(name));
  if (worker === undefined || more.length > 0) throw new Error("one worker for key derivation was expected");
  const path = join(assets, worker);
  const fast = `{const real=performance.now.bind(performance);performance.now=()=>${CLOCK_FACTOR}*real()}\n`;
  writeFileSync(path, fast + readFileSync(path, "utf8"));
}
