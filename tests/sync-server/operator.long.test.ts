/** The operator's commands as the operator types them. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeQR } from "qr";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataPaths } from "../../sync-server/operations/data.ts";
import type { Storage } from "../../sync-server/storage/port.ts";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
import { NODE } from "./child.ts";

let directory: string;
let storage: Storage;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lomme-operator-"));
  const { store, journal } = dataPaths({ dataDir: directory });
  storage = await openSqliteStorage({ file: store, journalFile: journal });
});
afterEach(async () => {
  await storage.close().catch(() => null);
  await rm(directory, { recursive: true });
});

const run = (...args: string[]) =>
  spawnSync(NODE, ["sync-server/operator.ts", ...args], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: { PATH: process.env.PATH, DATA_DIR: directory },
    encoding: "utf8",
  });

test("explains itself, and answers a mistake in one line", () => {
  const help = run("--help");
  expect([help.status, help.stdout]).toEqual([0, expect.stringContaining("tokens create")]);
  for (const [args, sentence] of [
    [["nonsense"], "There is no command nonsense"],
    [["tokens", "burn"], "Say: tokens create"],
    [["backup"], "--to DIRECTORY"],
    [["tokens", "create", "--count", "many"], "--count must be a number"],
    [["usage", "--colour"], "--colour"],
  ] as const) {
    const answer = run(...args);
    expect(answer.status).toBe(1);
    expect(answer.stderr.trim().split("\n")).toEqual([expect.stringContaining(sentence)]);
  }
});

test("writes a page of slips with the tokens, whose codes can be read, and never over another file", async () => {
  const file = join(directory, "slips.html");
  const tokens = run("tokens", "create", "--count", "2", "--slips", file).stdout.trim().split("\n");
  const page = await readFile(file, "utf8");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(tokens.map((token) => page.includes(`<code>${token}</code>`))).toEqual([true, true]);
  expect(page.match(/<svg/g)).toHaveLength(2);
  expect(page).toContain(encodeQR(tokens[1] as string, "svg", { ecc: "medium", border: 4 }));
  // The way to the screen is named as its buttons are.
  for (const language of ["da", "sv", "en"]) {
    const words = (part: string) =>
      readFile(new URL(`../../client/i18n/${part}${language}.json`, import.meta.url), "utf8");
    const all = { ...JSON.parse(await words("")), ...JSON.parse(await words("inside/")) };
    const way = ["home.settings", "storage.title", "room.open", "room.scan"].map((key) => all[key]).join(" → ");
    expect(page).toContain(way);
  }
  const again = run("tokens", "create", "--slips", file);
  expect(again).toMatchObject({ status: 1, stdout: "" });
  expect(await storage.countTokens()).toBe(2);
});

test("makes any of its tokens void, those that begin like an option too", async () => {
  const tokens = run("tokens", "create", "--count", "2000").stdout.trim().split("\n");
  const token = tokens.find((one) => one.startsWith("-")) as string;
  expect(run("tokens", "revoke", token)).toMatchObject({ status: 0, stdout: "The token is void.\n" });
  expect(await storage.countTokens()).toBe(1999);
});

test("makes tokens, verifies and backs up beside a running server", async () => {
  const tokens = run("tokens", "create", "--count", "3").stdout.trim().split("\n");
  expect(tokens).toHaveLength(3);
  expect(await storage.countTokens()).toBe(3);
  expect(run("verify")).toMatchObject({ status: 0, stdout: "0 records and 0 chunks checked, 0 problems\n" });
  const backup = join(directory, "backup");
  expect(run("backup", "--to", backup).status).toBe(0);
  expect(run("restore", "--from", backup).stderr).toContain("another server is running");
  await storage.close();
  expect(run("restore", "--from", backup)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("3 unspent tokens"),
  });
});
