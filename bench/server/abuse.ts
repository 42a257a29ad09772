/**
 * What bad clients cost the good ones: how long an append of a good client takes until it is acknowledged, first alone,
 * then beside the crowd of abusers.ts.
 */
import { fileURLToPath } from "node:url";
import { randomId } from "../../crypto/ids.ts";
import type { DocumentTag } from "../../crypto/types.ts";
import { cpuSeconds, type Running, residentBytes, startProcess, stop } from "./contender.ts";
import { connect, createSpace, pullAll, Writer } from "./ours.ts";

const GOOD = 20;
const SECONDS = 8;
const PAUSE_MS = 20;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN;

export async function abuse(server: Running) {
  const clients = await Promise.all(
    Array.from({ length: GOOD }, async () => {
      const space = await createSpace(server);
      const client = await connect(server, space);
      await pullAll(client, space, () => undefined);
      return { space, client, writer: new Writer(), tag: randomId<DocumentTag>(), requests: 1000 };
    }),
  );
  const measure = async (): Promise<number[]> => {
    const times: number[] = [];
    const until = performance.now() + SECONDS * 1000;
    await Promise.all(
      clients.map(async (one) => {
        while (performance.now() < until) {
          const record = one.writer.write(one.space, one.tag, "update", new Uint8Array(30));
          const started = performance.now();
          await one.client.ask({ type: "append", request: one.requests++, space: one.space, record });
          times.push(performance.now() - started);
          await sleep(PAUSE_MS);
        }
      }),
    );
    return times;
  };
  await measure(); // compiled and warm
  const alone = quantile(await measure(), 0.99);
  const crowd = await startProcess([fileURLToPath(new URL("abusers.ts", import.meta.url)), server.url], {}, (output) =>
    output.includes("ready") ? "" : null,
  );
  await sleep(1000);
  const before = [cpuSeconds(server), cpuSeconds(crowd)] as const;
  const beside = quantile(await measure(), 0.99);
  const serverCpuShare = (cpuSeconds(server) - before[0]) / SECONDS;
  const crowdCpuShare = (cpuSeconds(crowd) - before[1]) / SECONDS;
  const serverRssBytes = residentBytes(server);
  await stop(crowd);
  for (const { client } of clients) client.socket.terminate();
  return {
    p99AloneMs: alone,
    p99BesideMs: beside,
    ratio: beside / alone,
    serverCpuShare,
    crowdCpuShare,
    serverRssBytes,
  };
}
