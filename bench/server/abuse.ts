/**
 * What bad clients cost the good ones: how long an append of a good client takes until it is acknowledged, first alone,
 * then beside the crowd of abusers.ts. Server, good clients and crowd are processes of their own; the crowd runs at the
 * lowest priority, since on a machine that is only a server it would be somewhere else. (What the kernel does for it in
 * the server's own calls, such as taking what is sent over loopback, stays the server's time.)
 */
import { once } from "node:events";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { cpuSeconds, type Running, residentBytes, startProcess, stop } from "./contender.ts";

const SECONDS = 10;
const LOWEST_PRIORITY = 19;

interface Measured {
  readonly appends: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const start = (file: string, server: Running): Promise<Running> =>
  startProcess([fileURLToPath(new URL(file, import.meta.url)), server.url], {}, (output) =>
    output.includes("ready") ? "" : null,
  );

async function measure(good: Running, seconds: number): Promise<Measured> {
  const { stdin, stdout } = good.process;
  if (stdin === null || stdout === null) throw new Error("started without pipes");
  const answered = once(stdout, "data") as Promise<[Buffer]>;
  stdin.write(`measure ${seconds}\n`);
  return JSON.parse((await answered)[0].toString()) as Measured;
}

export async function abuse(server: Running) {
  const good = await start("good-clients.ts", server);
  await measure(good, 4); // compiled and warm
  const alone = await measure(good, SECONDS);
  const crowd = await start("abusers.ts", server);
  setPriority(crowd.process.pid as number, LOWEST_PRIORITY);
  let crowdDid: unknown;
  crowd.process.stdout?.on("data", (chunk: Buffer) => {
    crowdDid = JSON.parse(chunk.toString().trimEnd().split("\n").at(-1) ?? "null");
  });
  await sleep(1000);
  const cpuBefore = [cpuSeconds(server), cpuSeconds(crowd), Date.now()] as const;
  const beside = await measure(good, SECONDS);
  const seconds = (Date.now() - cpuBefore[2]) / 1000;
  const serverCpuShare = (cpuSeconds(server) - cpuBefore[0]) / seconds;
  const crowdCpuShare = (cpuSeconds(crowd) - cpuBefore[1]) / seconds;
  const serverRssBytes = residentBytes(server);
  await stop(crowd);
  await stop(good);
  return { alone, beside, ratio: beside.p99Ms / alone.p99Ms, serverCpuShare, crowdCpuShare, serverRssBytes, crowdDid };
}
