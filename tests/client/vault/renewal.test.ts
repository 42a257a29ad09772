import { describe, expect, it } from "vitest";
import { appendText } from "../../../client/documents/entry.ts";
import { plainToRichText } from "../../../client/documents/rich-text.ts";
import { changeCode } from "../../../client/vault/codes.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { continueRenewal, renewVault } from "../../../client/vault/renewal.ts";
import { PICTURES } from "./device.ts";
import { codesOf, makeDevice } from "./renewing.ts";

const NEW_PICTURES = { kind: "pictures", pictures: [2, 4, 6, 8, 10, 12, 14] } as const;

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
