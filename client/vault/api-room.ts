/** The page's view of room with the server, and of the tokens that give more of it. Part of api.ts. Types only. */
import type { PersonId } from "./api-summary.ts";

/** How much a space holds and may hold, in bytes. */
export interface PocketRoom {
  readonly bytes: number;
  readonly quota: number;
  /** What it may hold once a token was spent on it; `quota` is less until then. */
  readonly most: number;
}

export interface RoomState {
  /** Tokens that lie here and are for nobody else. */
  readonly tokens: number;
  /** Of my pocket; null where the server can't be asked. */
  readonly pocket: PocketRoom | null;
  /** Whether the server gives more room for a token: where it makes spaces for everybody it doesn't. Null while unknown. */
  readonly asks: boolean | null;
}

export interface RoomInside {
  room(): Promise<RoomState>;
  /** Two more tokens for a child that may have no use of those it was given. How many there were to give. */
  giveMoreRoom(person: PersonId): Promise<number>;
  /** Keeps the tokens that stand in a text (a slip, a sheet, a file); they are used by themselves. How many were new. */
  addTokens(text: string): Promise<{ readonly found: number; readonly added: number }>;
}
