/** Room with the server, and the codes (creation tokens) that give more of it. */
import { signal } from "@preact/signals";
import type { PersonId, RoomState } from "../vault/api.ts";
import { createLiveList } from "./live-list.ts";
import { vault } from "./vault.ts";

/** Asked for again when codes come or are used. */
export const room = createLiveList<RoomState>((from) => from.room(), ["room"]);

/** What came of the last text that codes were looked for in. */
export type Brought =
  | { readonly kind: "added"; readonly count: number }
  | { readonly kind: "known" | "none" | "failed" };
export const brought = signal<Brought | null>(null);

/** How many codes there were to give. */
export const giveMoreRoom = (person: PersonId): Promise<number> => vault().giveMoreRoom(person);

/** A sheet of codes is a few hundred letters; a whole file of something else isn't read. */
const MAX_LETTERS = 100_000;

export async function bringCodes(text: string): Promise<Brought> {
  brought.value = await look(text.slice(0, MAX_LETTERS));
  return brought.value;
}

async function look(text: string): Promise<Brought> {
  try {
    const { found, added } = await vault().addTokens(text);
    if (added > 0) return { kind: "added", count: added };
    return { kind: found > 0 ? "known" : "none" };
  } catch {
    return { kind: "failed" };
  }
}

/** The codes are gone, and there is no more room than before: they were spent by somebody else. */
export const wasRefused = ({ tokens, pocket }: RoomState, came: Brought | null): boolean =>
  came?.kind === "added" && tokens === 0 && pocket !== null && pocket.quota < pocket.most;
