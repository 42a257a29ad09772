/**
 * The device that takes out a lost one loses its power at every single write to its disk and every single answer of the
 * server, from the decision to the end. Each time it goes on at the next start, and what comes of it is the same: new keys
 * everywhere and once, the lost device out, nothing lost. Everything that `connectPocket` puts together takes part.
 */
// First: Yjs remembers where it found randomness.
import "./seeded-chance.ts";

import { beforeAll, describe, expect, it } from "vitest";
import { appendText } from "../../client/documents/entry.ts";
import { plainToRichText } from "../../client/documents/rich-text.ts";
import type { PersonId } from "../../client/vault/api.ts";
import { deviceIdOf, listDeviceRows } from "../../client/vault/devices.ts";
import { createDocument } from "../../client/vault/own-documents.ts";
import { ownKeysOf } from "../../client/vault/own-keys.ts";
import { createTakeLink } from "../../client/vault/take-link.ts";
import { capabilityMessage } from "../../crypto/capabilities.ts";
import { ready, verify } from "../../crypto/sodium.ts";
import type { ServerNonce } from "../../crypto/types.ts";
import type { DocumentTag } from "../../protocol/frames.ts";
import { MemoryServer } from "./memory-server.ts";
import { type Disk, WholeDevice } from "./whole-device.ts";
import { World } from "./world.ts";

const ABOUT = { notSafeForParents: false, withMoods: false, photos: [] };
const NAMES = ["tablet", "laptop", "phone", "mette"] as const;
type Name = (typeof NAMES)[number];
type Devices = Readonly<Record<Name, WholeDevice>>;

/** Alma's three devices and her caseworker, as their disks were when the phone was lost; and the server. */
interface Before {
  readonly server: MemoryServer;
  readonly disks: Readonly<Record<Name, Disk>>;
  readonly mette: PersonId;
}

const write = ({ pocket }: WholeDevice, words: string): Promise<DocumentTag> =>
  createDocument(pocket, "entry", (doc) => appendText(doc, plainToRichText(words)));
const words = ({ pocket }: WholeDevice): readonly string[] =>
  pocket.pages
    .newest("entry")
    .map(({ excerpt }) => excerpt)
    .toSorted();
const idOf = ({ pocket }: WholeDevice) => deviceIdOf(pocket.keyring.me);
const circleOf = ({ pocket }: WholeDevice) => pocket.keyring.spaces().find(({ kind }) => kind === "circle");

/** Proofs are checked as the product's server does it. */
function checking(server: MemoryServer): MemoryServer {
  server.checkProof = ({ space, epoch, right, proof }, nonce) => {
    const key = server.keys.get(`${space}/${epoch}`)?.[right];
    const asked = { nonce: nonce as ServerNonce, serverId: server.id, space, epoch, right };
    return key !== undefined && verify(proof, capabilityMessage(asked), key);
  };
  return server;
}

/** Lets time pass until `look` gives something true, at most ten minutes of it. */
async function until<T>(world: World, look: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
  for (let passed = 0; passed < 600_000; passed += 250) {
    const seen = await world.until(Promise.resolve(look()));
    if (seen) return seen;
    await world.run(250);
  }
  throw new Error(`waited in vain: ${what}`);
}

const isSettled = ({ beyond }: WholeDevice): boolean => {
  const { connection, unsent } = beyond.syncState();
  return connection === "on" && unsent === 0;
};

