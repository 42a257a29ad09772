/** A pocket whose vault key is renewed on a disk that stops working wherever a test says. */
import { appendText } from "../../../client/documents/entry.ts";
import { plainToRichText } from "../../../client/documents/rich-text.ts";
import { createAlone } from "../../../client/vault/alone.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import type { Burn, WayIn } from "../../../crypto/types.ts";
import { parseWayIn } from "../../../crypto/ways-in.ts";
import { CHILD, Device, PICTURES } from "./device.ts";

export const codesOf = (pocket: Pocket) =>
  (pocket.row.waysIn as readonly WayIn[]).filter((way) => parseWayIn(way).kind !== "card");

/** A device with one entry and a card, whose disk works for `steps` more durable steps once `failing` is set. */
export async function makeDevice() {
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
