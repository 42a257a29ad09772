/**
 * The server goes back in time: a backup, more work, a restore. The devices put back what was lost, inner verbatim, and
 * nothing that was taken back, removed or ended comes to life again. Over the real server and the operator's commands.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../../../browser/harness/server.ts";
import { until } from "../device.ts";
import {
  backUp,
  closedSpaces as closedOn,
  forgetBackup,
  goBackInTime as goBack,
  stored as storedOn,
} from "../restoring.ts";
import { pair, SOON, Someone } from "./someone.ts";

const plain = { notSafeForParents: false, withMoods: false, photos: [] };
let server: TestServer;
let people: Someone[] = [];

beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  for (const someone of people.splice(0)) await someone.close();
  forgetBackup(server);
  await server.remove();
});

const goBackInTime = (...options: string[]): Promise<void> => goBack(server, ...options);
const stored = (): Map<string, string> => storedOn(server);
const closedSpaces = (): number => closedOn(server);

async function come(role: "child" | "caseworker" | "carer", name: string): Promise<Someone> {
  const someone = await Someone.create(server, role, name);
  people.push(someone);
  return someone;
}

const arrived = (someone: Someone, share: Parameters<Someone["stepOf"]>[0]) =>
  until(async () => (await someone.stepOf(share)) === "arrived", SOON);
const allSent = (someone: Someone) =>
  until(async () => {
    const { connection, unsent } = await someone.vault.syncState();
    return connection === "on" && unsent === 0;
  }, 2 * SOON);
const idsOf = async (someone: Someone) => (await someone.vault.received()).map(({ id }) => id);

/** Two people, a backup, and everything that people do afterwards. */
async function liveOn() {
  people = [];
  const [child, adult] = [await come("child", "Alma"), await come("caseworker", "Mette")];
  const { mette } = await pair(child, adult);
  const kept = await child.vault.show(await child.write("før"), mette, plain);
  const regretted = await child.vault.show(await child.write("fortrudt"), mette, plain);
  await arrived(child, kept);
  await arrived(child, regretted);
  await allSent(child);
  await allSent(adult);
  backUp(server);

  await child.vault.takeBack(regretted);
  await until(async () => (await child.endOf(regretted)) === "gone-unopened", SOON);
  const later = await child.vault.show(await child.write("efter"), mette, plain);
  await arrived(child, later);
  await adult.vault.markOpened(later);
  await adult.vault.answer(kept, "Tak.");
  await until(async () => (await child.vault.shares()).some(({ answers }) => answers.length === 1), SOON);
  await allSent(child);
  await allSent(adult);
  return { child, adult, mette, kept, regretted, later };
}

describe("a server that went back in time", () => {
  test("with its journal: everything is there again, nothing withdrawn, and all of it goes on", async () => {
    const { child, adult, mette, kept, regretted, later } = await liveOn();
    const aunt = await come("carer", "Nora");
    const { payload } = await child.vault.invite("scan");
    await allSent(child);
    const before = stored();
    await goBackInTime();
    expect(stored().size).toBeLessThan(before.size);

    await until(() => stored().size >= before.size, 2 * SOON);
    for (const someone of [child, adult]) await allSent(someone);
    const after = stored();
    for (const [op, document] of before) expect(after.get(op)).toBe(document);
    expect([...after.values()]).not.toContain(regretted);
    expect(await idsOf(adult)).toEqual([later, kept]);

    // A new device of nobody's, so to say: the invitation of before the restore still holds, and so does the circle.
    await aunt.vault.join(payload, "scan");
    const nora = await child.pairedWith("Nora");
    const next = await child.vault.show(await child.write("videre"), mette, plain);
    const forNora = await child.vault.show(await child.write("til dig"), nora, plain);
    await arrived(child, next);
    await arrived(child, forNora);
    expect((await child.vault.syncState()).problem).toBeNull();
    expect((await adult.vault.syncState()).problem).toBeNull();
  });

  test("without its journal: closed to the others until the owner's device has put back what was lost and withdrawn", async () => {
    const { child, adult, mette, kept, regretted, later } = await liveOn();
    const before = stored();
    await child.setFlightMode(true);
    await goBackInTime("--without-journal");
    await until(async () => (await adult.vault.syncState()).problem === "restored", SOON);
    expect([...stored().values()]).toContain(regretted); // the backup's

    await child.setFlightMode(false);
    await until(() => ![...stored().values()].includes(regretted), 2 * SOON);
    await allSent(child);
    await until(() => closedSpaces() === 0, 2 * SOON);
    // The adult's Lomme looks again by itself after five minutes, and at once when it is opened.
    await adult.reopen();
    await until(() => stored().size >= before.size, 2 * SOON);
    await allSent(adult);
    const after = stored();
    for (const [op, document] of before) expect(after.get(op)).toBe(document);
    expect(await idsOf(adult)).toEqual([later, kept]);
    expect((await child.vault.shares()).flatMap(({ answers }) => answers.map(({ text }) => text))).toEqual(["Tak."]);
    const next = await child.vault.show(await child.write("videre"), mette, plain);
    await arrived(child, next);
    // The chain of checkpoints goes on where it was: a parting is taken.
    await child.vault.removePerson(mette);
    await until(async () => (await child.vault.people())[0]?.state === "removed", SOON);
  });

  test("removed after the backup: stays removed", async () => {
    const { child, adult, mette } = await liveOn();
    await child.vault.removePerson(mette);
    await until(async () => (await adult.vault.people())[0]?.state === "removed", SOON);
    await goBackInTime();
    await allSent(child);
    await until(async () => (await adult.vault.syncState()).connection === "on", SOON);
    expect((await adult.vault.people())[0]?.state).toBe("removed");
    expect((await child.vault.people())[0]?.state).toBe("removed");
  });
});
