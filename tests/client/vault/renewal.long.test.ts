/** A renewal of the vault key that waits for room, and what is changed about the ways in meanwhile. */
import { describe, expect, it } from "vitest";
import { addPasskey, removePasskey } from "../../../client/vault/passkey.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { continueRenewal, renewVault } from "../../../client/vault/renewal.ts";
import type { WayIn } from "../../../crypto/types.ts";
import { parseWayIn } from "../../../crypto/ways-in.ts";
import { PICTURES } from "./device.ts";
import { codesOf, makeDevice } from "./renewing.ts";

describe("renewing the vault key", () => {
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
});
