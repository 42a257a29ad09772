/** Several devices, the card's waits and linking, as the page asks for them from inside (api-devices.ts). */
import type { DevicesInside } from "./api-devices.ts";
import { isRenewed, readCardRow } from "./card.ts";
import { readCardWait, writeCardWait } from "./card-wrap.ts";
import { checkCode } from "./code-again.ts";
import type { Kdf } from "./codes.ts";
import { deviceIdOf, nameDevice } from "./devices.ts";
import { VaultFailure } from "./failure.ts";
import { readSign, signPictures, signsOfDevices } from "./holding.ts";
import { listDevices } from "./intents.ts";
import type { LostDevices } from "./lost-device.ts";
import type { OfferLink } from "./offer-link.ts";
import type { Pocket } from "./pocket.ts";
import type { Waits } from "./waits.ts";

export interface BeyondDevices {
  readonly link: OfferLink;
  readonly waits: Waits;
  readonly lost: Pick<LostDevices, "remove">;
  /** The card, or its waiting time, is another one: its wrap goes to the server. */
  cardChanged(): Promise<void>;
}

export function createDevicesInside(pocket: Pocket, beyond: BeyondDevices | null, kdf: Kdf): DevicesInside {
  const need = (): BeyondDevices => {
    if (beyond === null) throw new VaultFailure("offline");
    return beyond;
  };
  return {
    devices: async () => {
      const [sign, signs] = [await readSign(pocket), await signsOfDevices(pocket)];
      return listDevices(pocket, (id) => sign !== null && signs.get(id) === sign);
    },
    devicesSign: async () => {
      const sign = await readSign(pocket);
      return sign === null ? null : signPictures(sign);
    },
    nameDevice: async (device, about) => {
      await nameDevice(pocket, device, about);
      pocket.emit({ type: "changed", what: "devices" });
    },
    removeDevice: async (device, code) => {
      if (device === deviceIdOf(pocket.keyring.me)) throw new VaultFailure("not-allowed");
      await checkCode(pocket, kdf, code);
      await need().lost.remove(device);
    },
    offerLink: async (code) => {
      const { link } = need();
      await checkCode(pocket, kdf, code);
      return link.offer();
    },
    waits: async () => beyond?.waits.list() ?? [],
    stopWait: async (id, code) => {
      const { waits } = need();
      await checkCode(pocket, kdf, code);
      await waits.stop(id);
    },
    cardWait: () => readCardWait(pocket),
    setCardWait: async (hours, code) => {
      await checkCode(pocket, kdf, code);
      await writeCardWait(pocket, hours);
      await beyond?.cardChanged();
    },
    cardReach: async () => {
      const card = await readCardRow(pocket);
      if (card === null) return null;
      if (!isRenewed(pocket)) return "here";
      return card.onServer ? "everywhere" : "not-yet";
    },
  };
}
