/**
 * A lost device, over the real server, the real sync and the real crypto: what the others go on with, what the lost one
 * gets (nothing), and what comes of it when everything stops in the middle.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeviceId, VaultApi } from "../../../client/vault/api.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { openWrap, RECOVERY_CONTEXT } from "../../../crypto/recipients.ts";
import { openRecord } from "../../../crypto/records.ts";
import type { SealedRecord, SpaceId, Wrap } from "../../../crypto/types.ts";
import type { TestServer } from "../../browser/harness/server.ts";
import { PICTURES, until } from "./device.ts";
import { openPage } from "./page.ts";
import {
  emptyBrowser,
  endWorld,
  HERE,
  inDatabase,
  link,
  pages,
  pair,
  passWaits,
  person,
  settled,
  startWorld,
  write,
} from "./several.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startWorld();
});
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

  it("devices that hold the same show the same four pictures, and say so of each other", async () => {
    const alma = await person("child", "Alma");
    expect((await alma.vault.devicesSign())?.length ?? 4).toBe(4);
    const phone = await link(alma.vault);
    await write(alma.vault, "Fra tabletten");
    await write(phone.vault, "Fra telefonen");
    for (const { vault } of [alma, phone]) await hasAll(vault, ["Fra tabletten", "Fra telefonen"]);
    const other = async (vault: VaultApi) => (await vault.devices()).find(({ isThis }) => !isThis)?.holdsSame;
    for (const { vault } of [alma, phone]) await until(() => other(vault), 30_000);
    expect(await alma.vault.devicesSign()).toEqual(await phone.vault.devicesSign());
    // The phone is away: what is written now it hasn't.
    for (const stop of phone.device.stops.splice(0)) await stop();
    const before = await alma.vault.devicesSign();
    await write(alma.vault, "Uden telefonen");
    await settled(alma.vault);
    expect(await alma.vault.devicesSign()).not.toEqual(before);
    expect(await other(alma.vault)).toBe(false);
    const again = phone.device.start();
    await again.unlock(phone.id, PICTURES);
    await until(() => other(alma.vault), 30_000);
    expect(await again.devicesSign()).toEqual(await alma.vault.devicesSign());
  }, 120_000);

  it("decided without net: kept through a lock, and nothing leaves before it took effect", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const phone = await link(alma.vault);
    const laptop = await link(alma.vault);
    await until(async () => (await alma.vault.devices()).length === 3, 15_000);
    await until(async () => (await laptop.vault.people())[0]?.state === "paired", 15_000);
    const lost = await idOf(phone.vault);

    await server.stop();
    await until(async () => (await alma.vault.syncState()).connection !== "on", 15_000);
    await alma.vault.removeDevice(lost, PICTURES);
    const removing = async (vault: VaultApi) => (await vault.devices()).find(({ id }) => id === lost)?.removing;
    expect(await removing(alma.vault)).toBe(true);
    const meanwhile = await write(alma.vault, "Imens");
    const photo = await alma.vault.addPhoto(meanwhile, new Blob([new Uint8Array(3_000).fill(9)]));
    await alma.vault.confirmCode(PICTURES);
    await alma.vault.show(meanwhile, adultAtChild, options);
    for (const stop of alma.device.stops.splice(0)) await stop();
    const again = alma.device.start();
    await again.unlock(alma.id, PICTURES);
    expect(await removing(again)).toBe(true);
    for (const { space, kind } of open(alma).keyring.spaces()) {
      if (kind !== "mailbox") expect((await open(alma).log(space).state()).held).toBe(true);
    }
    await server.start();

    await until(async () => (await again.devices()).length === 2, 30_000);
    await hasAll(laptop.vault, ["Imens"]);
    await until(async () => (await mette.vault.received()).length === 1, 30_000);
    pages.push(await openPage(laptop.vault, meanwhile));
    expect((await until(() => laptop.vault.readBlob(photo.full).catch(() => null), 15_000)).size).toBe(3_000);
    await until(async () => (await phone.vault.syncState()).problem === "device-removed", 30_000);
    expect(await words(phone.vault)).toEqual([]);
    // Nothing that was written then lies on the server in an epoch that the lost one has keys of.
    await settled(again);
    expect(await readableBy(open(phone), ["Imens"])).toEqual([]);
  }, 120_000);

  it("one that another device linked before the decision took effect goes too, says so, and is linked once more", async () => {
    const alma = await person("child", "Alma");
    const phone = await link(alma.vault);
    const laptop = await link(alma.vault);
    await write(alma.vault, "Foer");
    for (const { vault } of [phone, laptop]) await hasAll(vault, ["Foer"]);
    await until(async () => (await alma.vault.devices()).length === 3, 15_000);
    const lost = await idOf(phone.vault);
    await server.stop();
    await until(async () => (await alma.vault.syncState()).connection !== "on", 15_000);
    await alma.vault.removeDevice(lost, PICTURES);
    for (const stop of alma.device.stops.splice(0)) await stop();
    await server.start();

    // The laptop knows nothing of it: nobody who decided saw the new one, and whoever found the phone could have done this.
    await until(async () => (await laptop.vault.syncState()).connection === "on", 30_000);
    const watch = await link(laptop.vault);
    await hasAll(watch.vault, ["Foer"]);
    const again = alma.device.start();
    await again.unlock(alma.id, PICTURES);
    await until(async () => (await again.devices()).length === 2, 30_000);
    for (const { vault } of [phone, watch]) {
      await until(async () => (await vault.syncState()).problem === "device-removed", 30_000);
    }
    await write(again, "Efter");
    // What is there, and what is written there now, stays there.
    await write(watch.vault, "Paa uret");
    expect(await words(watch.vault)).toEqual(["Foer", "Paa uret"]);

    await until(async () => (await laptop.vault.devices()).length === 2, 30_000);
    const once = await link(laptop.vault);
    await hasAll(once.vault, ["Foer", "Efter"]);
    await until(async () => (await again.devices()).length === 3, 15_000);
    await write(once.vault, "Igen");
    for (const vault of [again, laptop.vault]) await hasAll(vault, ["Foer", "Efter", "Igen"]);
  }, 120_000);

  it("an adult's lost laptop: the child's devices renew the circle, and what is shown then isn't there", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const laptop = await link(mette.vault);
    await until(async () => (await laptop.vault.people())[0]?.state === "paired", 20_000);
    const first = await write(alma.vault, "Foer");
    const before = await alma.vault.show(first, adultAtChild, options);
    for (const { vault } of [mette, laptop]) await until(async () => (await vault.received()).length === 1, 20_000);
    await until(async () => (await alma.vault.shares())[0]?.steps.some(({ step }) => step === "arrived"), 20_000);
    await until(async () => (await mette.vault.devices()).length === 2, 15_000);
    const circle = (await alma.vault.people())[0]?.circle;
    if (circle == null) throw new Error("no circle");

    await mette.vault.removeDevice(await idOf(laptop.vault), PICTURES);
    await until(() => open(alma).keyring.epoch(circle) === 2, 30_000);
    const second = await write(alma.vault, "Kun til den, der er tilbage");
    const share = await alma.vault.show(second, adultAtChild, options);
    await until(async () => (await mette.vault.received()).length === 2, 30_000);
    await mette.vault.answer(share, "Tak.");
    await until(async () => (await alma.vault.shares()).find(({ id }) => id === share)?.answers.length === 1, 30_000);
    expect((await laptop.vault.received()).length).toBe(1);
    await settled(alma.vault);
    expect(await readableBy(open(laptop), ["Kun til den, der er tilbage", "Tak."])).toEqual([]);
    // What the lost one had can't be taken back from it.
    await alma.vault.takeBack(before);
    await until(async () => (await mette.vault.received()).length === 1, 30_000);
    await until(
      async () => (await alma.vault.shares()).find(({ id }) => id === before)?.takeBack === "unknown",
      30_000,
    );
    for (const { vault } of [alma, mette]) expect((await vault.syncState()).problem).toBeNull();
  }, 120_000);

  it("two devices at once: both lost ones are out, whoever came first, and both go on", async () => {
    const alma = await person("child", "Alma");
    const laptop = await link(alma.vault);
    const [phone, watch] = [await link(alma.vault), await link(laptop.vault)];
    for (const { vault } of [alma, laptop]) await until(async () => (await vault.devices()).length === 4, 15_000);
    const [one, other] = [await idOf(phone.vault), await idOf(watch.vault)];
    await Promise.all([alma.vault.removeDevice(one, PICTURES), laptop.vault.removeDevice(other, PICTURES)]);
    for (const { vault } of [alma, laptop]) await until(async () => (await vault.devices()).length === 2, 30_000);
    for (const { vault } of [phone, watch]) {
      await until(async () => (await vault.syncState()).problem === "device-removed", 30_000);
    }
    expect(epochOf(alma)).toBe(3);
    await until(() => epochOf(laptop) === 3, 15_000);
    await write(alma.vault, "Her");
    await write(laptop.vault, "Og her");
    for (const { vault } of [alma, laptop]) await hasAll(vault, ["Her", "Og her"]);
    // Somebody met only now shares no secret with a lost device: nothing is renewed for them.
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const [entry] = await alma.vault.timeline("entry");
    await alma.vault.confirmCode(PICTURES);
    if (entry !== undefined) await alma.vault.show(entry.document, adultAtChild, options);
    await until(async () => (await mette.vault.received()).length === 1, 20_000);
    const circle = (await alma.vault.people())[0]?.circle;
    expect(circle == null ? 0 : open(alma).keyring.epoch(circle)).toBe(1);
  }, 120_000);

  it("killed at any moment it comes to its end; after all those rotations the card alone brings everything back", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const card = await alma.vault.makeCard();
    await until(async () => (await alma.vault.cardReach()) === "everywhere", 20_000);
    let { vault } = alma;
    const written: string[] = [];
    for (const ms of [0, 10, 40, 120]) {
      await settled(vault);
      const phone = await link(vault);
      await until(async () => (await vault.devices()).length === 2, 15_000);
      const lost = await idOf(phone.vault);
      await vault.removeDevice(lost, PICTURES);
      await new Promise((resolve) => setTimeout(resolve, ms));
      for (const stop of alma.device.stops.splice(0)) await stop();
      vault = alma.device.start();
      await vault.unlock(alma.id, PICTURES);
      await until(async () => (await vault.devices()).length === 1, 30_000);
      const word = `Efter ${ms}`;
      const entry = await write(vault, word);
      written.push(word);
      await vault.confirmCode(PICTURES);
      await vault.show(entry, adultAtChild, options);
      await until(async () => (await mette.vault.received()).length === written.length, 30_000);
      await until(async () => (await phone.vault.syncState()).problem === "device-removed", 30_000);
    }
    expect(epochOf(alma)).toBeGreaterThanOrEqual(5);
    await settled(vault);
    expect((await vault.syncState()).problem).toBeNull();
    for (const stop of alma.device.stops.splice(0)) await stop();

    const fresh = await emptyBrowser();
    expect(await fresh.vault.restore(card)).toMatchObject({ step: "waiting" });
    await passWaits();
    expect(await fresh.vault.restore(card)).toEqual({ step: "ready", role: "child" });
    await fresh.vault.finishRestore(HERE);
    await fresh.vault.confirmCode(PICTURES);
    await hasAll(fresh.vault, written);
    await until(async () => (await fresh.vault.shares()).length === written.length, 20_000);
    // It goes on where the lost ones stopped: with Mette too.
    const last = await write(fresh.vault, "Her igen");
    await fresh.vault.show(last, adultAtChild, options);
    await until(async () => (await mette.vault.received()).length === written.length + 1, 30_000);
    await settled(fresh.vault);
    expect((await fresh.vault.syncState()).problem).toBeNull();
  }, 240_000);
});

/** Those of `marks` that somebody with this device's keys and everything on the server reads. */
async function readableBy({ keyring }: Pocket, marks: readonly string[]): Promise<readonly string[]> {
  const rows = await inDatabase((db) => db.prepare("SELECT * FROM records").all());
  const wraps = await inDatabase((db) => db.prepare("SELECT bytes FROM wraps").all());
  const hex = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString("hex");
  const KINDS = ["update", "snapshot", "said", "control", "void"] as const;
  let texts = "";
  let read = 0;
  for (const row of rows) {
    const space = hex(row.space) as SpaceId;
    for (const { epoch } of keyring.space(space)?.epochs ?? []) {
      const ladder = keyring.ladder(space, epoch);
      const kind = KINDS[(row.kind as number) - 1];
      if (ladder === null || kind === undefined) continue;
      const outer = { space, document: hex(row.document), kind, epoch, opId: hex(row.op) } as never;
      try {
        texts += Buffer.from(
          openRecord(new Uint8Array(row.sealed as Uint8Array) as SealedRecord, outer, ladder.contentKey).payload,
        );
        read++;
      } catch {
        // Not with these keys.
      }
    }
  }
  // It can read what was there before, or the search would find nothing in any case.
  expect(read).toBeGreaterThan(0);
  const { box, device, identity } = keyring.me;
  for (const { bytes } of wraps) {
    for (const { seed } of [box, device.box]) {
      const me = identity.publicKey;
      for (const purpose of ["pocket", "recovery"] as const) {
        const context =
          purpose === "recovery"
            ? RECOVERY_CONTEXT
            : { purpose, space: keyring.me.pocket, epoch: 0, sender: me, recipient: me };
        expect(() => openWrap(new Uint8Array(bytes as Uint8Array) as Wrap, seed, context)).toThrow();
      }
    }
  }
  return marks.filter((mark) => texts.includes(mark));
}
