import { describe, expect, it } from "vitest";
import { createAlone } from "../../../client/vault/alone.ts";
import { Keyring } from "../../../client/vault/keyring.ts";
import { renewMediaRoot } from "../../../client/vault/media-keys.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { CHILD, Device } from "./device.ts";

describe("the row of the person", () => {
  it("keeps a new name and a new media root that are written at the same time, whichever comes first", async () => {
    const device = await Device.create({ pause: () => new Promise((resolve) => setTimeout(resolve, 2)) });
    const opened: Pocket[] = [];
    device.connect = async (pocket) => {
      opened.push(pocket);
      return createAlone(pocket);
    };
    await device.start().createPocket(CHILD);
    const [pocket] = opened as [Pocket];
    const { keyring } = pocket;
    for (const [name, first] of [
      ["Alma", "name"],
      ["Bo", "root"],
    ] as const) {
      const before = keyring.me.mediaRoot;
      const naming = () => keyring.setName(name);
      const renewing = () => renewMediaRoot(pocket);
      await Promise.all(first === "name" ? [naming(), renewing()] : [renewing(), naming()]);
      expect(keyring.me.name).toBe(name);
      expect(keyring.me.mediaRoot).not.toEqual(before);
      expect((await Keyring.open(pocket.store))?.me).toEqual(keyring.me);
    }
    await pocket.close();
  });
});
