/**
 * What burning rests on: 32 bytes in the origin's private file system are overwritten in place, and no old value stays in
 * the profile directory; while IndexedDB keeps what was overwritten. docs/protocol/unlocking.md §4.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, expect, test } from "@playwright/test";

const WORKER = `onmessage = async ({ data }) => {
  const root = await navigator.storage.getDirectory();
  const handle = await (await root.getFileHandle("burn", { create: true })).createSyncAccessHandle();
  handle.write(Uint8Array.from(data), { at: 0 });
  handle.flush();
  handle.close();
  postMessage("done");
};`;
const PAGE = `globalThis.worker = new Worker("/worker.js");
globalThis.overwrite = (bytes) => new Promise((done) => { worker.onmessage = done; worker.postMessage(bytes); }).then(() => {});
globalThis.putInIndexedDb = (bytes) => new Promise((done) => {
  const request = indexedDB.open("control", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("rows");
  request.onsuccess = () => {
    const transaction = request.result.transaction("rows", "readwrite", { durability: "strict" });
    transaction.objectStore("rows").put(Uint8Array.from(bytes), "key");
    transaction.oncomplete = () => { request.result.close(); done(); };
  };
});`;

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The files that hold these bytes; one that vanished meanwhile holds nothing. */
const holding = (folder: string, bytes: Buffer): string[] =>
  files(folder).filter((file) => existsSync(file) && readFileSync(file).includes(bytes));

test("overwriting the burn file leaves no old value in the profile; IndexedDB does", async () => {
  const answers: Record<string, [string, string]> = {
    "/": ["text/html", '<!doctype html><script src="/page.js"></script>'],
    "/page.js": ["text/javascript", PAGE],
    "/worker.js": ["text/javascript", WORKER],
  };
  const server = createServer((request, response) => {
    const [type, body] = answers[request.url ?? ""] ?? ["text/plain", ""];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const profile = mkdtempSync(join(tmpdir(), "lomme-burn-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: readFileSync(".cache/chromium", "utf8"),
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const call = (name: string, bytes: Buffer) => page.evaluate(`${name}(${JSON.stringify([...bytes])})`);
    const values = Array.from({ length: 21 }, () => randomBytes(32));
    const [first, last] = [values[0] as Buffer, values[20] as Buffer];

    await call("overwrite", first);
    const [file] = holding(profile, first) as [string];
    const inode = statSync(file).ino;
    for (const value of values.slice(1)) await call("overwrite", value);
    expect(holding(profile, last)).toEqual([file]);
    expect([statSync(file).ino, statSync(file).size]).toEqual([inode, 32]);

    // Not vacuous: the same scan finds what IndexedDB overwrote.
    const [old, now] = [randomBytes(32), randomBytes(32)];
    await call("putInIndexedDb", old);
    await call("putInIndexedDb", now);
    await context.close();
    expect(holding(profile, old).length).toBeGreaterThan(0);
    expect(values.slice(0, -1).flatMap((value) => holding(profile, value))).toEqual([]);
    expect(holding(profile, last)).toEqual([file]);
  } finally {
    await context.close();
    server.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
