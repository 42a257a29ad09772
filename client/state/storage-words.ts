/** The one quiet word that home has about storage: only where somebody should do something. */
import { createLiveList } from "./live-list.ts";
import { belongsOnHomeScreen } from "./storage-platform.ts";
import { vault } from "./vault.ts";

/** full: this device has no room. home-screen: the browser would forget everything. */
export type HomeWord = "full" | "home-screen";

export const homeWord = createLiveList<HomeWord | null>(
  async (from) => {
    if (await from.isFull()) return "full";
    return belongsOnHomeScreen && (await from.maySpeakOf("home-screen")) ? "home-screen" : null;
  },
  ["storage"],
);

/** "Not now": three days of quiet. */
export async function notNow(): Promise<void> {
  await vault().spokeOf("home-screen");
  await homeWord.refresh();
}
