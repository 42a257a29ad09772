/**
 * A disk that fills up: a small tmpfs, with a ballast file to take away again. Where it may not be mounted (no root, no
 * mount namespace) the test is skipped and counted. And one on which writing fails: the kernel refuses this process what
 * would make a file larger than a limit, which SQLite can't tell from a broken disk (EFBIG, SQLITE_IOERR).
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OuterRecord, Seq } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import { type ChildServer, connectSocket, createSpaceOver, NODE, startChild } from "./child.ts";
import { newId, newRecord } from "./made-up.ts";

const SIZE_MIB = 24;
const canMount = tryMount();

function tryMount(): boolean {
  const probe = spawnSync("sh", [
    "-c",
    'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs "$d" && umount "$d" && rmdir "$d"',
  ]);
  return probe.status === 0;
}

let mount: string;
let server: ChildServer | null = null;
beforeAll(async () => {
  if (!canMount) return;
  mount = await mkdtemp(join(tmpdir(), "lomme-full-"));
  expect(spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MIB}m`, "tmpfs", mount]).status).toBe(0);
});
afterAll(async () => {
  if (!canMount) return;
  await server?.kill("SIGKILL");
  spawnSync("umount", [mount]);
  await rm(mount, { recursive: true });
});

/** Until nothing more goes in. */
function fillUp(file: string): void {
  expect(spawnSync("sh", ["-c", `dd if=/dev/zero of=${file} bs=4096 2>/dev/null; true`]).status).toBe(0);
}

interface Trouble {
  readonly data: string;
  /** The server runs. */
  begin(server: ChildServer, append: (size: number) => Promise<string>): Promise<void>;
  mend(server: ChildServer): Promise<void>;
  /** A chunk of 100 KB can't be stored either. */
  readonly refusesChunks: boolean;
}

/** Refusals without acks, reads go on, and it goes on by itself when the trouble is over. */
async function survive({ data, begin, mend, refusesChunks }: Trouble): Promise<void> {
  server = await startChild(data);
  const { space, keys } = await createSpaceOver(server.url);
  const open = async (url: string) => {
    const client = await connectSocket(url);
    await client.hello();
    await client.open(space, keys);
    return client;
  };
  const client = await open(server.url);
  const acked: { record: OuterRecord; seq: Seq }[] = [];
  const append = async (size: number): Promise<string> => {
    const record = newRecord({ size });
    const answer = await client.ask({ type: "append", space, record });
    if (answer.type === "ack") acked.push({ record, seq: answer.seq });
    // After a refusal for now the channel takes nothing more, so that nothing overtakes: it is opened again.
    else await client.open(space, keys);
    return answer.type === "refused" ? answer.code : answer.type;
  };

  await begin(server, append);
  let answer = "ack";
  for (let i = 0; i < 500 && answer === "ack"; i++) answer = await append(100_000);
  expect(answer).toBe("storage-failed");
  // Smaller ones may still fit; fill up to the last page.
  for (const size of [10_000, 1000, 300]) while ((await append(size)) === "ack");
  const full = acked.length;
  expect(full).toBeGreaterThan(10);

  const readAll = async () => {
    const found = new Map<string, number>();
    for (let after = 0; ; ) {
      const page = await client.ask({ type: "pull", space, after });
      if (page.type !== "page") throw new Error(JSON.stringify(page));
      for (const { opId, seq } of page.records) found.set(opId, seq);
      if (!page.more) return found;
      after = page.records.at(-1)?.seq ?? after;
    }
  };
  const expectAll = (found: Map<string, number>) =>
    expect(acked.filter(({ record, seq }) => found.get(record.opId) !== seq)).toEqual([]);
  const whenFull = await readAll();
  expectAll(whenFull);
  expect(whenFull.size).toBe(full);
  expect((await fetch(`${server.url}/health`)).status).toBe(503);

  const token = await client.ask({ type: "token", space });
  const headers = { Authorization: `Bearer ${token.type === "token" && token.token}` };
  const put = () =>
    fetch(`${server?.url}${paths.blobChunk(space, newId(), 0)}?document=${newId()}`, {
      method: "PUT",
      body: new Uint8Array(randomBytes(100_000)),
      headers,
    });
  if (refusesChunks) {
    const refused = await put();
    expect([refused.status, await refused.json()]).toEqual([503, { code: "storage-failed" }]);
  }

  await mend(server);
  expect(await append(100_000)).toBe("ack");
  expect((await put()).status).toBe(204);
  await expect.poll(async () => (await fetch(`${server?.url}/health`)).status, { timeout: 8000 }).toBe(200);
  expectAll(await readAll());
  expect(server.output()).toContain("StorageError storage-failed");

  await server.kill("SIGKILL");
  const verify = spawnSync(NODE, ["sync-server/operator.ts", "verify"], {
    env: { PATH: process.env.PATH, DATA_DIR: data },
    encoding: "utf8",
  });
  expect(verify).toMatchObject({ status: 0, stdout: expect.stringContaining(" 0 problems") });
  server = await startChild(data);
  const again = await open(server.url);
  const page = await again.ask({ type: "pull", space, after: 0 });
  expect(page.type === "page" && page.records.length).toBeGreaterThan(0);
  await server.kill("SIGKILL");
}

test.skipIf(!canMount)("a full disk: refusals without acks, reads go on, and room is enough to go on", async () => {
  const ballast = join(mount, "ballast");
  await mkdir(join(mount, "data"));
  await survive({
    data: join(mount, "data"),
    refusesChunks: true,
    begin: () => writeFile(ballast, randomBytes(12 * 1024 * 1024)),
    mend: () => rm(ballast),
  });
});

test("writes that fail: refusals without acks, reads go on, and so does the rest when they succeed again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "lomme-failing-"));
  const limit = async ({ process: { pid } }: ChildServer, bytes: string): Promise<void> => {
    expect(spawnSync("prlimit", [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]).status).toBe(0);
  };
  await survive({
    data: join(directory, "data"),
    refusesChunks: false,
    // Not a page more than there is.
    async begin(running, append) {
      for (let i = 0; i < 20; i++) expect(await append(10_000)).toBe("ack");
      await limit(running, String((await stat(join(directory, "data", "lomme.sqlite-wal"))).size));
    },
    mend: (running) => limit(running, "unlimited"),
  });
  await rm(directory, { recursive: true });
});

test.skipIf(!canMount)("a disk that is full at the start says so and ends, and starts when there is room", async () => {
  const ballast = join(mount, "ballast");
  fillUp(ballast);
  await expect(startChild(join(mount, "new"))).rejects.toThrow(/ended with 1/);
  await rm(ballast);
  const fresh = await startChild(join(mount, "new"));
  expect((await fetch(`${fresh.url}/health`)).status).toBe(200);
  await fresh.kill("SIGTERM");
});
