/** The wall of photos: what has a photo, a stretch at a time; only what comes near the window is opened (SealedPicture). */
import { computed, signal } from "@preact/signals";
import { createLiveList } from "./live-list.ts";

const STRETCH = 48;

/** Null: from today backwards. */
export const wallYear = signal<number | null>(null);
const asked = signal(STRETCH);

const list = createLiveList(
  (vault) => {
    const before = wallYear.value === null ? undefined : new Date(wallYear.value + 1, 0, 1).getTime();
    return vault.search("", { has: "photo", before }, asked.value);
  },
  ["timeline"],
);

export const wall: typeof list = list;
export const wallHasMore = computed(() => list.value.value?.more === true);

export const showMoreOfWall = (): Promise<void> => {
  asked.value += STRETCH;
  return list.refresh();
};

export const standAtYear = (year: number | null): Promise<void> => {
  asked.value = STRETCH;
  wallYear.value = year;
  return list.refresh();
};
