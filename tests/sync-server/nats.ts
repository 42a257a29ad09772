/** A NATS server of the test's own at a port of loopback; Debian's package is installed where it isn't there. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { connect } from "node:net";
import { installPackage } from "./debian.ts";
import { freePort } from "./postgres.ts";

const USUAL = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"];
const WAIT_MS = 10_000;

export interface TestNats {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** A running server, or the reason why there is none here. */
export async function startNats(): Promise<TestNats | string> {
  const program = findProgram() ?? installProgram();
  if (program === null) return "nats-server isn't installed, and apt can't install it here";
  const port = await freePort();
  let server: ChildProcess | null = null;
  const nats: TestNats = {
    url: `nats://127.0.0.1:${port}`,
    async start() {
      server = spawn(program, ["-a", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
      const until = Date.now() + WAIT_MS;
      while (!(await listens(port))) {
        if (Date.now() > until) throw new Error("nats-server didn't start");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async kill() {
      if (server === null || server.exitCode !== null || server.signalCode !== null) return;
      const ended = new Promise((resolve) => server?.once("exit", resolve));
      server.kill("SIGKILL");
      await ended;
    },
  };
  await nats.start();
  return nats;
}

const findProgram = (): string | null => USUAL.find((path) => spawnSync(path, ["--version"]).status === 0) ?? null;

function installProgram(): string | null {
  installPackage("nats-server");
  return findProgram();
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
