/**
 * Room with an organisation's server (CREATION=token), with real vaults: a pocket made by a child alone is small, and gets
 * its room through a caseworker's tokens, without anybody doing anything but pairing.
 */
import { execFileSync } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { POCKET_QUOTA_BYTES } from "../../../protocol/limits.ts";
import { startServer, type TestServer } from "../../browser/harness/server.ts";
import { NODE } from "../../sync-server/child.ts";
import { until } from "./device.ts";
import { pair, SOON, Someone } from "./sharing/someone.ts";

const MOST = 100 * 1024 * 1024;

let server: TestServer;
const people: Someone[] = [];
beforeAll(async () => {
  server = await startServer({ CREATION: "token", SPACE_QUOTA_MB: "100" });
});
afterEach(async () => {
  for (const someone of people.splice(0)) await someone.close();
});
afterAll(() => server.remove());

const operate = (...args: string[]): string =>
  execFileSync(NODE, ["sync-server/operator.ts", ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: server.dataDir },
    encoding: "utf8",
  });
const newTokens = (count: number): string => operate("tokens", "create", "--count", String(count));
const unspent = (): number => Number(operate("tokens", "count"));

async function someone(role: "child" | "caseworker", name: string): Promise<Someone> {
  const made = await Someone.create(server, role, name);
  people.push(made);
  return made;
}

const quotaOf = (space: string): number => {
  const database = new DatabaseSync(`${server.dataDir}/lomme.sqlite`, { readOnly: true });
  const row = database.prepare("SELECT quota FROM spaces WHERE space = ?").get(Buffer.from(space, "hex"));
  database.close();
  return Number(row?.quota);
};
const roomOf = async ({ vault }: Someone) => (await vault.room()).pocket;
const circleOf = async ({ vault }: Someone): Promise<string> => (await vault.people())[0]?.circle as string;
const hasMost = (of: Someone) => until(async () => (await roomOf(of))?.quota === MOST, SOON);

describe("a server that wants tokens", () => {
  it("gives a child alone a small pocket, and room to it and its circle when it meets somebody who has tokens", async () => {
    const alma = await someone("child", "Alma");
    expect(await roomOf(alma)).toMatchObject({ quota: POCKET_QUOTA_BYTES, most: MOST });

    const mette = await someone("caseworker", "Mette");
    const sheet = `Lomme, ark 1\n${newTokens(5)}`;
    expect(await mette.vault.addTokens(sheet)).toEqual({ found: 5, added: 5 });
    expect(await mette.vault.addTokens(sheet)).toEqual({ found: 5, added: 0 });
    await pair(alma, mette);
    await hasMost(alma);
    const circle = await circleOf(alma);
    await until(() => quotaOf(circle) === MOST, SOON);
    await until(async () => (await mette.vault.room()).tokens === 3, SOON);
    await until(async () => (await alma.vault.room()).tokens === 0, SOON);
    expect(unspent()).toBe(3);
    // What is for children isn't spent on an adult's own nearly empty pocket.
    expect(await roomOf(mette)).toMatchObject({ quota: POCKET_QUOTA_BYTES });
  });

  it("tries one token after another where some were spent by others, and keeps what isn't needed", async () => {
    const alma = await someone("child", "Alma");
    const [spent = "", ...good] = newTokens(3).trim().split("\n");
    operate("tokens", "revoke", spent);
    expect(await alma.vault.addTokens([spent, spent, ...good, "og lidt til", "x".repeat(40)].join(" "))).toEqual({
      found: 4,
      added: 4,
    });
    await hasMost(alma);
    // However chance had it: one was spent, no good one was lost.
    const before = unspent();
    const { tokens } = await alma.vault.room();
    const mette = await someone("caseworker", "Mette");
    await pair(alma, mette);
    const circle = await circleOf(alma);
    await until(() => quotaOf(circle) === MOST, SOON);
    expect(unspent()).toBe(before - 1);
    expect((await alma.vault.room()).tokens).toBeLessThan(tokens);
  });

  it("spends one token where the answer was lost, also over a lock", async () => {
    const alma = await someone("child", "Alma");
    const before = unspent();
    alma.losing.add("offerToken");
    await alma.vault.addTokens(newTokens(2));
    await until(() => unspent() === before + 1, SOON);
    await alma.reopen();
    await hasMost(alma);
    await until(async () => (await alma.vault.room()).tokens === 1, SOON);
    expect(unspent()).toBe(before + 1);
  });

  it("brings room to a child that was away, from an adult who got tokens later, without net", async () => {
    const [alma, mette] = [await someone("child", "Alma"), await someone("caseworker", "Mette")];
    await pair(alma, mette);
    await alma.setFlightMode(true);
    await mette.setFlightMode(true);
    await mette.vault.addTokens(newTokens(2));
    await until(async () => (await mette.vault.room()).tokens === 0, SOON); // laid aside
    await mette.reopen();
    expect((await mette.vault.room()).tokens).toBe(0);
    const before = unspent();
    await mette.setFlightMode(false);
    await alma.reopen();
    expect(unspent()).toBe(before);
    await alma.setFlightMode(false);
    await hasMost(alma);
    const circle = await circleOf(alma);
    await until(() => quotaOf(circle) === MOST, SOON);
    expect(unspent()).toBe(before - 2);
  });

  it("harms nobody with tokens that were spent by others, and the adult gives others", async () => {
    const [alma, mette] = [await someone("child", "Alma"), await someone("caseworker", "Mette")];
    const dead = newTokens(2);
    for (const one of dead.trim().split("\n")) operate("tokens", "revoke", one);
    await mette.vault.addTokens(dead);
    const { alma: child } = await pair(alma, mette);
    await until(async () => (await mette.vault.room()).tokens === 0, SOON);
    await alma.vault.addTokens(dead); // whichever comes first
    await until(async () => (await alma.vault.room()).tokens === 0, SOON);
    expect(await roomOf(alma)).toMatchObject({ quota: POCKET_QUOTA_BYTES });
    expect((await alma.vault.syncState()).problem).toBeNull();

    await mette.vault.addTokens(newTokens(3));
    expect((await mette.vault.room()).tokens).toBe(3);
    expect(await mette.vault.giveMoreRoom(child)).toBe(2);
    await hasMost(alma);
  });

  it("says of a full pocket that there can be more room, and sends what waited when there is", async () => {
    const alma = await someone("child", "Alma");
    await alma.write("Første dag");
    await until(async () => (await alma.vault.syncState()).unsent === 0, SOON);
    await server.stop();
    const database = new DatabaseSync(`${server.dataDir}/lomme.sqlite`);
    database.exec(`UPDATE spaces SET quota = bytes + 200000 WHERE quota = ${POCKET_QUOTA_BYTES}`);
    database.close();
    await server.start();
    const document = await alma.write("Et billede");
    await alma.vault.addPhoto(document, new Blob([new Uint8Array(300_000).fill(7)]));
    await until(async () => (await alma.vault.syncState()).problem === "room-short", SOON);
    // Somebody who is full can be met all the same, and that is how the room comes.
    const mette = await someone("caseworker", "Mette");
    await mette.vault.addTokens(newTokens(2));
    await pair(alma, mette);
    await until(async () => {
      const { problem, unsent } = await alma.vault.syncState();
      return problem === null && unsent === 0;
    }, SOON);
    expect(await roomOf(alma)).toMatchObject({ quota: MOST });
  });
});
