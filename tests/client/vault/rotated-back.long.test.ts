/**
 * A server that is restored, without its journal, from a backup that is older than rotations: its epochs are behind those of
 * the devices. The owner's devices repeat them; nothing is lost, and whoever was removed stays out.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeviceId, VaultApi } from "../../../client/vault/api.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import type { TestServer } from "../../browser/harness/server.ts";
import { PICTURES, until } from "./device.ts";
import { backUp, closedSpaces, epochs, forgetBackup, goBackInTime, lostSince, stored } from "./restoring.ts";
import { emptyBrowser, endWorld, HERE, link, pair, passWaits, person, settled, startWorld, write } from "./several.ts";
import { Someone } from "./sharing/someone.ts";

let server: TestServer;
const people: Someone[] = [];
beforeEach(async () => {
  server = await startWorld();
});
afterEach(async () => {
  for (const someone of people.splice(0)) await someone.close();
  forgetBackup(server);
  await endWorld();
});

const options = { notSafeForParents: false, withMoods: false, photos: [] };
const SOON = 30_000;

const words = async (vault: VaultApi) => (await vault.timeline("entry")).map(({ excerpt }) => excerpt).toSorted();
const hasAll = (vault: VaultApi, all: readonly string[]) =>
  until(async () => (await words(vault)).join() === all.toSorted().join(), SOON);
const idOf = async (vault: VaultApi): Promise<DeviceId> => {
  const own = (await vault.devices()).find(({ isThis }) => isThis);
  if (own === undefined) throw new Error("no device");
  return own.id;
};
const pocketOf = ({ opened }: { readonly opened: readonly Pocket[] }): Pocket => {
  const pocket = opened.at(-1);
  if (pocket === undefined) throw new Error("not open");
  return pocket;
};
const calm = (vault: VaultApi) =>
  until(async () => {
    const { connection, unsent, problem } = await vault.syncState();
    return connection === "on" && unsent === 0 && problem === null;
  }, SOON);

describe("a server that went back behind a rotation, without its journal", () => {
  test("a lost device stays out, all of mine and the contacts' words are there again, and it goes on", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const phone = await link(alma.vault);
    const laptop = await link(alma.vault);
    const regretted = await alma.vault.show(await write(alma.vault, "Fortrudt"), adultAtChild, options);
    for (const { vault } of [phone, laptop]) await hasAll(vault, ["Fortrudt"]);
    await until(async () => (await mette.vault.received()).length === 1, SOON);
    await until(async () => (await alma.vault.devices()).length === 3, SOON);
    for (const { vault } of [alma, phone, laptop, mette]) await settled(vault);
    backUp(server);

    // Before the rotation, under the keys that it ends; a contact of whom the backup knows nothing; and after it.
    await alma.vault.takeBack(regretted);
    const early = await alma.vault.show(await write(alma.vault, "Tidligt"), adultAtChild, options);
    await until(async () => (await mette.vault.received()).some(({ id }) => id === early), SOON);
    await mette.vault.answer(early, "Set.");
    const nora = await person("caseworker", "Nora");
    const { payload } = await alma.vault.invite("scan");
    await nora.vault.join(payload, "scan");
    const noraAtChild = await until(async () => {
      const found = (await alma.vault.people()).find(({ name }) => name === "Nora");
      return found?.state === "paired" && found.circle !== null ? found.id : null;
    }, SOON);
    await until(async () => (await nora.vault.people())[0]?.circle ?? null, SOON);
    await alma.vault.removeDevice(await idOf(phone.vault), PICTURES);
    await until(async () => (await phone.vault.syncState()).problem === "device-removed", SOON);
    // The pocket, the mailbox and both circles.
    await until(() => [...epochs(server).values()].filter((epoch) => epoch === 2).length === 4, SOON);
    const late = await alma.vault.show(await write(alma.vault, "Sent"), adultAtChild, options);
    await write(laptop.vault, "Fra den baerbare");
    const forNora = await alma.vault.show(await write(alma.vault, "Til Nora"), noraAtChild, options);
    await until(async () => (await mette.vault.received()).some(({ id }) => id === late), SOON);
    await until(async () => (await nora.vault.received()).some(({ id }) => id === forNora), SOON);
    const all = ["Fortrudt", "Tidligt", "Sent", "Fra den baerbare", "Til Nora"];
    for (const { vault } of [alma, laptop]) await hasAll(vault, all);
    for (const { vault } of [alma, laptop, mette, nora]) await calm(vault);
    const before = stored(server);
    const after = epochs(server);
    for (const stop of phone.device.stops.splice(0)) await stop();

    await goBackInTime(server, "--without-journal");
    expect([...stored(server).values()]).toContain(regretted);
    await until(() => [...after].every(([space, epoch]) => epochs(server).get(space) === epoch), SOON);
    await until(() => closedSpaces(server) === 0, 2 * SOON);
    // The contacts' Lomme looks again by itself after five minutes, and at once when it is opened.
    for (const one of [mette, nora]) for (const stop of one.device.stops.splice(0)) await stop();
    const again = [mette.device.start(), nora.device.start()] as const;
    await again[0].unlock(mette.id, PICTURES);
    await again[1].unlock(nora.id, PICTURES);
    const lost = () => lostSince(server, before);
    await until(() => lost().length === 0, SOON).catch(() => expect(lost().map((op) => before.get(op))).toEqual([]));
    expect([...stored(server).values()]).not.toContain(regretted);

    for (const { vault } of [alma, laptop]) await calm(vault);
    const next = await laptop.vault.show(await write(laptop.vault, "Videre"), adultAtChild, options);
    const nextForNora = await alma.vault.show(await write(alma.vault, "Videre til Nora"), noraAtChild, options);
    await until(async () => (await again[0].received()).some(({ id }) => id === next), SOON);
    await until(async () => (await again[1].received()).some(({ id }) => id === nextForNora), SOON);
    for (const vault of again) await calm(vault);
    expect((await alma.vault.shares()).find(({ id }) => id === early)?.answers.map(({ text }) => text)).toEqual([
      "Set.",
    ]);

    // The lost one: nothing.
    const found = phone.device.start();
    await found.unlock(phone.id, PICTURES);
    await until(async () => (await found.syncState()).problem === "device-removed", SOON);
    expect(await words(found)).not.toContain("Videre");
    // One that comes now finds everything on the server.
    const fresh = await link(alma.vault);
    await hasAll(fresh.vault, [...all, "Videre", "Videre til Nora"]);
    await calm(fresh.vault);
    const { keyring } = pocketOf(alma);
    expect(keyring.epoch(keyring.me.pocket)).toBe(2);
  }, 300_000);

  test("somebody parted from stays out, before the owner has come and after", async () => {
    const child = await Someone.create(server, "child", "Alma");
    const adult = await Someone.create(server, "caseworker", "Mette");
    people.push(child, adult);
    const { payload } = await child.vault.invite("scan");
    await adult.vault.join(payload, "scan");
    const mette = await child.pairedWith("Mette");
    await adult.pairedWith("Alma");
    const share = await child.vault.show(await child.write("før"), mette, options);
    await until(async () => (await child.stepOf(share)) === "arrived", SOON);
    for (const one of [child, adult]) await calm(one.vault);
    backUp(server);
    await adult.setFlightMode(true);
    await child.vault.removePerson(mette);
    await until(async () => (await child.vault.people())[0]?.state === "removed", SOON);
    const { circle } = (await child.vault.people())[0] ?? {};
    if (circle == null) throw new Error("no circle");
    expect(epochs(server).get(circle)).toBe(2);
    await child.setFlightMode(true);

    await goBackInTime(server, "--without-journal");
    expect(epochs(server).get(circle)).toBe(1);
    await adult.setFlightMode(false).catch(() => undefined);
    await until(async () => (await adult.vault.syncState()).problem === "restored", SOON);
    await child.setFlightMode(false);
    await until(() => epochs(server).get(circle) === 2, SOON);
    await calm(child.vault);
    await adult.reopen();
    await until(async () => (await adult.vault.people())[0]?.state === "removed", SOON);
  }, 200_000);

  test("a card that was replaced opens nothing, and the new one everything", async () => {
    const alma = await person("child", "Alma");
    await write(alma.vault, "Gemt");
    const everywhere = () => until(async () => (await alma.vault.cardReach()) === "everywhere", SOON);
    const old = await alma.vault.makeCard();
    await everywhere();
    backUp(server);
    const card = await alma.vault.makeCard();
    await everywhere();
    // A circle that nobody but this device could make again, its first checkpoint too.
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    await alma.vault.show(await write(alma.vault, "Vist"), adultAtChild, options);
    for (const { vault } of [alma, mette]) await calm(vault);
    const before = stored(server);

    await goBackInTime(server, "--without-journal");
    await until(() => closedSpaces(server) === 0, SOON);
    const lost = () => lostSince(server, before);
    await until(() => lost().length === 0, SOON).catch(() => expect(lost().map((op) => before.get(op))).toEqual([]));
    await calm(alma.vault);
    const thief = await emptyBrowser();
    await expect(thief.vault.restore(old)).rejects.toMatchObject({ code: "card-ended" });
    const fresh = await emptyBrowser();
    expect(await fresh.vault.restore(card)).toMatchObject({ step: "waiting" });
    await passWaits();
    expect(await fresh.vault.restore(card)).toEqual({ step: "ready", role: "child" });
    await fresh.vault.finishRestore(HERE);
    await hasAll(fresh.vault, ["Gemt", "Vist"]);
    await calm(fresh.vault);
  }, 120_000);
});
