/** Several devices of one pocket: the list, adding one, and waits of the card that are running. */
import { signal } from "@preact/signals";
import type { Device, LinkOffer, LinkStep, Wait } from "../vault/api.ts";
import { type Code, refusalOf } from "./code-again.ts";
import { createLiveList } from "./live-list.ts";
import type { Refusal } from "./session.ts";
import type { CardWaitHours } from "./types.ts";
import { onVaultEvent, vault } from "./vault.ts";

export const devices = createLiveList<readonly Device[]>((from) => from.devices(), ["devices"]);
/** Four pictures, the same on every device that holds the same; null while something is missing here. */
export const devicesSign = createLiveList<readonly number[] | null>((from) => from.devicesSign(), ["devices"]);
export const waits = createLiveList<readonly Wait[]>((from) => from.waits(), ["waits"]);

/** Where a linking stands on this side; null when none is under way. */
export const linkStep = signal<LinkStep | null>(null);
onVaultEvent((event) => {
  if (event.type === "link") linkStep.value = event.step;
});

/** Said after comparing the seven pictures, on either side. @throws VaultError not-allowed */
export const confirmLink = (same: boolean): Promise<void> => vault().confirmLink(same);

/** Ends a linking that is under way; its code opens nothing any more. Never throws. */
export async function endLink(): Promise<void> {
  linkStep.value = null;
  await vault()
    .endLink()
    .catch(() => undefined);
}

/** A code for one new device. */
export async function offerLink(code: Code): Promise<LinkOffer | Refusal> {
  let offer: LinkOffer | null = null;
  const refused = await refusalOf(async () => {
    offer = await vault().offerLink(code);
  });
  return refused ?? (offer as unknown as LinkOffer);
}

/** New keys for everything a lost one knew; without net it is kept in mind until there is. */
export const removeDevice = (id: Device["id"], code: Code): Promise<Refusal | null> =>
  refusalOf(async () => {
    await vault().removeDevice(id, code);
    await devices.refresh();
  });

export const stopWait = (id: string, code: Code): Promise<Refusal | null> =>
  refusalOf(async () => {
    await vault().stopWait(id, code);
    await waits.refresh();
  });

export const readCardWait = (): Promise<CardWaitHours> => vault().cardWait();
export const readCardReach = () => vault().cardReach();

export const setCardWait = (hours: CardWaitHours, code: Code): Promise<Refusal | null> =>
  refusalOf(() => vault().setCardWait(hours, code));