async function prepare(): Promise<Before> {
  const world = new World(1);
  const server = checking(new MemoryServer(world));
  const tablet = new WholeDevice(world, server, await WholeDevice.make("Alma", "child"));
  const mette = new WholeDevice(world, server, await WholeDevice.make("Mette", "caseworker"));
  for (const device of [tablet, mette]) await world.until(device.boot());
  await until(world, () => [tablet, mette].every(isSettled), "both online");
  const { payload } = await world.until(tablet.beyond.sharing.invite());
  await world.until(mette.beyond.sharing.join(payload, "scan"));
  const paired = async ({ beyond: { sharing } }: WholeDevice): Promise<PersonId | null> => {
    const [other] = await sharing.people();
    if (other?.state === "compare") await sharing.confirmPictures(other.id, true);
    return other?.state === "paired" && other.circle !== null ? other.id : null;
  };
  const atAlma = await until(world, () => paired(tablet), "paired");
  await until(world, () => paired(mette), "paired at the other");
  const keys = ownKeysOf(tablet.pocket.keyring);
  const [laptop, phone] = [
    new WholeDevice(world, server, await WholeDevice.make("Baerbar", keys)),
    new WholeDevice(world, server, await WholeDevice.make("Telefon", keys)),
  ];
  for (const device of [laptop, phone]) await world.until(device.boot());
  const all: Devices = { tablet, laptop, phone, mette };
  const own = [tablet, laptop, phone];
  const listed = async (device: WholeDevice) => (await listDeviceRows(device.pocket)).length === 3;
  await until(world, async () => (await Promise.all(own.map(listed))).every(Boolean), "three in the list");
  await until(world, () => own.every((device) => circleOf(device) !== undefined), "the circle on all");
  const entry = await world.until(write(tablet, "Foer"));
  await world.until(tablet.beyond.sharing.show(entry, atAlma, ABOUT));
  await until(world, async () => (await mette.beyond.sharing.received()).length === 1, "shown");
  await until(world, () => own.every((device) => isSettled(device) && words(device).length === 1), "the same");
  await until(world, () => NAMES.every((name) => isSettled(all[name])), "settled");
  // The others were off when these were written.
  for (const device of [tablet, laptop, mette]) await world.until(device.off());
  await world.until(write(phone, "Fra telefonen"));
  await until(world, () => isSettled(phone), "the phone's words are with the server");
  for (const device of [phone]) await world.until(device.off());
  await world.run(5_000);
  const disks = { tablet: tablet.disk, laptop: laptop.disk, phone: phone.disk, mette: mette.disk };
  return { server, disks, mette: atAlma };
}

/** Everybody's device in a world of its own, as it was when the phone was lost. All are on. */
async function wake(world: World, before: Before): Promise<Devices> {
  const server = checking(before.server.copy(world));
  const all = Object.fromEntries(
    NAMES.map((name) => [name, new WholeDevice(world, server, before.disks[name])]),
  ) as unknown as Devices;
  for (const name of ["tablet", "phone", "mette", "laptop"] as const) await world.until(all[name].boot());
  return all;
}

/** Gives how many moments there were from the decision on; or fewer, when it was killed in one of them. */
async function removePhone(before: Before, moment: number): Promise<{ killed: boolean; moments: number }> {
  const world = new World(2);
  const all = await wake(world, before);
  const { tablet, laptop, phone, mette } = all;
  const lost = idOf(phone);
  await world.until(write(laptop, "Fra den baerbare"));
  await until(world, () => tablet.beyond.syncState().connection === "on", "online");
  tablet.killAt(moment);
  const decide = (): void => void tablet.beyond.devices?.lost.remove(lost).catch(() => undefined);
  decide();
  await until(world, () => tablet.isKilled || isOver(tablet), "killed or done");
  const { isKilled: killed, moments } = tablet;
  if (killed) {
    await world.until(tablet.boot());
    // Not kept when the power went: the person sees the device in the list, and takes it out once more.
    const row = (await world.until(listDeviceRows(tablet.pocket))).find(({ id }) => id === lost);
    if (row !== undefined && !row.removing && tablet.pocket.keyring.epoch(tablet.pocket.keyring.me.pocket) === 1)
      decide();
  }
  const entry = await world.until(write(tablet, "Efter"));
  await world.until(tablet.beyond.sharing.show(entry, before.mette, ABOUT));
  await until(world, async () => (await mette.beyond.sharing.received()).length === 2, "shown after it");
  await until(world, () => [tablet, laptop].every(isOver), "over");
  for (const device of [tablet, laptop]) {
    await until(world, () => words(device).length === 4, "all words").catch((error: unknown) => {
      throw new Error(`only ${words(device)}`, { cause: error });
    });
    await until(world, async () => (await listDeviceRows(device.pocket)).length === 2, "two in the list");
  }
  await until(world, () => [tablet, laptop, mette].every(isSettled), "settled");
  await world.run(120_000);
  await world.until(check(all));
  for (const name of NAMES) await world.until(all[name].off());
  return { killed, moments };
}

/** New keys of everything that is one's own. */
function isOver({ pocket: { keyring } }: WholeDevice): boolean {
  return keyring.spaces().every(({ space }) => keyring.epoch(space) >= 2);
}

