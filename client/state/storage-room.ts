/**
 * Whether there is room, known before a camera or a picker opens: a picker only opens in the moment of a press, so the answer has
 * to be there already. Asked for when a screen that takes photos comes, and after each photo.
 */
import { signal } from "@preact/signals";
import { createLiveList } from "./live-list.ts";
import { vault } from "./vault.ts";

/** False: the next photo would not fit. */
export const photoFits = signal<boolean>(true);

/** Never fails: where it can't be asked, taking the photo will tell. */
export async function lookForRoom(): Promise<void> {
  photoFits.value = await vault()
    .roomFor("photo")
    .catch(() => true);
}

/** Whether new photos are kept as they came, too. */
export const originalsKept = createLiveList<boolean>((from) => from.keepsOriginals(), []);

export async function keepOriginals(on: boolean): Promise<void> {
  await vault().keepOriginals(on);
  await originalsKept.refresh();
}
