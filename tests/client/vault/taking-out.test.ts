/** A lost device is taken out while others, or that one itself, write: real core and crypto, a model server. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { clientIdsOf } from "../../../client/documents/updates.ts";
import { Batch } from "../../../client/vault/batch.ts";
import { type DeviceRow, deviceIdOf, nameDevice, newDeviceEntry } from "../../../client/vault/devices.ts";
import { listDevices, listIntents } from "../../../client/vault/intents.ts";
import { ownKeysOf } from "../../../client/vault/own-keys.ts";
import { MAX_TRIES } from "../../../client/vault/reached.ts";
import { sharedRows } from "../../../client/vault/state-rows.ts";
import { certifyDevice, createDeviceKeys } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { parseInner } from "../../../crypto/inner.ts";
import { ready, toBase64Url } from "../../../crypto/sodium.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { createMemoryDisk } from "../../simulation/disk.ts";
import { MemoryServer } from "../../simulation/memory-server.ts";
import { textOf, VaultDevice } from "../../simulation/vault-device.ts";
import { linkDevice } from "../../simulation/vault-linking.ts";
import { createFamily, type Family } from "../../simulation/vault-people.ts";
import { World } from "../../simulation/world.ts";

beforeAll(ready);

let world: World;
let server: MemoryServer;
let family: Family;
let [deciding, other, lost]: VaultDevice[] = [];

beforeEach(async () => {
  world = new World(1);
  server = new MemoryServer(world);
  server.checkProof = () => true;
  family = createFamily();
  for (const { space } of [family.pocket, family.circle, family.mailbox]) server.createSpace(space);
  const make = async () => {
    const parts = { world, server, family, disk: createMemoryDisk(world), listed: true };
    const device = await VaultDevice.create(parts, family.child);
    await world.run(3_000);
    return device;
  };
  [deciding, other, lost] = [await make(), await make(), await make()];
  await world.run(10_000);
});

afterEach(() => {
  for (const device of [deciding, other, lost]) device?.crash();
});

const say = (device: VaultDevice, text: string): Promise<void> =>
  world.until(device.write(family.pocket.space, randomId<DocumentTag>(), "said", new TextEncoder().encode(text), []));
const saidOn = async (device: VaultDevice) => {
  const rows = (await world.until(device.said(family.pocket.space))).filter(({ kind }) => kind === "said");
  return { texts: rows.flatMap((row) => textOf(row) ?? []), problems: rows.flatMap(({ problem }) => problem ?? []) };
};
const devices = (): readonly [VaultDevice, VaultDevice, VaultDevice] => {
  if (deciding === undefined || other === undefined || lost === undefined) throw new Error("no devices");
  return [deciding, other, lost];
};

describe("a rotation that something came in between of", () => {
  it("is refused, and made anew with it: nothing is there twice or under an ended key", async () => {
    const [by, writer, gone] = devices();
    // The deciding device doesn't hear of it before it asks.
    server.faults.loseLive = 1;
    await say(writer, "lige nu");
    await world.run(300);
    await world.until(by.lost.remove(deviceIdOf(gone.pocket.keyring.me)));
    await world.run(5_000);
    server.faults.loseLive = 0;
    await world.run(60_000);
    expect(server.counts.headMoved).toBe(1);
    expect(server.spaces.get(family.pocket.space)?.epoch).toBe(2);
    for (const device of [by, writer]) expect(await saidOn(device)).toEqual({ texts: ["lige nu"], problems: [] });
  });

  it("is taken as it is after five of them: nobody stays in by writing without end", async () => {
    const [by, , gone] = devices();
    let stored = 0;
    const connect = server.connect.bind(server);
    // Whoever found the lost device has the server's help: before each rotation a record of theirs is stored.
    server.connect = (caller, send, close) => {
      const session = connect(caller, send, close);
      return {
        ...session,
        receive: (frame) => {
          const there = server.spaces.get(family.pocket.space);
          if (frame.type === "rotate" && there !== undefined && frame.space === family.pocket.space) {
            there.head++;
            stored++;
          }
          session.receive(frame);
        },
      };
    };
    by.network.breakConnections();
    await world.run(10_000);
    await world.until(by.lost.remove(deviceIdOf(gone.pocket.keyring.me)));
    await world.run(10 * 60_000);
    expect(server.counts.headMoved).toBe(MAX_TRIES);
    expect(stored).toBe(MAX_TRIES + 1);
    expect(server.spaces.get(family.pocket.space)?.epoch).toBe(2);
  });
});

describe("deciding that a device goes, just when it is looked whether any does", () => {
  /** From here on all waits at the gate, until it is opened. */
  const gate = () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { open: () => open(), opened };
  };

  it.each(["after", "before"])(
    "lets nothing leave under the keys that it is about, %s the intent is kept",
    async (when) => {
      const [by, , gone] = devices();
      const { store, shared } = by.pocket;
      const connect = server.connect.bind(server);
      // The rotation is a long time coming.
      server.connect = (caller, send, close) => {
        const session = connect(caller, send, close);
        const receive: typeof session.receive = (frame) => {
          if (frame.type === "rotate") send({ type: "refused", request: frame.request, code: "rate-limited" });
          else session.receive(frame);
        };
        return { ...session, receive };
      };
      by.network.breakConnections();
      await world.run(10_000);
      const stored = () => server.spaces.get(family.pocket.space)?.records.length;
      const before = stored();

      const [looked, kept] = [gate(), gate()];
      const list = shared.list.bind(shared);
      const put: typeof store.put = store.put.bind(store);
      const commit: typeof store.commit = store.commit.bind(store);
      let looks = 0;
      let keeps = false;
      shared.list = async (prefix) => {
        const rows = await list(prefix);
        if (prefix === "device/" && looks++ === 0) await looked.opened;
        return rows;
      };
      store.put = (...given) => {
        keeps ||= given[1][0] === "removing";
        return put(...given);
      };
      store.commit = async (...given) => {
        if (keeps && when === "before") {
          keeps = false;
          await kept.opened;
        }
        return commit(...given);
      };
      by.lost.kick();
      await world.run(100);
      const removed = by.lost.remove(deviceIdOf(gone.pocket.keyring.me));
      await world.run(100);
      looked.open();
      await world.run(100);
      kept.open();
      await world.until(removed);
      await world.until(shared.write([{ name: "later", json: "1" }]));
      await world.run(20_000);
      expect(looks).toBeGreaterThan(1);
      expect(stored()).toBe(before);
      expect((await by.pocket.log(family.pocket.space).state()).held).toBe(true);

      server.connect = connect;
      by.network.breakConnections();
      await world.run(60_000);
      expect(stored()).toBeGreaterThan(before ?? 0);
      expect(server.spaces.get(family.pocket.space)?.epoch).toBe(2);
      expect((await by.pocket.log(family.pocket.space).state()).held).toBe(false);
    },
  );
});

