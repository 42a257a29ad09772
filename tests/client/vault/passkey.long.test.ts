/** A passkey as a way in: with four pictures for a child, alone only for staff, and renewed without anybody there. */
import { describe, expect, it } from "vitest";
import { createAlone } from "../../../client/vault/alone.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { renewVault } from "../../../client/vault/renewal.ts";
import type { WayIn } from "../../../crypto/types.ts";
import { CHILD, Device, PICTURES } from "./device.ts";

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const FOUR = [3, 60, 22, 9];
const OUTPUT = bytes(32, 5);
const PASSKEY = { credential: bytes(20, 1), salt: bytes(32, 2), output: OUTPUT, pictures: FOUR };
const GIVEN = { kind: "prf", output: OUTPUT, pictures: FOUR } as const;
const WORDS = { kind: "passphrase", passphrase: "sol regn skov båd" } as const;

async function makeDevice(role: "child" | "caseworker" | "carer" = "child") {
  const device = await Device.create();
  const opened: Pocket[] = [];
  device.connect = async (pocket) => {
    opened.push(pocket);
    return createAlone(pocket);
  };
  const vault = device.start();
  const id = await vault.createPocket({ ...CHILD, role });
  return { device, vault, id, opened };
}

describe("a passkey", () => {
  it("opens with its four pictures, beside the code, and the cover says how to ask it", async () => {
    const { device, vault, id } = await makeDevice();
    await expect(vault.addPasskey(PASSKEY)).rejects.toMatchObject({ code: "code-needed" });
    expect((await vault.cover()).passkey).toBeNull();
    await vault.confirmCode(PICTURES);
    await vault.addPasskey(PASSKEY);
    const [cover] = await device.start().covers();
    expect(cover).toMatchObject({
      waysIn: ["pictures", "prf"],
      passkey: { credential: PASSKEY.credential, salt: PASSKEY.salt, pictures: 4 },
    });
    for (const code of [GIVEN, PICTURES]) {
      const later = device.start();
      await later.unlock(id, code);
      await later.confirmCode(GIVEN);
    }
    // Neither its secret nor the pictures lie anywhere on the disk.
    expect(JSON.stringify(await device.cover())).not.toContain(JSON.stringify([...OUTPUT]).slice(1, -1));
  });

  it("opens nothing alone, with other pictures, or with another passkey; each counts as a wrong code", async () => {
    const { device, vault, id } = await makeDevice();
    await vault.confirmCode(PICTURES);
    await vault.addPasskey(PASSKEY);
    const wrong = [
      { ...GIVEN, pictures: [] },
      { ...GIVEN, pictures: [3, 60, 22, 8] },
      { ...GIVEN, output: bytes(32, 6) },
      { ...GIVEN, output: bytes(31, 5) },
    ];
    for (const code of wrong) {
      device.ahead += 600_000;
      await expect(device.start().unlock(id, code)).rejects.toMatchObject({ code: "wrong-code" });
    }
    expect((await device.cover()).failed).toBe(wrong.length);
    device.ahead += 600_000;
    await device.start().unlock(id, GIVEN);
  });

  it("is never alone for a child or a carer, and may be for a caseworker", async () => {
    const alone = { ...PASSKEY, pictures: [] };
    for (const role of ["child", "carer"] as const) {
      const { vault } = await makeDevice(role);
      await vault.confirmCode(PICTURES);
      await expect(vault.addPasskey(alone)).rejects.toMatchObject({ code: "not-allowed" });
      for (const pictures of [[3], [3, 60, 22], [3, 60, 22, 64]]) {
        await expect(vault.addPasskey({ ...PASSKEY, pictures })).rejects.toMatchObject({ name: "VaultError" });
      }
      expect((await vault.cover()).waysIn).toEqual(["pictures"]);
    }
    const { device, vault, id } = await makeDevice("caseworker");
    await vault.confirmCode(PICTURES);
    await vault.addPasskey(alone);
    expect((await vault.cover()).passkey?.pictures).toBe(0);
    await device.start().unlock(id, { ...GIVEN, pictures: [] });
    await expect(device.start().unlock(id, GIVEN)).rejects.toMatchObject({ code: "wrong-code" });
  });

  it("is taken away, replaced, and ends with the code it stood beside", async () => {
    const { device, vault, id } = await makeDevice();
    await vault.confirmCode(PICTURES);
    await vault.addPasskey(PASSKEY);
    await vault.addPasskey({ ...PASSKEY, output: bytes(32, 9) });
    expect((await vault.cover()).waysIn).toEqual(["pictures", "prf"]);
    await expect(device.start().unlock(id, GIVEN)).rejects.toMatchObject({ code: "wrong-code" });
    await vault.removePasskey();
    expect(await vault.cover()).toMatchObject({ waysIn: ["pictures"], passkey: null });
    await vault.addPasskey(PASSKEY);
    await vault.changeCode(WORDS);
    expect(await vault.cover()).toMatchObject({ waysIn: ["passphrase"], passkey: null });
    await expect(vault.changeCode(GIVEN)).rejects.toMatchObject({ code: "not-allowed" });
  });

  it("opens a renewed pocket without having been there", async () => {
    const { device, vault, id, opened } = await makeDevice();
    await vault.confirmCode(PICTURES);
    await vault.addPasskey(PASSKEY);
    const [pocket] = opened as [Pocket];
    const before = pocket.vaultKey;
    await pocket.ways(() => renewVault(pocket, pocket.row.waysIn as readonly WayIn[]));
    expect(pocket.vaultKey).not.toEqual(before);
    await device.start().unlock(id, GIVEN);
    expect((await device.cover()).passkey).toMatchObject({ salt: PASSKEY.salt });
  });
});
