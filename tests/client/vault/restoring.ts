/** The operator's commands on a test's server, and what stands in its database: for tests of a server that went back in time. */
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { kindToWire } from "../../../protocol/wire.ts";
import type { TestServer } from "../../browser/harness/server.ts";
import { NODE } from "../../sync-server/child.ts";

const backupDir = ({ dataDir }: TestServer): string => `${dataDir}-backup`;

/** A command of the operator beside, or in the place of, the server. */
function operate({ dataDir }: TestServer, ...args: string[]): void {
  execFileSync(NODE, ["sync-server/operator.ts", ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
    stdio: "pipe",
  });
}

export const backUp = (server: TestServer): void => operate(server, "backup", "--to", backupDir(server));

export async function goBackInTime(server: TestServer, ...options: string[]): Promise<void> {
  await server.stop();
  // What an earlier restore kept is in the way of the next one.
  for (const name of readdirSync(server.dataDir).filter((name) => name.endsWith(".before-restore"))) {
    rmSync(join(server.dataDir, name));
  }
  operate(server, "restore", "--from", backupDir(server), ...options);
  await server.start();
}

export const forgetBackup = (server: TestServer): void => rmSync(backupDir(server), { recursive: true, force: true });

function query(server: TestServer, sql: string) {
  const database = new DatabaseSync(`${server.dataDir}/lomme.sqlite`, { readOnly: true });
  const rows = database.prepare(sql).all();
  database.close();
  return rows;
}

/** Records by op id, with their documents. */
export const stored = (server: TestServer): Map<string, string> =>
  new Map(
    query(server, "SELECT hex(op) AS op, hex(document) AS document FROM records").map(({ op, document }) => [
      String(op),
      String(document).toLowerCase(),
    ]),
  );

/**
 * Op ids of `before` that the server lacks, without those of documents that stand in a snapshot there: such records were
 * pruned, as they may be at any time.
 */
export function lostSince(server: TestServer, before: ReadonlyMap<string, string>): readonly string[] {
  const now = stored(server);
  const snapshots = query(
    server,
    `SELECT hex(document) AS document FROM records WHERE kind = ${kindToWire("snapshot")}`,
  );
  const replaced = new Set(snapshots.map(({ document }) => String(document).toLowerCase()));
  return [...before].filter(([op, document]) => !now.has(op) && !replaced.has(document)).map(([op]) => op);
}

export const closedSpaces = (server: TestServer): number =>
  query(server, "SELECT space FROM spaces WHERE closed = 1").length;

/** By hex of the space's id. */
export const epochs = (server: TestServer): Map<string, number> =>
  new Map(
    query(server, "SELECT hex(space) AS space, epoch FROM spaces WHERE deleted = 0").map(({ space, epoch }) => [
      String(space).toLowerCase(),
      Number(epoch),
    ]),
  );

/** How many drop keys of mailboxes the server knows. */
export const dropKeys = (server: TestServer): number => query(server, "SELECT key FROM drop_keys").length;