describe("a device that is linked while another one is taken out elsewhere", () => {
  it("is told to begin again, and gets no keys that ended meanwhile", async () => {
    const [by, writer, gone] = devices();
    const connect = server.connect.bind(server);
    let puts = 0;
    // The second of them holds the keys: it never arrives, and before it is sent again there are newer ones.
    server.connect = (caller, send, close) => {
      const session = connect(caller, send, close);
      const receive: typeof session.receive = (frame) => {
        if (frame.type !== "putWraps" || caller !== by.network || ++puts !== 2) return session.receive(frame);
        by.network.online = false;
        by.network.breakConnections();
        void writer.lost.remove(deviceIdOf(gone.pocket.keyring.me));
        world.after(20_000, () => {
          by.network.online = true;
          by.syncing.nudge();
        });
      };
      return { ...session, receive };
    };
    by.network.breakConnections();
    await world.run(10_000);
    const parts = { world, server, family, disk: createMemoryDisk(world), listed: true };
    expect(await linkDevice(parts, by)).toEqual({ ended: "linkBroken" });
    expect(by.link.step()).toEqual({ step: "ended", why: "link-refused" });
    expect(by.pocket.keyring.epoch(family.pocket.space)).toBe(2);
    // Its request was answered, nothing else came, and what it waits for opens nothing.
    expect(puts).toBe(3);
  });

  it("and when it ends while the server puts the keys off, they don't come over what ends it", async () => {
    const [by] = devices();
    const connect = server.connect.bind(server);
    const puts: (readonly Uint8Array[])[] = [];
    server.connect = (caller, send, close) => {
      const session = connect(caller, send, close);
      const receive: typeof session.receive = (frame) => {
        if (frame.type === "putWraps") puts.push(frame.wraps.map(({ bytes }) => bytes));
        if (frame.type !== "putWraps" || puts.length !== 2) return session.receive(frame);
        send({ type: "refused", request: frame.request, code: "rate-limited" });
        void by.link.end();
      };
      return { ...session, receive };
    };
    by.network.breakConnections();
    await world.run(10_000);
    await linkDevice({ world, server, family, disk: createMemoryDisk(world), listed: true }, by);
    await world.run(10_000);
    const [, keys, ...after] = puts;
    expect(after).toHaveLength(2);
    expect(after[0]).toEqual(keys);
    expect(after[1]).not.toEqual(keys);
  });
});

