/**
 * "Safe" or "not safe yet", and why: one sentence. Everything here is kept strictly; safe means that it would survive this
 * device too. So there must be a second copy (the server has everything), and somebody who can open it: another device, or the
 * card, tried out. A copy on the server that only this tablet can open saves nothing.
 *
 * Not safe either, whatever else holds: a browser that forgets what it isn't used for, and a device with no room left. That a
 * browser hasn't promised to keep its storage (`persisted`) doesn't make it unsafe where a second copy stands.
 */
import type { Copies, VaultApi } from "../vault/api.ts";
import { createLiveList, type LiveList } from "./live-list.ts";
import { belongsOnHomeScreen } from "./storage-platform.ts";
import { onVaultEvent } from "./vault.ts";

export type FullReason = "full" | "full-waits" | "full-none" | "full-unkept";

/** What the lamp says, the most urgent first. */
export type SafetyReason =
  /** no room, and what becomes of the words: api-storage.ts, RoomLeft */
  | FullReason
  /** the browser forgets it unless Lomme stands on the home screen */
  | "home-screen"
  /** the server takes no more */
  | "server-full"
  /** the server takes no more, until there is a code for more room */
  | "room-short"
  /** it was never with the server */
  | "one-copy"
  /** something isn't with the server yet */
  | "on-its-way"
  /** only this device opens it */
  | "no-way-back"
  /** there is a card, and nobody has tried it out */
  | "card-untried"
  /** the card isn't with the server yet */
  | "card-on-its-way"
  /** safe: another device of mine has it */
  | "safe-devices"
  /** safe: the card brings it back */
  | "safe-card";

export interface SafetyFacts extends Copies {
  readonly belongsOnHomeScreen: boolean;
  readonly serverFull: boolean;
  readonly roomShort: boolean;
}

export const isSafe = (reason: SafetyReason): boolean => reason.startsWith("safe-");

const FULL: Readonly<Record<Copies["room"], FullReason | null>> = {
  enough: null,
  short: "full",
  waits: "full-waits",
  none: "full-none",
  unkept: "full-unkept",
};

/** Null where there is room. */
export const fullReason = (room: Copies["room"]): FullReason | null => FULL[room];

export function safetyOf(facts: SafetyFacts): SafetyReason {
  const full = fullReason(facts.room);
  if (full !== null) return full;
  if (facts.belongsOnHomeScreen) return "home-screen";
  if (facts.roomShort) return "room-short";
  if (facts.serverFull) return "server-full";
  if (!facts.onServer) return "one-copy";
  if (facts.unsent > 0) return "on-its-way";
  if (facts.otherDevices > 0) return "safe-devices";
  if (facts.card === "none") return "no-way-back";
  if (facts.cardReach !== "everywhere") return "card-on-its-way";
  return facts.card === "tried" ? "safe-card" : "card-untried";
}

const SERVER_FULL: readonly string[] = ["over-quota", "storage-failed"];

async function readSafety(vault: Pick<VaultApi, "copies" | "syncState">): Promise<SafetyReason> {
  const [copies, { problem }] = await Promise.all([vault.copies(), vault.syncState()]);
  const serverFull = SERVER_FULL.includes(problem ?? "");
  return safetyOf({ ...copies, belongsOnHomeScreen, serverFull, roomShort: problem === "room-short" });
}

const list = createLiveList<SafetyReason>(readSafety, ["storage", "devices", "cover", "timeline"]);

/** While a screen shows it, it follows what is sent and refused, too. */
export const safety: LiveList<SafetyReason> = {
  ...list,
  hold: () => {
    const stop = onVaultEvent((event) => {
      if (event.type === "sync") void list.refresh();
    });
    const release = list.hold();
    return () => {
      stop();
      release();
    };
  },
};
