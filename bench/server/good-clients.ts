/**
 * Twenty good clients, as a process of their own: each appends to its space and waits for the acknowledgement, then
 * pauses. What they send is signed and sealed before the clock starts, so that the time is the server's and the line's.
 *
 * `node bench/server/good-clients.ts <url>`; for each line `measure <seconds>` on its input it writes one line of JSON:
 * how many appends, and the quantiles of append → acknowledged in milliseconds.
 */
import { createInterface } from "node:readline";
import { randomId } from "../../crypto/ids.ts";
import type { DocumentTag } from "../../crypto/types.ts";
import type { OuterRecord } from "../../protocol/frames.ts";
import type { Running } from "./contender.ts";
import { connect, createSpace, pullAll, Writer } from "./ours.ts";

const GOOD = 20;
const PAUSE_MS = 20;
const KEY_PRESS_BYTES = 30;

const server = { url: process.argv[2] ?? "" } as Running;
const clients: Awaited<ReturnType<typeof come>>[] = [];
for (let i = 0; i < GOOD; i++) clients.push(await come());

async function come() {
  const space = await createSpace(server);
  const client = await connect(server, space);
  await pullAll(client, space, () => undefined);
  return { space, client, writer: new Writer(), tag: randomId<DocumentTag>(), requests: 1000 };
}

async function measure(seconds: number) {
  const each = Math.ceil((seconds * 1000) / PAUSE_MS);
  const sealed = clients.map(({ writer, space, tag }) =>
    Array.from({ length: each }, () => writer.write(space, tag, "update", new Uint8Array(KEY_PRESS_BYTES))),
  );
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    clients.map(async (one, index) => {
      for (const record of sealed[index] as OuterRecord[]) {
        if (performance.now() > until) break;
        const started = performance.now();
        const answer = await one.client.ask({ type: "append", request: one.requests++, space: one.space, record });
        if (answer.type !== "ack") throw new Error(`a good client was answered ${answer.type}`);
        times.push(performance.now() - started);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }),
  );
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.floor(sorted.length * q)] ?? Number.NaN;
  return { appends: times.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted.at(-1) };
}

console.log("ready");
for await (const line of createInterface(process.stdin)) {
  const [, seconds] = /^measure (\d+)$/.exec(line) ?? [];
  if (seconds !== undefined) console.log(JSON.stringify(await measure(Number(seconds))));
}
