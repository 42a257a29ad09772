/** The code asked for again while the pocket is open: what needs it, how long it counts, and that wrong ones slow down. */
import { describe, expect, it } from "vitest";
import type { PersonId } from "../../../client/vault/api.ts";
import { CODE_COUNTS_MS } from "../../../client/vault/code-again.ts";
import { CHILD, Device, PICTURES } from "./device.ts";

const WRONG = { kind: "pictures", pictures: [1, 63, 0, 17, 17, 40, 6] } as const;
const WORDS = { kind: "passphrase", passphrase: "sol regn skov båd" } as const;
const SOMEBODY = "00".repeat(16) as PersonId;

async function open() {
  const device = await Device.create();
  const vault = device.start();
  const pocket = await vault.createPocket(CHILD);
  const document = await vault.createDocument("entry");
  const options = { notSafeForParents: false, withMoods: false, photos: [] };
  return { device, vault, pocket, show: () => vault.show(document, SOMEBODY, options) };
}

const needed = { name: "VaultError", code: "code-needed" };

describe("the code again", () => {
  it("is needed for showing, for a new card and for a new code, however freshly the pocket was opened", async () => {
    const { device, pocket, show, vault } = await open();
    for (const call of [show, () => vault.makeCard(), () => vault.changeCode(WORDS)])
      await expect(call()).rejects.toEqual(needed);
    await expect(vault.sameAgain(SOMEBODY, SOMEBODY)).rejects.toEqual(needed);
    const reopened = device.start();
    await reopened.unlock(pocket, PICTURES);
    await expect(reopened.makeCard()).rejects.toEqual(needed);
    expect((await device.cover()).waysIn).toHaveLength(1);
  });

  it("counts for five minutes, and not at all when the clock was set back", async () => {
    const { device, vault, show } = await open();
    await vault.confirmCode(PICTURES);
    // Past the question: this pocket has no server, so showing ends there.
    await expect(show()).rejects.toMatchObject({ code: "offline" });
    device.ahead += CODE_COUNTS_MS + 1000;
    await expect(show()).rejects.toEqual(needed);
    await vault.confirmCode(PICTURES);
    device.ahead -= 60_000;
    await expect(show()).rejects.toEqual(needed);
  });

  it("slows down with the locked side, survives a restart, and a right one ends it", async () => {
    const { device, vault, pocket } = await open();
    await expect(vault.confirmCode(WRONG)).rejects.toEqual({ name: "VaultError", code: "wrong-code" });
    await expect(vault.confirmCode(WORDS)).rejects.toMatchObject({ code: "wrong-code" });
    const third = vault.confirmCode(WRONG);
    await expect(third).rejects.toMatchObject({ code: "wrong-code", detail: { seconds: 5 } });
    await expect(vault.makeCard()).rejects.toEqual(needed);
    await expect(vault.confirmCode(PICTURES)).rejects.toMatchObject({ code: "slow-down", detail: { seconds: 5 } });
    await expect(device.start().unlock(pocket, PICTURES)).rejects.toMatchObject({ code: "slow-down" });
    device.ahead += 5_000;
    await vault.confirmCode(PICTURES);
    expect((await device.cover()).failed).toBe(0);
    await vault.makeCard();
  });

  it("may be made anew by whoever opened with the card, and shows nothing before", async () => {
    const { device, pocket, vault } = await open();
    await vault.confirmCode(PICTURES);
    const rows = await vault.makeCard();
    const byCard = device.start();
    await byCard.unlock(pocket, { kind: "card", rows });
    await expect(byCard.makeCard()).rejects.toEqual(needed);
    await byCard.changeCode(WORDS);
    await expect(device.start().unlock(pocket, PICTURES)).rejects.toMatchObject({ code: "wrong-code" });
    await byCard.confirmCode(WORDS);
    await byCard.makeCard();
  });
});
