/**
 * The live run of ours over PostgreSQL instead of the embedded store: one node, then two with NATS between them, on a
 * private cluster on this machine's disk that waits for it (fsync and synchronous_commit as PostgreSQL ships them).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../sync-server/storage/postgres/database.ts";
import { startNats } from "../../tests/sync-server/nats.ts";
import { startPostgres } from "../../tests/sync-server/postgres.ts";
import { type Running, stop } from "./contender.ts";
import { live, requireRows } from "./live.ts";
import { ours, startOurs } from "./ours.ts";

type Figures = Awaited<ReturnType<typeof live>>;

/** Calls `told` after each round; answers the rounds of one node and of two. */
export async function postgres(rounds: number, told: (nodes: number, figures: Figures) => void) {
  const [cluster, nats] = await Promise.all([startPostgres(tmpdir()), startNats()]);
  if (typeof cluster === "string") throw new Error(cluster);
  if (typeof nats === "string") throw new Error(nats);
  const all: { readonly one: Figures[]; readonly two: Figures[] } = { one: [], two: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const count of [1, 2]) {
        const figures = await run(await cluster.createDatabase(), nats.url, count);
        (count === 1 ? all.one : all.two).push(figures);
        told(count, figures);
      }
    }
  } finally {
    await nats.kill();
    await cluster.dispose();
  }
  return all;
}

async function run(database: string, nats: string, count: number): Promise<Figures> {
  const dataDir = mkdtempSync(join(tmpdir(), "lomme-bench-"));
  const nodes: Running[] = [];
  try {
    for (let node = 0; node < count; node++) {
      nodes.push(await startOurs(dataDir, { DATABASE_URL: database, ...(count > 1 && { NATS_URL: nats }) }));
    }
    const figures = await live(ours, nodes);
    await Promise.all(nodes.map(stop));
    requireRows(await countRecords(database));
    return figures;
  } finally {
    await Promise.all(nodes.map(stop));
    rmSync(dataDir, { recursive: true });
  }
}

async function countRecords(url: string): Promise<number> {
  const database = connect(url, { connections: 1 });
  try {
    const { rows } = await database.pool.query("SELECT count(*) AS n FROM records");
    return Number(rows[0]?.n);
  } finally {
    await database.close();
  }
}
