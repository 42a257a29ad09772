/** Room with the server, as the page asks for it from inside (api-room.ts). */
import type { PocketRoom, RoomInside } from "./api-room.ts";
import type { Pocket } from "./pocket.ts";
import { statePortOf } from "./state-rows.ts";
import { createTokenRows, findTokens, MAX_TOKENS } from "./tokens.ts";

export interface BeyondRoom {
  /** Null without net. */
  read(): Promise<PocketRoom | null>;
  /** Null where nobody can say. */
  asks(): Promise<boolean | null>;
  /** Tokens came. Not to be waited for. */
  tokensCame(): void;
  giveMoreRoom: RoomInside["giveMoreRoom"];
}

/** How long a screen waits for the server's figures. */
const PATIENCE_MS = 5_000;

/** `beyond` is null without a server. */
export function createRoomInside(pocket: Pocket, beyond: BeyondRoom | null): RoomInside {
  const { shared, clock } = pocket;
  const tokens = createTokenRows(statePortOf(shared));
  return {
    room: async () => {
      const late = new Promise<null>((resolve) => clock.after(PATIENCE_MS, () => resolve(null)));
      const said = <T>(answer: Promise<T> | undefined): Promise<T | null> | null =>
        answer === undefined ? null : Promise.race([answer, late]);
      const free = (await tokens.all()).filter(({ row }) => row.for === undefined).length;
      const [room, asks] = await Promise.all([said(beyond?.read()), said(beyond?.asks())]);
      return { tokens: free, pocket: room, asks };
    },
    giveMoreRoom: async (person) => (beyond === null ? 0 : beyond.giveMoreRoom(person)),
    addTokens: async (text) => {
      const found = findTokens(text);
      const known = new Set((await tokens.all()).map(({ id }) => id));
      const fresh = found.filter((token) => !known.has(token)).slice(0, MAX_TOKENS - known.size);
      await shared.write(fresh.map((token) => tokens.entry(token, {})));
      if (fresh.length > 0) {
        pocket.emit({ type: "changed", what: "room" });
        beyond?.tokensCame();
      }
      return { found: found.length, added: fresh.length };
    },
  };
}
