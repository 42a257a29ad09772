/** What lies on the server under a card's tag, when requests are late and others come in between: real core and crypto. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeCard, noteCardEnded, readCardRow } from "../../../client/vault/card.ts";
import { putCardBack, putOverLaid, sendCardWrap, writeCardWait } from "../../../client/vault/card-wrap.ts";
import { deviceIdOf } from "../../../client/vault/devices.ts";
import { decodeOwnKeys } from "../../../client/vault/own-keys.ts";
import { deriveCardKeys, picturesToCard } from "../../../crypto/card.ts";
import { openWrap, RECOVERY_CONTEXT, recoveryTag } from "../../../crypto/recipients.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { Wrap } from "../../../crypto/types.ts";
import type { ClientFrame } from "../../../protocol/frames.ts";
import { createMemoryDisk } from "../../simulation/disk.ts";
import { MemoryServer } from "../../simulation/memory-server.ts";
import { VaultDevice } from "../../simulation/vault-device.ts";
import { createFamily, type Family } from "../../simulation/vault-people.ts";
import { World } from "../../simulation/world.ts";
import { someCover } from "../storage/storage-acceptance.ts";

beforeAll(ready);

let world: World;
let server: MemoryServer;
let family: Family;
let card: ReturnType<typeof deriveCardKeys>;
let devices: readonly [VaultDevice, VaultDevice, VaultDevice];
/** What the server, or the net, makes of a device's `putWraps`. */
let onWraps: (caller: object) => "taken" | "refused" | "lost";
const sent: Extract<ClientFrame, { readonly type: "putWraps" }>[] = [];

beforeEach(async () => {
  world = new World(1);
  server = new MemoryServer(world);
  server.checkProof = () => true;
  onWraps = () => "taken";
  sent.length = 0;
  const connect = server.connect.bind(server);
  server.connect = (caller, send, close) => {
    const session = connect(caller, send, close);
    const receive: typeof session.receive = (frame) => {
      if (frame.type === "putWraps") sent.push(frame);
      const what = frame.type === "putWraps" ? onWraps(caller) : "taken";
      if (what === "taken") session.receive(frame);
      if (what === "refused" && "request" in frame)
        send({ type: "refused", request: frame.request, code: "rate-limited" });
    };
    return { ...session, receive };
  };
  family = createFamily();
  for (const { space } of [family.pocket, family.circle, family.mailbox]) server.createSpace(space);
  const make = async () => {
    const disk = createMemoryDisk(world);
    await world.until(disk.shelf.putCover(someCover("a", { waysIn: [] })));
    const device = await VaultDevice.create({ world, server, family, disk, listed: true }, family.child);
    await world.run(3_000);
    return device;
  };
  devices = [await make(), await make(), await make()];
  const read = picturesToCard(await world.until(makeCard(devices[0].pocket)));
  if (!("secret" in read)) throw new Error("no card");
  card = deriveCardKeys(read.secret);
  await world.until(sendCardWrap(devices[0].pocket, devices[0].syncing));
  await world.run(10_000);
});

afterEach(() => {
  for (const device of devices) device.crash();
});

/** How many epochs whoever finds the card gets; null where it opens nothing. */
function epochsByCard(): number | null {
  const wrap = server.wraps.get(recoveryTag(card.wrapSecret));
  try {
    return decodeOwnKeys(openWrap(wrap as Wrap, card.box.seed, RECOVERY_CONTEXT)).pocket.epochs.length;
  } catch {
    return null;
  }
}

const back = ({ pocket, syncing }: VaultDevice) => putCardBack(pocket, syncing, server.incarnation);
const anew = async ({ pocket, syncing }: VaultDevice) => {
  await writeCardWait(pocket, 72);
  await sendCardWrap(pocket, syncing);
};

describe("the card's wrap", () => {
  it.each([
    ["after a restore", back],
    ["since its waiting time changed", anew],
  ])("is the one with the newest keys, also where older ones were asked for before %s", async (_, ask) => {
    const [by, late, gone] = devices;
    expect(epochsByCard()).toBe(1);
    // It never arrives, and the line breaks.
    onWraps = (caller) => (caller === late.network ? "lost" : "taken");
    const asked = ask(late);
    await world.run(1_000);
    expect(sent).toHaveLength(2);
    late.network.online = false;
    late.network.breakConnections();
    onWraps = () => "taken";
    await world.until(by.lost.remove(deviceIdOf(gone.pocket.keyring.me)));
    await world.run(10_000);
    expect(epochsByCard()).toBe(2);
    late.network.online = true;
    late.syncing.nudge();
    await world.until(asked);
    expect(epochsByCard()).toBe(2);
    expect(sent).toHaveLength(3);
  });

  it.each([
    ["after a restore", back],
    ["since its waiting time changed", anew],
  ])("opens nothing once the card has ended, also where it was put off %s", async (_, ask) => {
    const [by] = devices;
    let refusals = 1;
    onWraps = () => (refusals-- > 0 ? "refused" : "taken");
    const asked = ask(by);
    await world.run(200);
    expect(refusals).toBe(0);
    // As a wait is stopped (waits.ts).
    await world.until(noteCardEnded(by.pocket, recoveryTag(card.wrapSecret)));
    await world.until(sendCardWrap(by.pocket, by.syncing));
    await world.until(asked);
    await world.run(20_000);
    expect(epochsByCard()).toBeNull();
    expect(await readCardRow(by.pocket)).toBeNull();
  });

  it("opens nothing either where another device laid it again after the card had ended", async () => {
    const [by, late] = devices;
    late.pocket.shared.onArrival(() => void putOverLaid(late.pocket, late.syncing));
    let refusals = 1;
    onWraps = (caller) => (caller === late.network && refusals-- > 0 ? "refused" : "taken");
    const asked = back(late);
    await world.run(200);
    by.network.breakConnections();
    await world.until(noteCardEnded(by.pocket, recoveryTag(card.wrapSecret)));
    await world.until(sendCardWrap(by.pocket, by.syncing));
    await world.until(asked);
    await world.run(30_000);
    expect(epochsByCard()).toBeNull();
    // And that is all: nothing is laid there for ever.
    const before = sent.length;
    await world.until(late.pocket.shared.write([{ name: "later", json: "1" }]));
    await world.run(30_000);
    expect(sent.length).toBe(before);
  });

  it("has the waiting time that was chosen last", async () => {
    const [by] = devices;
    let refusals = 1;
    onWraps = () => (refusals-- > 0 ? "refused" : "taken");
    await world.until(writeCardWait(by.pocket, 1));
    const first = sendCardWrap(by.pocket, by.syncing);
    await world.run(200);
    await world.until(anew(by));
    await world.until(first);
    await world.run(20_000);
    expect(sent.at(-1)?.wraps.map(({ waitSeconds }) => waitSeconds)).toEqual([72 * 3600]);
    expect(await readCardRow(by.pocket)).toMatchObject({ onServer: true, sentWaitHours: 72 });
  });
});
