/**
 * That the acknowledgement comes after the disk confirmed: the server's system calls, watched with strace. Where strace
 * can't be installed or may not attach, the test is skipped and counted.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectSocket, createSpaceOver, startChild } from "./child.ts";
import { installPackage } from "./debian.ts";
import { newRecord } from "./made-up.ts";

const traces = (): boolean => spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;
if (!traces()) installPackage("strace");
const canTrace = traces();

test.skipIf(!canTrace)(
  "each acknowledgement is written after fdatasync of the store's log",
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "lomme-strace-"));
    const server = await startChild(join(directory, "data"));
    const { space, keys } = await createSpaceOver(server.url);
    const client = await connectSocket(server.url);
    await client.hello();
    await client.open(space, keys);

    const trace = join(directory, "trace");
    const calls = "trace=fdatasync,fsync,write,writev,sendto,sendmsg,pwrite64";
    const strace = spawn("strace", [
      "-f",
      "-y",
      "-s",
      "64",
      "-xx",
      "-e",
      calls,
      "-o",
      trace,
      "-p",
      `${server.process.pid}`,
    ]);
    await new Promise<void>((resolve) =>
      strace.stderr.on("data", (text) => /attached/.test(String(text)) && resolve()),
    );

    const opIds: string[] = [];
    for (let i = 0; i < 20; i++) {
      const record = newRecord();
      opIds.push(record.opId);
      expect((await client.ask({ type: "append", space, record })).type).toBe("ack");
    }
    const detached = new Promise((resolve) => strace.once("exit", resolve));
    strace.kill("SIGINT");
    await detached;
    await server.kill("SIGKILL");

    const lines = (await readFile(trace, "utf8")).split("\n").map(withFileName);
    // A socket write that carries an ack holds the op id; -xx writes every byte as \x...
    const inTrace = (opId: string): string => opId.replaceAll(/../g, "\\x$&");
    let synced = -1;
    let acks = 0;
    for (const [at, line] of lines.entries()) {
      if (/f(data)?sync\(\d+<[^>]*lomme\.sqlite-wal>\)\s*=\s*0/.test(line)) synced = at;
      const opId = opIds.find(
        (id) => /(write|writev|sendto|sendmsg)\(\d+<(TCP|socket)/.test(line) && line.includes(inTrace(id)),
      );
      if (opId === undefined) continue;
      acks++;
      // Between this record's bytes going to the log and its ack there is a sync.
      const logged = lines.findLastIndex(
        (one, index) => index < at && /pwrite64\(\d+<[^>]*lomme\.sqlite-wal>/.test(one),
      );
      expect(synced).toBeGreaterThan(logged);
      expect(logged).toBeGreaterThan(-1);
    }
    expect(acks).toBe(opIds.length);
    await rm(directory, { recursive: true });
  },
  60_000,
);

/** -xx writes file names in hex too. */
function withFileName(line: string): string {
  return line.replace(
    /<((?:\\x[0-9a-f]{2})+)>/,
    (_, hex: string) => `<${Buffer.from(hex.replaceAll("\\x", ""), "hex")}>`,
  );
}
