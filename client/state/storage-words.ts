/** The one quiet word that home has about storage: only where somebody should do something. */
import { createLiveList } from "./live-list.ts";
import { belongsOnHomeScreen } from "./storage-platform.ts";
import { type FullReason, fullReason } from "./storage-safety.ts";
import { vault } from "./vault.ts";

/** full: this device has no room, and what becomes of the words. home-screen: the browser would forget everything. */
export type HomeWord = FullReason | "home-screen";

export const homeWord = createLiveList<HomeWord | null>(
  async (from) => {
    const full = fullReason(await from.roomLeft());
    if (full !== null) return full;
    return belongsOnHomeScreen && (await from.maySpeakOf("home-screen")) ? "home-screen" : null;
  },
  ["storage"],
);

/** "Not now": three days of quiet. */
export async function notNow(): Promise<void> {
  await vault().spokeOf("home-screen");
  await homeWord.refresh();
}