describe("a change that never left, of a key that ends, to a document that is gone", () => {
  it.each([
    ["another device deleted", true],
    ["only the server calls deleted", false],
  ])("and that %s, is named by the owner as gone: nobody misses it", async (_, isDeleted) => {
    const [by, writer, gone] = devices();
    const { space } = family.pocket;
    const document = randomId<DocumentTag>();
    const doc = new Y.Doc();
    const type = async (text: string) => {
      const before = Y.encodeStateVector(doc);
      doc.getText("t").insert(0, text);
      const update = Y.encodeStateAsUpdate(doc, before);
      await world.until(by.write(space, document, "update", update, [...clientIdsOf(update)]));
    };
    const textOn = async (device: VaultDevice): Promise<string> => {
      const read = new Y.Doc();
      for (const update of await device.pocket.log(space).updates(document)) Y.applyUpdate(read, update);
      return read.getText("t").toString();
    };
    await type("foer");
    await world.run(5_000);
    const connect = server.connect.bind(server);
    // What the deciding device sends gets no further than this.
    server.connect = (caller, send, close) => {
      const session = connect(caller, send, close);
      if (caller !== by.network) return session;
      return { ...session, receive: (frame) => void (frame.type === "append" || session.receive(frame)) };
    };
    by.network.breakConnections();
    await world.run(5_000);
    await type("efter");
    await world.run(5_000);
    expect(await by.pocket.store.exclusive(() => by.pocket.outbox.frozen(space))).toHaveLength(1);
    by.network.online = false;
    by.network.breakConnections();
    server.connect = connect;
    if (isDeleted) await world.until(writer.remove(document));
    else server.spaces.get(space)?.deleted.add(document);
    await world.run(5_000);
    await world.until(by.lost.remove(deviceIdOf(gone.pocket.keyring.me)));
    by.network.online = true;
    by.syncing.nudge();
    await world.run(300_000);
    expect(server.spaces.get(space)?.epoch).toBe(2);
    expect(server.counts.voided).toBe(1);
    const late = await VaultDevice.create(
      { world, server, family, disk: createMemoryDisk(world) },
      family.child,
      ownKeysOf(by.pocket.keyring),
    );
    await world.run(180_000);
    for (const device of [by, writer, late]) {
      const { problem, missing, purged } = await device.pocket.log(space).state();
      expect({ problem, missing }).toEqual({ problem: null, missing: [] });
      // On the server's word alone nobody lets go of what was written.
      expect(purged.some((one) => one.document === document)).toBe(isDeleted);
      expect(await textOn(device)).toBe(isDeleted ? "" : device === by ? "efterfoer" : "foer");
    }
    late.crash();
  });
});

