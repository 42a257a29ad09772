import { describe, expect, it } from "vitest";
import { appendText } from "../../../client/documents/entry.ts";
import { plainToRichText } from "../../../client/documents/rich-text.ts";
import { createAlone } from "../../../client/vault/alone.ts";
import { changeCode } from "../../../client/vault/codes.ts";
import { addPasskey, removePasskey } from "../../../client/vault/passkey.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { continueRenewal, renewVault } from "../../../client/vault/renewal.ts";
import type { Burn, WayIn } from "../../../crypto/types.ts";
import { parseWayIn } from "../../../crypto/ways-in.ts";
import { CHILD, Device, PICTURES } from "./device.ts";

const NEW_PICTURES = { kind: "pictures", pictures: [2, 4, 6, 8, 10, 12, 14] } as const;

const codesOf = (pocket: Pocket) =>
  (pocket.row.waysIn as readonly WayIn[]).filter((way) => parseWayIn(way).kind !== "card");

/** A device with one entry and a card, whose disk works for `steps` more durable steps once `failing` is set. */
async function makeDevice() {
  const disk: { failing: boolean; steps: number } = { failing: false, steps: 0 };
  const step = (): void => {
    if (disk.failing && disk.steps-- <= 0) throw new Error("killed");
  };
  const device = await Device.create({ pause: async () => step() });
  const putCover = device.shelf.putCover.bind(device.shelf);
  device.shelf.putCover = async (row) => {
    step();
    await putCover(row);
  };
  const opened: Pocket[] = [];
  device.connect = async (pocket) => {
    opened.push(pocket);
    return createAlone(pocket);
  };
  /** Writes half of the file, then the other half: each may be the last thing that happens. */
  device.writeBurn = async (id, burn) => {
    step();
    const old = device.burns.get(id)?.at(-1);
    device.burns.set(
      id,
      [old, burn].filter((one): one is Burn => one !== undefined),
    );
    step();
    device.burns.set(id, [burn]);
  };
  const vault = device.start();
  const id = await vault.createPocket(CHILD);
  await vault.confirmCode(PICTURES);
  const card = await vault.makeCard();
  const document = await vault.createDocument("entry");
  const [pocket] = opened as [Pocket];
  await pocket.documents.edit(pocket.keyring.me.pocket, document, (doc) => {
    appendText(doc, plainToRichText("Mormor lavede pandekager"));
  });
  return { device, disk, id, card, pocket, opened, vault };
}

