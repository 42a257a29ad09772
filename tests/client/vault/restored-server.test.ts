/** What a device does for a server that was restored: in which order, and with which photos. Real core, a model server. */
import { beforeAll, expect, it } from "vitest";
import { Batch } from "../../../client/vault/batch.ts";
import { createBlobKey } from "../../../crypto/blobs.ts";
import { randomId } from "../../../crypto/ids.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { BlobId, DocumentTag } from "../../../crypto/types.ts";
import { textOf, type VaultDevice } from "../../simulation/vault-device.ts";
import { join, pocket, server, useChildDevices, world } from "./child-devices.ts";

beforeAll(ready);

useChildDevices();

const go = (device: VaultDevice, online: boolean): void => {
  device.network.online = online;
  if (online) device.syncing.nudge();
  else device.network.breakConnections();
};

const say = async (device: VaultDevice, text: string): Promise<DocumentTag> => {
  const document = world.id<DocumentTag>();
  await world.until(device.write(pocket.space, document, "said", new TextEncoder().encode(text), []));
  await world.run(600);
  return document;
};

const stored = (): readonly DocumentTag[] =>
  server.spaces.get(pocket.space)?.records.map(({ document }) => document) ?? [];

it.each(["as it runs", "after a power cut"])("gets what it lost before what it never had, %s", async (how) => {
  const device = await join();
  const [first, second] = [await say(device, "1"), await say(device, "2")];
  // Signed, sent and not taken: it stands behind the others in its chain.
  server.faults.full = true;
  const third = await say(device, "3");
  expect(stored()).toEqual([first, second]);
  go(device, false);
  server.restore();
  server.faults.full = false;
  const order: DocumentTag[] = [];
  const connect = server.connect.bind(server);
  server.connect = (caller, send, close) => {
    const door = connect(caller, send, close);
    const receive: typeof door.receive = (frame) => {
      if (frame.type === "append") order.push(frame.record.document);
      door.receive(frame);
    };
    return { ...door, receive };
  };
  if (how === "after a power cut") {
    device.crash();
    await world.until(device.boot());
  }
  go(device, true);
  await world.run(60_000);
  expect(order).toEqual([first, second, third]);
});

it("is offered the photos again by a device that has nothing to say", async () => {
  const [first, second] = [await join(), await join()];
  const place = { space: pocket.space, document: randomId<DocumentTag>(), blob: randomId<BlobId>() };
  await world.until(
    first.pocket.store.exclusive(async () => {
      const batch = new Batch();
      first.pocket.blobs.put(batch, place, createBlobKey(), new Uint8Array(2_000));
      const added = { document: place.document, kind: "said", payload: new Uint8Array([1]), clientIds: [] } as const;
      await first.pocket.log(pocket.space).addPending(batch, { ...added, blobs: [place.blob] }, world.now);
      await batch.commit(first.pocket.store);
    }),
  );
  first.syncing.changed(pocket.space, "now");
  await world.run(10_000);
  const has = () => server.spaces.get(pocket.space)?.blobs.has(place.blob);
  expect([has(), stored()]).toEqual([true, [place.document]]);
  go(first, false);
  server.restore();
  // Another device, which never had the photo, brings the words back.
  await world.run(60_000);
  expect([has(), stored()]).toEqual([false, [place.document]]);
  expect(second.syncing.state().unsent).toBe(0);
  go(first, true);
  await world.run(60_000);
  expect([has(), first.syncing.state().unsent]).toEqual([true, 0]);
});

it("gets what it lost also where it doesn't say so, and others have written on since", async () => {
  const [first, second] = [await join(), await join()];
  server.backUp();
  go(second, false);
  const mine = await say(first, "1");
  go(first, false);
  server.rollBack();
  go(second, true);
  await world.run(5_000);
  const theirs = [await say(second, "2"), await say(second, "3")];
  expect(stored()).toEqual(theirs);
  go(first, true);
  await world.run(60_000);
  expect(new Set(stored())).toEqual(new Set([mine, ...theirs]));
  for (const device of [first, second]) {
    const texts = (await world.until(device.said(pocket.space))).flatMap((row) => textOf(row) ?? []);
    expect(texts.toSorted()).toEqual(["1", "2", "3"]);
  }
});