describe("a device that is to be taken out", () => {
  const rowOf = (device: VaultDevice) => `device/${deviceIdOf(device.pocket.keyring.me)}`;

  it.each([
    [
      "gives itself a new name",
      (device: VaultDevice) =>
        nameDevice(device.pocket, deviceIdOf(device.pocket.keyring.me), { name: "Min", kind: "phone" }),
    ],
    ["takes its row away", (device: VaultDevice) => device.pocket.shared.write([{ name: rowOf(device), json: null }])],
    [
      "says that it is gone already",
      (device: VaultDevice) =>
        device.pocket.shared.write([{ name: `gone-${rowOf(device)}`, json: JSON.stringify({ at: 1 }) }]),
    ],
  ])("that %s in the same moment is taken out all the same", async (_what, act) => {
    const [by, writer, gone] = devices();
    by.network.online = false;
    by.network.breakConnections();
    await world.run(1_000);
    await world.until(by.lost.remove(deviceIdOf(gone.pocket.keyring.me)));
    // Again and again: whichever of two writers Yjs prefers, one of these comes after.
    for (let times = 0; times < 3; times++) {
      await world.until(act(gone));
      await world.run(2_000);
    }
    by.network.online = true;
    by.syncing.nudge();
    await world.run(120_000);
    expect(server.spaces.get(family.pocket.space)?.epoch).toBe(2);
    for (const device of [by, writer]) {
      expect(device.pocket.keyring.epoch(family.pocket.space)).toBe(2);
      const ids = new Set(
        (await world.until(listDevices(device.pocket))).map(({ id, removing }) => `${id} ${removing}`),
      );
      expect(ids).toEqual(new Set([by, writer].map(({ pocket }) => `${deviceIdOf(pocket.keyring.me)} false`)));
      expect(await world.until(listIntents(device.pocket))).toEqual([]);
    }
    expect(gone.pocket.keyring.epoch(family.pocket.space)).toBe(1);
    expect(gone.isRemoved).toBe(true);
  });
});

describe("a device that stays, and whose row is taken away before the keys are made", () => {
  const putIntoSecondHistory = async (by: VaultDevice, writer: VaultDevice): Promise<void> => {
    const { store, keyring } = by.pocket;
    const log = by.pocket.log(family.pocket.space);
    const { chain } = await writer.pocket.log(log.space).state();
    await store.exclusive(async () => {
      const batch = new Batch();
      for (const row of await log.rows(keyring.me.shared)) {
        if (row.inner !== null && parseInner(row.inner).chain === chain) log.putRow(batch, { ...row, problem: "fork" });
      }
      await batch.commit(store);
    });
  };

  it.each([
    ["by the lost one", false],
    ["since its record turns out to be of a second history", true],
  ])("%s, gets them all the same", async (_how, isForked) => {
    const [by, writer, gone] = devices();
    const row = `device/${deviceIdOf(writer.pocket.keyring.me)}`;
    const { space } = family.pocket;
    by.network.online = false;
    by.network.breakConnections();
    writer.network.online = false;
    writer.network.breakConnections();
    await world.run(1_000);
    await world.until(by.lost.remove(deviceIdOf(gone.pocket.keyring.me)));
    if (isForked) {
      await world.until(putIntoSecondHistory(by, writer));
      await world.until(by.pocket.shared.readAgain());
    } else await world.until(gone.pocket.shared.write([{ name: row, json: null }]));
    await world.run(2_000);
    by.network.online = true;
    by.syncing.nudge();
    await world.run(60_000);
    expect((await world.until(by.pocket.shared.list("device/"))).map(({ name }) => name)).not.toContain(row);
    writer.network.online = true;
    writer.syncing.nudge();
    await world.run(60_000);
    expect(server.spaces.get(space)?.epoch).toBe(2);
    expect(writer.isRemoved).toBe(false);
    expect(writer.pocket.keyring.epoch(space)).toBe(2);
    expect(gone.isRemoved).toBe(true);
    expect(gone.pocket.keyring.epoch(space)).toBe(1);
  });

  it("nor does a box of the finder's, certified with the identity's key for a device that stays, get them in its place", async () => {
    const [by, writer, gone] = devices();
    const { identity, device } = writer.pocket.keyring.me;
    const certificate = certifyDevice(identity, { ...device, box: createDeviceKeys().box.publicKey });
    const rows = sharedRows<DeviceRow>(gone.pocket.shared, "device");
    const row = await world.until(rows.get(deviceIdOf(writer.pocket.keyring.me)));
    by.network.online = false;
    by.network.breakConnections();
    await world.run(1_000);
    await world.until(by.lost.remove(deviceIdOf(gone.pocket.keyring.me)));
    await world.until(gone.pocket.shared.write([rows.entry(row?.id ?? "", row && { ...row, certificate })]));
    await world.run(2_000);
    by.network.online = true;
    by.syncing.nudge();
    await world.run(60_000);
    expect(await by.pocket.shared.read(`device/${row?.id}`)).toContain(toBase64Url(certificate));
    expect(server.spaces.get(family.pocket.space)?.epoch).toBe(2);
    expect(writer.isRemoved).toBe(false);
    expect(writer.pocket.keyring.epoch(family.pocket.space)).toBe(2);
  });
});

