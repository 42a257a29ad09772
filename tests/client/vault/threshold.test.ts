import { describe, expect, it } from "vitest";
import { STORE_FORMAT, StoreError } from "../../../client/vault/ports.ts";
import { createVault } from "../../../client/vault/vault.ts";
import { CHILD, Device, PICTURES } from "./device.ts";

const WRONG = { kind: "pictures", pictures: [1, 63, 0, 17, 17, 40, 6] } as const;

async function closedPocket() {
  const device = await Device.create();
  const vault = device.start();
  const pocket = await vault.createPocket(CHILD);
  return { device, vault, pocket };
}

describe("the threshold", () => {
  it("slows down after three wrong codes, also across a restart, and destroys nothing", async () => {
    const { device, pocket } = await closedPocket();
    await expect(device.start().unlock(pocket, WRONG)).rejects.toEqual({ name: "VaultError", code: "wrong-code" });
    await expect(device.start().unlock(pocket, WRONG)).rejects.toMatchObject({ code: "wrong-code" });
    const third = device.start().unlock(pocket, WRONG);
    await expect(third).rejects.toMatchObject({ code: "wrong-code", detail: { seconds: 5 } });
    await expect(device.start().unlock(pocket, PICTURES)).rejects.toMatchObject({
      code: "slow-down",
      detail: { seconds: 5 },
    });
    device.ahead += 5_000;
    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    expect((await vault.cover()).role).toBe("child");
    expect((await device.cover()).failed).toBe(0);
  });

  it("writes nothing of the cover but the tries: what another window changes meanwhile stays, ways in too", async () => {
    const { device, vault, pocket } = await closedPocket();
    await vault.confirmCode(PICTURES);
    /** Unlocks in a window of its own, in which `meanwhile` happens elsewhere while the code is derived. */
    const unlockBeside = async (code: typeof PICTURES | typeof WRONG, meanwhile: () => Promise<unknown>) => {
      const { kdf } = device.parts;
      const derive: typeof kdf.derive = async (...args) => {
        await meanwhile();
        return kdf.derive(...args);
      };
      const window = createVault({ ...device.parts, kdf: { ...kdf, derive }, connect: device.connect });
      await window.unlock(pocket, code);
      await window.profile();
      return window;
    };
    let card: Awaited<ReturnType<typeof vault.makeCard>> = [];
    const second = await unlockBeside(PICTURES, async () => {
      card = await vault.makeCard();
      await vault.changeCover({ colour: "moss" });
    });
    await second.changeCover({ lockDelayMs: 0 });
    expect(await second.cover()).toMatchObject({ colour: "moss", lockDelayMs: 0, waysIn: ["pictures", "card"] });
    expect(await device.cover()).toMatchObject({ failed: 0, nextTryAt: 0 });

    const passphrase = "sol regn skov båd";
    const failing = unlockBeside(WRONG, () => vault.changeCode({ kind: "passphrase", passphrase }));
    await expect(failing).rejects.toMatchObject({ code: "wrong-code" });
    expect((await device.cover()).failed).toBe(1);
    await device.start().unlock(pocket, { kind: "passphrase", passphrase });
    await device.start().unlock(pocket, { kind: "card", rows: card });
    await expect(device.start().unlock(pocket, PICTURES)).rejects.toMatchObject({ code: "wrong-code" });
  });

  it("never waits longer than five minutes, whatever the clock did", async () => {
    const { device, pocket } = await closedPocket();
    await device.shelf.putCover({ ...(await device.cover()), failed: 40, nextTryAt: Date.now() + 10 ** 9 });
    await expect(device.start().unlock(pocket, PICTURES)).rejects.toMatchObject({
      code: "slow-down",
      detail: { seconds: 300 },
    });
  });

  it("shows outside what the page needs there and nothing else", async () => {
    const { device, vault } = await closedPocket();
    await vault.setName("Alma");
    const [cover] = await device.start().covers();
    const { wayIn, ...looks } = CHILD;
    expect(cover).toEqual({
      ...looks,
      id: cover?.id,
      lockDelayMs: 60_000,
      idleLockMs: 180_000,
      waysIn: [wayIn.kind],
      doorOpen: false,
      passkey: null,
    });
    expect(JSON.stringify(await device.cover())).not.toContain("Alma");
  });

  it("says that a store is of another format, and leaves it alone", async () => {
    const { device, pocket } = await closedPocket();
    const row = { ...(await device.cover()), format: STORE_FORMAT + 1 };
    device.shelf.covers = async () => [row];
    await expect(device.start().unlock(pocket, PICTURES)).rejects.toEqual({ name: "VaultError", code: "older-store" });
  });

  it("opens by a card on this device, names its wrong rows, and a new card ends the old one", async () => {
    const { device, vault, pocket } = await closedPocket();
    await vault.confirmCode(PICTURES);
    const rows = await vault.makeCard();
    expect(await vault.cardState()).toBe("made");
    expect(await vault.tryCard(rows)).toBe(true);
    expect(await vault.cardState()).toBe("tried");
    const slip = rows.map((row, at) => (at === 2 ? row.toReversed() : row));
    const slipped = device.start().unlock(pocket, { kind: "card", rows: slip });
    await expect(slipped).rejects.toEqual({ name: "VaultError", code: "card-rows", detail: { rows: [2] } });
    expect((await device.cover()).failed).toBe(0);
    await device.start().unlock(pocket, { kind: "card", rows });

    const fresh = await vault.makeCard();
    expect(await vault.tryCard(rows)).toBe(false);
    await expect(device.start().unlock(pocket, { kind: "card", rows })).rejects.toMatchObject({ code: "wrong-code" });
    await device.start().unlock(pocket, { kind: "card", rows: fresh });
  });

  it("takes a new code in the place of the old one, and keeps the card", async () => {
    const { device, vault, pocket } = await closedPocket();
    await vault.confirmCode(PICTURES);
    const rows = await vault.makeCard();
    const passphrase = "sol regn skov båd";
    await vault.changeCode({ kind: "passphrase", passphrase });
    expect((await vault.cover()).waysIn).toEqual(["passphrase", "card"]);
    await expect(device.start().unlock(pocket, PICTURES)).rejects.toMatchObject({ code: "wrong-code" });
    await device.start().unlock(pocket, { kind: "passphrase", passphrase: `  Sol regn  skov BÅD ` });
    await device.start().unlock(pocket, { kind: "card", rows });
  });

  it("adds, replaces and removes ways in without touching a row of what was written", async () => {
    const { device, vault, pocket } = await closedPocket();
    await vault.createDocument("entry");
    const written = async () => {
      const store = await device.shelf.openStore(pocket);
      const tables = ["log", "outbox", "pages", "blobs", "door"] as const;
      return (await Promise.all(tables.map((table) => store.range(table, "")))).flat();
    };
    const before = await written();
    expect(before.length).toBeGreaterThan(0);
    await vault.confirmCode(PICTURES);
    await vault.makeCard();
    await vault.confirmCode(PICTURES);
    await vault.makeCard();
    await vault.changeCode({ kind: "passphrase", passphrase: "sol regn skov båd" });
    // A card adds what is to be remembered of it; nothing that was there is sealed anew.
    expect(await written()).toEqual(expect.arrayContaining([...before]));
  });

  it("leaves no half-made pocket behind when the disk is full", async () => {
    const device = await Device.create();
    const { shelf } = device;
    const made: string[] = [];
    const openStore = shelf.openStore.bind(shelf);
    shelf.openStore = (id) => {
      made.push(id);
      return openStore(id);
    };
    shelf.putCover = async () => {
      throw new StoreError("storage-full");
    };
    await expect(device.start().createPocket(CHILD)).rejects.toEqual({ name: "VaultError", code: "storage-full" });
    expect(await shelf.covers()).toEqual([]);
    expect(await (await openStore(made[0] ?? "")).range("keyring", "")).toEqual([]);
  });

  it("refuses what can't be a code before any work", async () => {
    const { device, pocket } = await closedPocket();
    for (const pictures of [[], [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 64], [1, 2, 3, 4, 5, 6, 0.5]]) {
      const tried = device.start().unlock(pocket, { kind: "pictures", pictures });
      await expect(tried).rejects.toMatchObject({ code: "wrong-code" });
    }
    expect((await device.cover()).failed).toBe(0);
  });
});