describe("renewing the vault key", () => {
  it("leaves the code in and what was left out outside, with everything readable", async () => {
    const { device, id, card, pocket } = await makeDevice();
    const before = pocket.vaultKey;
    const stale = { row: pocket.row, burns: device.burns.get(id) };
    await renewVault(pocket, codesOf(pocket));
    expect(pocket.vaultKey).not.toEqual(before);
    expect(pocket.store.before).toBeNull();

    const later = device.start();
    await expect(later.unlock(id, { kind: "card", rows: card })).rejects.toMatchObject({ code: "wrong-code" });
    await later.unlock(id, PICTURES);
    expect(await later.timeline("entry")).toMatchObject([{ excerpt: "Mormor lavede pandekager" }]);
    // Who kept the ways in and the bytes of Burn of before gets a key that opens no row any more.
    await device.shelf.putCover(stale.row);
    device.burns.set(id, stale.burns ?? []);
    await expect(device.start().unlock(id, { kind: "card", rows: card })).rejects.toMatchObject({
      code: "store-unreadable",
    });
  });

  it("may be killed at every step: the code opens, nothing is lost, and it is done to its end", async () => {
    let steps = 0;
    for (let killed = true; killed; steps++) {
      const { device, disk, id, card, pocket, opened } = await makeDevice();
      Object.assign(disk, { failing: true, steps });
      killed = await renewVault(pocket, codesOf(pocket)).then(
        () => false,
        () => true,
      );
      disk.failing = false;
      device.shelf.crash();
      for (const again of [1, 2]) {
        const vault = device.start();
        await vault.unlock(id, PICTURES);
        const now = opened.at(-1) as Pocket;
        expect(await vault.timeline("entry"), `killed after ${steps} steps, start ${again}`).toMatchObject([
          { excerpt: expect.stringContaining("Mormor lavede pandekager") },
        ]);
        await now.documents.edit(now.keyring.me.pocket, (await vault.timeline("entry"))[0]!.document, (doc) => {
          appendText(doc, plainToRichText(`Linje ${again}`));
        });
        await continueRenewal(now);
        device.shelf.crash();
      }
      const last = device.start();
      await last.unlock(id, PICTURES);
      const [entry] = await last.timeline("entry");
      const now = opened.at(-1) as Pocket;
      expect(now.store.before).toBeNull();
      expect(entry?.excerpt).toContain("Linje 2");
      expect((await now.store.listTable("keyring")).length).toBeGreaterThan(2);
      if (now.row.waysIn.length === 1) {
        device.shelf.crash();
        const found = device.start().unlock(id, { kind: "card", rows: card });
        await expect(found).rejects.toMatchObject({ code: "wrong-code" });
      }
    }
    expect(steps).toBeGreaterThan(8);
  });

  it("may be refused at every step: a code that is changed before it goes on stays, and the one before opens nothing", async () => {
    let steps = 0;
    for (let refused = true; refused; steps++) {
      const { device, disk, id, card, pocket, opened } = await makeDevice();
      Object.assign(disk, { failing: true, steps });
      refused = await pocket
        .ways(() => renewVault(pocket, codesOf(pocket)))
        .then(
          () => false,
          () => true,
        );
      disk.failing = false;
      await changeCode(pocket, device.parts.kdf, NEW_PICTURES);
      device.shelf.crash();
      for (const again of [1, 2]) {
        const vault = device.start();
        await vault.unlock(id, NEW_PICTURES);
        const now = opened.at(-1) as Pocket;
        expect(await vault.timeline("entry"), `refused after ${steps} steps, start ${again}`).toMatchObject([
          { excerpt: "Mormor lavede pandekager" },
        ]);
        await now.ways(() => continueRenewal(now));
        expect(codesOf(now)).toHaveLength(1);
        device.shelf.crash();
      }
      const now = opened.at(-1) as Pocket;
      expect(now.store.before).toBeNull();
      await expect(device.start().unlock(id, PICTURES)).rejects.toMatchObject({ code: "wrong-code" });
      if (now.row.waysIn.length > 1) await device.start().unlock(id, { kind: "card", rows: card });
    }
    expect(steps).toBeGreaterThan(8);
  });

  it("waits for room with the ways in as they are made meanwhile: a passkey, a second code", async () => {
    const { device, disk, id, pocket, opened, vault } = await makeDevice();
    await vault.confirmCode(PICTURES);
    await vault.setSideCode({ kind: "pictures", pictures: [9, 9, 9, 9, 9, 9, 9] });
    // As far as the rows, of which none is sealed anew.
    Object.assign(disk, { failing: true, steps: 5 });
    await expect(pocket.ways(() => renewVault(pocket, codesOf(pocket)))).rejects.toThrow("killed");
    disk.failing = false;
    const { kdf } = device.parts;
    const prf = { output: new Uint8Array(32).fill(5), pictures: [1, 2, 3, 4] };
    await addPasskey(pocket, kdf, { credential: Uint8Array.of(1), salt: new Uint8Array(32), ...prf });
    const second = { kind: "pictures", pictures: [8, 8, 8, 8, 8, 8, 8] } as const;
    await vault.setSideCode(second);
    const before = await device.cover();
    device.shelf.crash();

    await device.start().unlock(id, PICTURES);
    const now = opened.at(-1) as Pocket;
    await now.ways(() => continueRenewal(now));
    expect(now.store.before).toBeNull();
    expect((await device.cover()).waysIn).toEqual(before.waysIn);
    expect((await device.cover()).side).toEqual(before.side);
    device.shelf.crash();
    await device.start().unlock(id, { kind: "prf", ...prf });
    device.shelf.crash();
    await device.startEarly().unlock(id, second);

    // Taken away while it waits, it stays away.
    device.shelf.crash();
    await device.start().unlock(id, PICTURES);
    const later = opened.at(-1) as Pocket;
    Object.assign(disk, { failing: true, steps: 5 });
    await expect(later.ways(() => renewVault(later, codesOf(later)))).rejects.toThrow("killed");
    disk.failing = false;
    await removePasskey(later);
    device.shelf.crash();
    await device.start().unlock(id, PICTURES);
    const last = opened.at(-1) as Pocket;
    await last.ways(() => continueRenewal(last));
    expect((await device.cover()).waysIn.map((way) => parseWayIn(way as WayIn).kind)).toEqual(["pictures"]);
  });

  it("ends with the pocket: a window that takes over finds no renewal going on beside it", async () => {
    const { device, id, pocket } = await makeDevice();
    let written = false;
    const { writeBurn } = device;
    device.writeBurn = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await writeBurn(...args);
      written = true;
    };
    const renewing = pocket.ways(() => renewVault(pocket, codesOf(pocket))).catch((error: unknown) => error);
    await pocket.close();
    // What was begun was brought to a point from which either key opens everything.
    expect(written).toBe(true);
    expect(await renewing).toMatchObject({ code: "store-closed" });
    const vault = device.start();
    await vault.unlock(id, PICTURES);
    expect(await vault.timeline("entry")).toMatchObject([{ excerpt: "Mormor lavede pandekager" }]);
  });
});
