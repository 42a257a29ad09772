/** Makes a pocket the way a person does (createPocket, with its code) and fills it with a life. */
import { createAlone } from "../../client/vault/alone.ts";
import type { NewPocket, PocketId } from "../../client/vault/api.ts";
import type { DrawnPicture } from "../../client/vault/picture.ts";
import type { Pocket } from "../../client/vault/pocket.ts";
import { createVault, type VaultDeps } from "../../client/vault/vault.ts";
import { type Filled, fillPocket } from "./fill.ts";
import type { LifeOptions } from "./life.ts";

export interface Made extends Filled {
  readonly pocket: PocketId;
}

/** @param draw the picture of a scene: a real JPEG and its thumbnail */
export async function makeRealisticPocket(
  deps: Omit<VaultDeps, "connect">,
  wanted: NewPocket,
  life: LifeOptions,
  draw: (scene: number) => Promise<DrawnPicture>,
): Promise<Made> {
  const opened: Pocket[] = [];
  const vault = createVault({
    ...deps,
    connect: async (pocket) => {
      opened.push(pocket);
      return createAlone(pocket);
    },
  });
  const id = await vault.createPocket(wanted);
  const [pocket] = opened;
  if (pocket === undefined) throw new Error("no pocket was opened");
  const filled = await fillPocket(pocket, { ...life, draw });
  await pocket.close();
  return { ...filled, pocket: id };
}
