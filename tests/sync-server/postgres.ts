/**
 * A private PostgreSQL for a test file: its own cluster in a directory of its own, at a free port of loopback, started as
 * a user who isn't root and stopped again. Where PostgreSQL isn't there, Debian's package is installed; where that can't
 * be had, `startPostgres` answers why, and the tests that need it are skipped, which counts.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../sync-server/storage/postgres/database.ts";
import { installPackage } from "./debian.ts";

const DEBIAN = "/usr/lib/postgresql";
const WAIT_MS = 30_000;

export interface Cluster {
  /** A new empty database; its URL. */
  createDatabase(): Promise<string>;
  /** Where pg_dump and the like lie. */
  readonly bin: string;
  /** As a power cut would, as far as a process can: no checkpoint, no goodbye. */
  crash(): Promise<void>;
  /** After `crash` or `stop`, on the same data and port. */
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** A cluster, or the reason why there is none here. In memory where there is a place for that, unless a `place` is given. */
export async function startPostgres(place = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()): Promise<Cluster | string> {
  const bin = findPrograms() ?? installPrograms();
  if (bin === null) return "PostgreSQL isn't installed, and apt can't install it here";
  const directory = mkdtempSync(join(place, "lomme-postgres-"));
  const user = process.getuid?.() === 0 ? unprivilegedUser() : null;
  if (user !== null) chownSync(directory, user.uid, user.gid);
  const as = { ...(user ?? {}), cwd: directory, env: { PATH: process.env.PATH, LC_ALL: "C" } };
  const data = join(directory, "data");
  // initdb doesn't wait for the disk, the server does: the files of an empty cluster can be made again.
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "lomme", "-A", "trust", "-E", "UTF8", "--no-sync"], {
    ...as,
    stdio: "ignore",
  });
  const port = await freePort();
  let server: ReturnType<typeof spawn> | null = null;
  const url = (database: string): string => `postgres://lomme@127.0.0.1:${port}/${database}`;

  async function start(): Promise<void> {
    const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: "", max_connections: 80 };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    server = spawn(join(bin as string, "postgres"), ["-D", data, ...options], { ...as, stdio: "ignore" });
    const until = Date.now() + WAIT_MS;
    while (!(await answers(url("postgres")))) {
      if (Date.now() > until) throw new Error("PostgreSQL didn't start");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server?.kill(signal);
    await ended;
  }

  await start();
  const admin = connect(url("postgres"), { connections: 1 });
  return {
    bin,
    async createDatabase() {
      const name = `t${randomBytes(6).toString("hex")}`;
      await admin.pool.query(`CREATE DATABASE ${name}`);
      return url(name);
    },
    crash: () => end("SIGQUIT"),
    start,
    async dispose() {
      await admin.close();
      await end("SIGINT"); // fast shutdown: open connections are cut
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function findPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(DEBIAN, version, "bin")), "/usr/bin", "/usr/local/bin"];
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

/** Only the programs: `postgresql` itself would also start a cluster of the machine. */
function installPrograms(): string | null {
  installPackage("postgresql");
  return findPrograms();
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ["postgres", "nobody"]) {
    const ids = ["-u", "-g"].map((which) => spawnSync("id", [which, name], { encoding: "utf8" }));
    if (ids.every(({ status }) => status === 0)) {
      const [uid, gid] = ids.map(({ stdout }) => Number(stdout)) as [number, number];
      return { uid, gid };
    }
  }
  throw new Error("there is no user postgres or nobody to run PostgreSQL as");
}

async function answers(url: string): Promise<boolean> {
  const sql = connect(url, { connections: 1 });
  try {
    await sql`SELECT 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.close();
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
