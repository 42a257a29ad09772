import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The path of the `age` program, got from Debian's packages where it isn't there and we may; null where it can't be had. */
export function findAge(): string | null {
  const path = "/usr/bin/age";
  const usual = [path, "/usr/local/bin/age", "/opt/homebrew/bin/age"].find((one) => existsSync(one));
  if (usual !== undefined) return usual;
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) return null;
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, timeout: 120_000 };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "age"], quiet);
  return existsSync(path) ? path : null;
}

/** age asks at a terminal and nowhere else: `script` (bsdutils) is one. Gives back what the terminal showed. */
export function runAtTerminal(command: string, typed: readonly string[]): Promise<{ code: number; shown: string }> {
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"]);
  let shown = "";
  let asked = 0;
  child.stdout.on("data", (data: Buffer) => {
    shown += data.toString();
    // One answer for each question, when it is asked.
    const questions = shown.split(/passphrase[^\n]*: ?/i).length - 1;
    for (; asked < Math.min(questions, typed.length); asked++) child.stdin.write(`${typed[asked]}\n`);
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? 1, shown })));
}
