/** The plain-process equivalent of the compose file, run as an operator would; and the files beside it, as far as they can be checked here. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { connectSocket, createSpaceOver, NODE, ROOT } from "./child.ts";
import { newRecord } from "./made-up.ts";
import { startNats } from "./nats.ts";
import { freePort, startPostgres } from "./postgres.ts";
import { startS3 } from "./s3.ts";

// Started only to learn whether they can be had here.
const [cluster, nats] = await Promise.all([startPostgres(), startNats()]);
if (typeof cluster !== "string") await cluster.dispose();
if (typeof nats !== "string") await nats.kill();
const reason = [cluster, nats].find((one) => typeof one === "string");

describe.skipIf(reason !== undefined)(`deploy/nodes.sh${reason === undefined ? "" : `: ${String(reason)}`}`, () => {
  test("starts two nodes that share one store and tell each other, and ends them all", async () => {
    const directory = await mkdtemp(join(tmpdir(), "lomme-nodes-"));
    await chmod(directory, 0o755); // PostgreSQL runs as another user and must get through
    const ports = [await freePort(), await freePort(), await freePort(), await freePort()] as const;
    const [one, two, PG_PORT, NATS_PORT] = ports.map(String);
    const script = spawn("deploy/nodes.sh", [directory], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, NODE_PORTS: `${one} ${two}`, PG_PORT, NATS_PORT },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    script.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    await expect.poll(() => output.match(/listening on/g)?.length, { timeout: 60_000 }).toBe(2);
    const [first, second] = [`http://localhost:${one}`, `http://localhost:${two}`];
    const { space, keys } = await createSpaceOver(first);
    const clients = await Promise.all([connectSocket(first), connectSocket(second)]);
    for (const client of clients) {
      await client.hello();
      expect(await client.open(space, keys)).toMatchObject({ type: "opened" });
      await client.ask({ type: "pull", space, after: 0 });
    }
    const heard = new Promise((resolve) =>
      clients[1].onFrame((frame) => frame.type === "live" && resolve(frame.record)),
    );
    const record = newRecord();
    await clients[0].ask({ type: "append", space, record });
    expect(await heard).toEqual({ seq: 1, ...record });
    const ended = once(script, "exit");
    script.kill("SIGTERM");
    for (const client of clients) expect((await client.closed).code).toBe(1001);
    expect(await ended).toEqual([0, null]);
    for (const port of ports) await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
    await rm(directory, { recursive: true });
  }, 120_000);
});

/** What the compose file sets for a node. */
const readSettings = async (): Promise<Record<string, string>> => {
  const compose = await readFile(join(ROOT, "deploy/compose.yaml"), "utf8");
  const lines = [...compose.matchAll(/^ {4}([A-Z][A-Z0-9_]+): "?([^"\n]*)"?$/gm)];
  return Object.fromEntries(lines.map(([, name, value]) => [name, value]));
};

describe.skipIf(reason !== undefined)(`deploy/compose.yaml${reason === undefined ? "" : `: ${String(reason)}`}`, () => {
  test("a node with its settings runs over the engines, and writes no file: its container is read-only", async () => {
    const [database, hints, s3] = await Promise.all([startPostgres(), startNats(), startS3()]);
    if (typeof database === "string" || typeof hints === "string") throw new Error("could be had a moment ago");
    const settings = await readSettings();
    expect(settings).toMatchObject({ HOST: "0.0.0.0", CREATION: "token", TRUST_PROXY: "1" });
    const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.options;
    const node = spawn(NODE, ["--permission", "--allow-fs-read=*", "sync-server/main.ts"], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        ...settings,
        DATABASE_URL: await database.createDatabase(),
        JOURNAL_DATABASE_URL: await database.createDatabase(),
        NATS_URL: hints.url,
        S3_ENDPOINT: endpoint,
        S3_BUCKET: bucket,
        S3_ACCESS_KEY_ID: accessKeyId,
        S3_SECRET_ACCESS_KEY: secretAccessKey,
        PORT: "0", // 8787 may be taken here
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [node.stdout, node.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
    await expect.poll(() => output, { timeout: 30_000 }).toMatch(/listening on \S+:\d+/);
    const url = `http://127.0.0.1:${/listening on \S+:(\d+)/.exec(output)?.[1]}`;
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "ok" });
    expect((await fetch(`${url}/`)).headers.get("content-security-policy")).toContain("default-src 'none'");
    const ended = once(node, "exit");
    node.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(output).not.toMatch(/ERR_ACCESS_DENIED|failed/);
    await Promise.all([database.dispose(), hints.kill(), s3.dispose()]);
  }, 60_000);
});

test("the compose file sets only variables that the server reads, and the manual explains each of them", async () => {
  const [compose, manual, config, engines] = await Promise.all(
    ["deploy/compose.yaml", "docs/operations.md", "sync-server/config.ts", "sync-server/config-engines.ts"].map(
      (file) => readFile(join(ROOT, file), "utf8"),
    ),
  );
  const set = [...(compose as string).matchAll(/^ {4}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name as string);
  expect(set).toContain("DATABASE_URL");
  const read = new Set([...`${config}${engines}`.matchAll(/\b[A-Z][A-Z0-9_]{3,}\b/g)].map(([name]) => name));
  for (const name of set) {
    expect(read).toContain(name);
    expect(manual).toContain(`\`${name}\``);
  }
});
