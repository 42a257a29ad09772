/**
 * A lost device, over the real server, the real sync and the real crypto: what the others go on with, what the lost one
 * gets (nothing), and what comes of it when everything stops in the middle.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeviceId, VaultApi } from "../../../client/vault/api.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { PICTURES, until } from "./device.ts";
import { endWorld, link, pair, person, settled, startWorld, write } from "./several.ts";

beforeAll(startWorld);
afterAll(endWorld);

const options = { notSafeForParents: false, withMoods: true, photos: [] };

type Somebody = Awaited<ReturnType<typeof person>>;

const open = ({ opened }: Pick<Somebody, "opened">): Pocket => {
  const pocket = opened.at(-1);
  if (pocket === undefined) throw new Error("not open");
  return pocket;
};
const epochOf = (somebody: Pick<Somebody, "opened">): number => {
  const { keyring } = open(somebody);
  return keyring.epoch(keyring.me.pocket);
};
const idOf = async (vault: VaultApi): Promise<DeviceId> => {
  const own = (await vault.devices()).find(({ isThis }) => isThis);
  if (own === undefined) throw new Error("no device");
  return own.id;
};
const words = async (vault: VaultApi) => (await vault.timeline("entry")).map(({ excerpt }) => excerpt).toSorted();
const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));
const hasAll = (vault: VaultApi, all: readonly string[]) => until(async () => same(await words(vault), all), 20_000);

describe("a lost device", () => {
  it("gets nothing new; the others, the card and the contacts go on", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const first = await write(alma.vault, "Foer");
    await alma.vault.show(first, adultAtChild, options);
    const phone = await link(alma.vault);
    const laptop = await link(alma.vault);
    for (const { vault } of [phone, laptop]) await hasAll(vault, ["Foer"]);
    for (const { vault } of [alma, laptop]) await until(async () => (await vault.devices()).length === 3, 15_000);
    await until(async () => (await mette.vault.received()).length === 1, 20_000);

    const wrong = { kind: "pictures", pictures: [0, 0, 0, 0, 0, 0, 0] } as const;
    const lost = await idOf(phone.vault);
    await expect(alma.vault.removeDevice(lost, wrong)).rejects.toMatchObject({ code: "wrong-code" });
    await expect(alma.vault.removeDevice(await idOf(alma.vault), PICTURES)).rejects.toMatchObject({
      code: "not-allowed",
    });
    await alma.vault.removeDevice(lost, PICTURES);
    await until(async () => (await alma.vault.devices()).length === 2, 15_000);
    expect(epochOf(alma)).toBe(2);
    await until(async () => (await phone.vault.syncState()).problem === "device-removed", 15_000);

    // What is written now is on the others, in both directions, and not on the lost one.
    await write(alma.vault, "Efter");
    await write(laptop.vault, "Fra den baerbare");
    for (const { vault } of [alma, laptop]) await hasAll(vault, ["Efter", "Foer", "Fra den baerbare"]);
    await until(async () => (await laptop.vault.devices()).length === 2, 15_000);
    expect(await words(phone.vault)).toEqual(["Foer"]);

    // Contacts still receive, from either device, and still reach the child.
    const second = await write(alma.vault, "Kun til Mette");
    const share = await alma.vault.show(second, adultAtChild, options);
    await until(async () => (await mette.vault.received()).length === 2, 20_000);
    await mette.vault.answer(share, "Tak, Alma.");
    for (const { vault } of [alma, laptop]) {
      await until(async () => (await vault.shares()).find(({ id }) => id === share)?.answers.length === 1, 20_000);
    }
    const third = await write(laptop.vault, "Og det her");
    await laptop.vault.show(third, adultAtChild, options);
    await until(async () => (await mette.vault.received()).length === 3, 20_000);
    for (const { vault } of [alma, laptop, mette]) {
      await settled(vault);
      expect((await vault.syncState()).problem).toBeNull();
    }
    expect((await phone.vault.shares()).length).toBe(1);
  }, 120_000);
});
