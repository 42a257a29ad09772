/**
 * The real server as a child process, with a data directory of its own. It can be stopped and started again on the
 * same port and the same data, or killed without warning; only the process started here is ever touched.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const LISTENING = /listening on (http:\/\/localhost:(\d+))/;
const START_MS = 20_000;

export interface TestServer {
  /** `http://localhost:NNNN`; the same after a restart. */
  readonly origin: string;
  readonly port: number;
  readonly dataDir: string;
  /** Everything it has written to stdout and stderr, over all its starts. */
  readonly log: () => string;
  /** Ends it politely (SIGTERM). Clients see a closed connection, then refusals. */
  readonly stop: () => Promise<void>;
  /** Ends it as a crash would (SIGKILL). */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Stops it and removes its data. */
  readonly remove: () => Promise<void>;
}

/** @param data a folder of data to begin with a copy of */
export async function startServer(env: Readonly<Record<string, string>> = {}, data?: string): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "lomme-server-"));
  if (data !== undefined) cpSync(data, dataDir, { recursive: true });
  let child: ChildProcess | null = null;
  let port = 0;
  let log = "";

  const start = async (): Promise<void> => {
    if (child) throw new Error("the server runs already");
    // The pinned Node 24, also when the tests themselves were started by an older one.
    const path = `${join(ROOT, "node_modules/.bin")}:${process.env.PATH}`;
    const started = spawn("node", ["sync-server/main.ts"], {
      cwd: ROOT,
      env: { ...process.env, PATH: path, PORT: String(port), DATA_DIR: dataDir, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    port = await new Promise<number>((listening, failed) => {
      const late = setTimeout(() => failed(new Error(`no "listening on" within ${START_MS} ms:\n${log}`)), START_MS);
      const read = (chunk: Buffer): void => {
        log += chunk.toString("utf8");
        const said = LISTENING.exec(log.slice(-4096));
        if (said?.[2]) {
          clearTimeout(late);
          listening(Number(said[2]));
        }
      };
      started.stdout.on("data", read);
      started.stderr.on("data", read);
      started.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${log}`)));
    });
  };

  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null) return;
    const gone = new Promise<void>((done) => running.once("exit", () => done()));
    running.kill(signal);
    const late = setTimeout(() => running.kill("SIGKILL"), 5_000);
    await gone;
    clearTimeout(late);
  };

  await start();
  return {
    origin: `http://localhost:${port}`,
    port,
    dataDir,
    log: () => log,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    start,
    remove: async () => {
      await end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
