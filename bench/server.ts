/**
 * `npm run bench:server`: the same work through y-websocket's bundled server, Hocuspocus (both plaintext, in memory) and
 * ours (sealed, acknowledged after fsync), by turns, each in a process of its own; then ours alone: end to end, beside
 * abusers, over PostgreSQL, and in a growing space. Keys: bench/README.md. A contender that doesn't start, loses an update or changes a
 * byte fails the command. `PARTS=live,cold5000` runs some of it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { abuse } from "./server/abuse.ts";
import { type Client, type Contender, type Running, residentBytes, stop } from "./server/contender.ts";
import { endToEnd } from "./server/end-to-end.ts";
import { growth } from "./server/growth.ts";
import { live, requireRows } from "./server/live.ts";
import { coldStart, ours } from "./server/ours.ts";
import { peers } from "./server/peers.ts";
import { postgres } from "./server/postgres.ts";

const DOCUMENTS = 10;
const CHARACTERS = 10_000;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
/** Records of the growing space. */
const GROW_TO = Number(process.env.GROW_TO ?? 1_000_000);
const IDLE = { few: 1_000, many: 5_000, quietMs: 10_000 };

const contenders: readonly Contender[] = [...peers, ours];
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function withServer<T>(
  contender: Contender,
  work: (server: Awaited<ReturnType<Contender["start"]>>, dataDir: string) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), "lomme-bench-"));
  const server = await contender.start(dataDir);
  try {
    return await work(server, dataDir);
  } finally {
    await stop(server);
    rmSync(dataDir, { recursive: true });
  }
}

const liveRun = (contender: Contender) =>
  withServer(contender, async (server, dataDir) => {
    const figures = await live(contender, [server]);
    if (contender.acknowledges) {
      await stop(server);
      const db = new DatabaseSync(join(dataDir, "lomme.sqlite"));
      requireRows(Number(db.prepare("SELECT count(*) AS n FROM records").get()?.n));
      db.close();
    }
    return figures;
  });

const catchUp = (contender: Contender) =>
  withServer(contender, async (server) => {
    const document = await contender.write(server, CHARACTERS);
    await contender.catchUp(server, document); // compiled and warm, as the second of anything is
    const started = performance.now();
    const { text, bytes } = await contender.catchUp(server, document);
    const ms = performance.now() - started;
    if (text !== "a".repeat(CHARACTERS)) throw new Error(`${contender.name}: the text isn't what was written`);
    return { ms, bytes };
  });

/** Memory that 4,000 further idle connections take, per connection. */
const idle = (contender: Contender) =>
  withServer(contender, async (server) => {
    const documents = await contender.createDocuments(server, DOCUMENTS);
    const clients: Client[] = [];
    const fill = async (count: number): Promise<number> => {
      while (clients.length < count) {
        const batch = Array.from({ length: 50 }, (_, i) =>
          contender.join(server, documents[(clients.length + i) % DOCUMENTS] as string),
        );
        clients.push(...(await Promise.all(batch)));
      }
      await sleep(IDLE.quietMs);
      return residentBytes(server);
    };
    const few = await fill(IDLE.few);
    const many = await fill(IDLE.many);
    for (const { socket } of clients) socket.terminate();
    return { bytesPerConnection: (many - few) / (IDLE.many - IDLE.few) };
  });

type Figures = Record<string, number>;

/** Medians over the rounds; in each round everybody has a turn. */
async function byTurns(
  name: string,
  work: (contender: Contender) => Promise<Figures>,
): Promise<Record<string, Figures>> {
  const all = new Map<string, Figures[]>(contenders.map((contender) => [contender.name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      const figures = await work(contender);
      all.get(contender.name)?.push(figures);
      const shown = Object.entries(figures).map(([key, value]) => `${key} ${value.toFixed(2)}`);
      console.log(`${name} ${round + 1}/${ROUNDS}  ${contender.name.padEnd(11)} ${shown.join("  ")}`);
    }
  }
  return Object.fromEntries([...all].map(([contender, rounds]) => [contender, medians(rounds)]));
}

/** Of each figure over the rounds. */
function medians(rounds: readonly Figures[]): Figures {
  const keys = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(rounds.map((one) => one[key] as number))]));
}

console.log(
  `${cpus()[0]?.model} × ${cpus().length}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
);

/** Ours alone, each round with a server of its own. */
async function oursAlone<T>(name: string, rounds: number, work: (server: Running) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let round = 0; round < rounds; round++) {
    all.push(await withServer(ours, work));
    console.log(`${name} ${round + 1}/${rounds}  ${JSON.stringify(all.at(-1))}`);
  }
  return all;
}

/** In the order in which they run and stand in the last line. */
const PARTS: Readonly<Record<string, () => Promise<unknown>>> = {
  live: () => byTurns("live", liveRun),
  catchUp: () => byTurns("catch-up", catchUp),
  idle: () => byTurns("idle", idle),
  cold5000: async () => {
    const rounds = await oursAlone("cold", ROUNDS, (server) => coldStart(server, 5_000));
    return { seconds: median(rounds.map(({ seconds }) => seconds)) };
  },
  endToEnd: async () => {
    const rounds = await oursAlone("end to end", ROUNDS, endToEnd);
    return { p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)), p95Ms: median(rounds.map(({ p95Ms }) => p95Ms)) };
  },
  abuse: async () => {
    const rounds = await oursAlone("abuse", ROUNDS, abuse);
    return { p99Ratio: median(rounds.map(({ ratio }) => ratio)) };
  },
  postgres: async () => {
    const { one, two } = await postgres(ROUNDS, (nodes, figures) => {
      console.log(`postgres, ${nodes === 1 ? "one node" : "two nodes"}  ${JSON.stringify(figures)}`);
    });
    return { one: medians(one), two: medians(two) };
  },
  growth: async () => (await oursAlone("growth", 1, (server) => growth(server, GROW_TO)))[0]?.rows,
};

const wanted = process.env.PARTS?.split(",") ?? Object.keys(PARTS);
const result: Record<string, unknown> = {};
for (const part of wanted) {
  const run = PARTS[part];
  if (run === undefined) throw new Error(`there is no part ${part}; there are ${Object.keys(PARTS).join(", ")}`);
  result[part] = await run();
}
console.log(JSON.stringify(result));
process.exit(0);
