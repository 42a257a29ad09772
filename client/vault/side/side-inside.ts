/**
 * The small pocket behind a second code, as the page sees it from inside: an ordinary one that has no server, no door, no
 * card and no other devices, and whose cover isn't its own.
 */
import type { Inside } from "../api.ts";
import type { SideInside } from "../api-side.ts";
import { toCover } from "../covers.ts";
import { VaultFailure } from "../failure.ts";
import type { Pocket } from "../pocket.ts";

const refuse = async (): Promise<never> => {
  throw new VaultFailure("not-allowed");
};

/** The small pocket has no second code of its own. */
export const NO_SIDE: SideInside = {
  sideState: async () => ({ on: false, seen: [] }),
  letSee: refuse,
  setSideCode: refuse,
  endSide: refuse,
};

export function narrowToSide(pocket: Pocket, inside: Inside): Inside {
  return {
    ...inside,
    cover: async () => ({ ...toCover(pocket.row), isSide: true }),
    reminder: async () => null,
    memories: async () => [],
    maySpeakOf: async () => false,
    page: refuse,
    changeCode: refuse,
    addPasskey: refuse,
    removePasskey: refuse,
    makeCard: refuse,
    setDoor: refuse,
    doorItems: async () => [],
    room: async () => ({ tokens: 0, pocket: null, asks: null }),
    addTokens: refuse,
    giveMoreRoom: refuse,
  };
}