describe("the device that took it out", () => {
  it("doesn't take itself for removed where its line breaks between the answer and its new keys", async () => {
    const [by, , gone] = devices();
    const { space } = family.pocket;
    const ask = by.syncing.ask.bind(by.syncing);
    by.syncing.ask = async (frame, ...rest) => {
      const answer = await ask(frame, ...rest);
      // Taking on the keys looks through the whole log: seconds on a phone.
      if (frame.type === "rotate" && frame.space === space) {
        void by.pocket.store.exclusive(() => world.sleep(20_000));
        by.network.breakConnections();
      }
      return answer;
    };
    await world.until(by.lost.remove(deviceIdOf(gone.pocket.keyring.me)));
    await world.run(60_000);
    expect(server.spaces.get(space)?.epoch).toBe(2);
    expect(by.pocket.keyring.epoch(space)).toBe(2);
    expect(by.isRemoved).toBe(false);
    expect(await world.until(by.lost.rekey(space, 1))).toEqual({ state: "rekeyed", epoch: 2, right: "own" });
    expect(gone.isRemoved).toBe(true);
  });

  it("is the only one that takes away who came in unseen: whom it links afterwards stays on the others", async () => {
    const [by, writer, gone] = devices();
    const lostId = deviceIdOf(gone.pocket.keyring.me);
    const setOnline = (device: VaultDevice, online: boolean): void => {
      device.network.online = online;
      if (online) device.syncing.nudge();
      else device.network.breakConnections();
    };
    setOnline(writer, false);
    await world.run(1_000);
    for (const device of [by, writer]) await world.until(device.lost.remove(lostId));
    await world.run(30_000);
    expect(by.pocket.keyring.epoch(family.pocket.space)).toBe(2);
    const pair = createDeviceKeys();
    const { row, entry } = newDeviceEntry(by.pocket, pair, { name: "Ny", kind: "phone" });
    await world.until(by.pocket.shared.write([entry]));
    await world.run(30_000);
    setOnline(writer, true);
    await world.run(120_000);
    expect(await world.until(listIntents(writer.pocket))).toEqual([]);
    for (const device of [by, writer]) {
      const ids = (await world.until(listDevices(device.pocket))).map(({ id }) => id);
      expect(ids).toContain(row.id);
      expect(ids).not.toContain(lostId);
    }
  });
});
