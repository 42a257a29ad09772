/** The one kind word that home has to say now, if any. */
import type { Reminder } from "../vault/api.ts";
import { createLiveList } from "./live-list.ts";
import { vault } from "./vault.ts";

export const reminder = createLiveList<Reminder | null>((from) => from.reminder(), []);

/** "Not now", or done: it is quiet about it. */
export async function dismissReminder(which: Reminder): Promise<void> {
  await vault().dismissReminder(which);
  await reminder.refresh();
}