async function check({ tablet, laptop, phone, mette }: Devices): Promise<void> {
  const all = ["Efter", "Foer", "Fra den baerbare", "Fra telefonen"];
  for (const device of [tablet, laptop]) {
    const { pocket, beyond } = device;
    expect(words(device)).toEqual(all);
    expect(beyond.syncState()).toMatchObject({ connection: "on", unsent: 0, problem: null });
    // Nothing is kept back any more. A circle's rotation whose answer was lost is made once more: by its wrap alone it
    // can't be told from one that the finder of the phone made.
    for (const { space, kind } of pocket.keyring.spaces()) {
      const epoch = pocket.keyring.epoch(space);
      expect([kind, epoch]).toEqual([kind, kind === "circle" ? tablet.pocket.keyring.epoch(space) : 2]);
      expect(epoch).toBeLessThanOrEqual(3);
      expect([kind, (await pocket.log(space).state()).held]).toEqual([kind, false]);
    }
    const left = await listDeviceRows(pocket);
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set([idOf(tablet), idOf(laptop)]));
    expect(left.some(({ removing }) => removing)).toBe(false);
    expect(pocket.keyring.me.recovery).toEqual(tablet.pocket.keyring.me.recovery);
    expect(pocket.keyring.me.box).toEqual(tablet.pocket.keyring.me.box);
    expect((await beyond.sharing.shares()).length).toBe(2);
  }
  for (const device of [tablet, laptop, mette]) expect(circleOf(device)?.retired?.length).toBeGreaterThan(0);
  const circle = circleOf(mette);
  expect(circle?.epochs.at(-1)?.epoch).toBe(circleOf(tablet)?.epochs.at(-1)?.epoch);
  expect(mette.beyond.syncState()).toMatchObject({ connection: "on", unsent: 0, problem: null });
  // The lost one has no new key, knows that it is out, and has nothing of what came after.
  for (const { space } of phone.pocket.keyring.spaces()) expect(phone.pocket.keyring.epoch(space)).toBe(1);
  expect(phone.beyond.syncState().problem).toBe("device-removed");
  expect(words(phone)).not.toContain("Efter");
}

describe("a removal that is killed", () => {
  let before: Before;
  beforeAll(async () => {
    await ready();
    before = await prepare();
  }, 60_000);

  it("at every write and every answer comes to the same end", async () => {
    const { killed, moments } = await removePhone(before, Number.POSITIVE_INFINITY);
    expect(killed).toBe(false);
    expect(moments).toBeGreaterThan(20);
    for (let moment = 1; moment <= moments; moment++) {
      try {
        await removePhone(before, moment);
      } catch (error) {
        throw new Error(`killed at moment ${moment} of ${moments}: ${(error as Error).message}`, { cause: error });
      }
    }
    console.log(`killed at each of ${moments} moments of a removal`);
  });

  it("hands a device that is linked at that moment the new keys, and it stays", async () => {
    const world = new World(3);
    const { tablet, laptop, phone } = await wake(world, before);
    await until(world, () => [tablet, laptop].every(isSettled), "online");
    const link = tablet.beyond.devices?.link;
    const http = tablet.newcomer();
    const take = createTakeLink({ clock: world.clock, http, emit: () => undefined });
    if (link === undefined) throw new Error("no server");
    const { payload } = await world.until(link.offer());
    await world.until(take.take(payload, { name: "Ny", kind: "phone" }));
    await until(world, () => link.step()?.step === "compare" && take.step()?.step === "compare", "pictures");
    take.confirm(true);
    await world.until(tablet.beyond.devices?.lost.remove(idOf(phone)) ?? Promise.reject());
    expect(tablet.pocket.keyring.epoch(tablet.pocket.keyring.me.pocket)).toBe(1);
    await world.until(link.confirm(true));
    await until(world, () => take.step()?.step === "ready", "the keys");
    const keys = take.keys();
    expect(keys.pocket.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const device of [tablet, laptop]) {
      await until(world, async () => (await listDeviceRows(device.pocket)).length === 3, "three in the list");
      const ids = (await listDeviceRows(device.pocket)).map(({ id }) => id);
      expect(ids).not.toContain(idOf(phone));
    }
    await until(world, () => [tablet, laptop].every((device) => isOver(device) && isSettled(device)), "over");
  });
});
