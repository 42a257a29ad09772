/**
 * pg_dump and pg_restore as child processes. Address and password go through the environment, where `ps` doesn't show
 * them. They must not be older than the database; Debian's package is postgresql-client.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../data.ts";

const DEBIAN = "/usr/lib/postgresql";

/** Newest of Debian's versions, else whatever the path has. */
function findProgram(name: "pg_dump" | "pg_restore"): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(DEBIAN, version, "bin", name)).find((path) => existsSync(path)) ?? name;
}

/** @throws OperatorError with what the program said last */
export function runProgram(name: "pg_dump" | "pg_restore", url: string, args: readonly string[]): Promise<void> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const sslmode = searchParams.get("sslmode");
  const env = {
    PATH: process.env.PATH,
    PGHOST: hostname,
    PGPORT: port || "5432",
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    ...(username && { PGUSER: decodeURIComponent(username) }),
    ...(password && { PGPASSWORD: decodeURIComponent(password) }),
    ...(sslmode && { PGSSLMODE: sslmode }),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(findProgram(name), args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-2000);
    });
    child.once("error", () => reject(new OperatorError(`${name} isn't installed (Debian: postgresql-client).`)));
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new OperatorError(`${name} ended with ${code}: ${said.trim().split("\n").at(-1) ?? ""}`));
    });
  });
}
