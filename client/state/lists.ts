/** The lists that several screens show. Each is asked for when a screen first wants it (`useList`). */
import { computed } from "@preact/signals";
import type { Summary, VaultApi, Whereabouts } from "../vault/api.ts";
import { createLiveList } from "./live-list.ts";

/** More than a year of daily entries. Older ones come when a screen asks (`showOlder`). */
const PAGE = 400;
let asked = PAGE;

const bothKinds =
  (where: Whereabouts) =>
  async (vault: Pick<VaultApi, "timeline">): Promise<readonly Summary[]> =>
    (await Promise.all((["entry", "wish"] as const).map((kind) => vault.timeline(kind, undefined, PAGE, where))))
      .flat()
      .toSorted((a, b) => b.createdAt - a.createdAt);

export const entries = createLiveList((vault) => vault.timeline("entry", undefined, asked), ["timeline"]);
export const wishes = createLiveList((vault) => vault.timeline("wish", undefined, PAGE), ["timeline"]);

/** At the top of "Mine ting". */
export const pinned = createLiveList((vault) => vault.timeline("entry", undefined, PAGE, "pinned"), ["timeline"]);
/** Put away, entries and wishes. */
export const archived = createLiveList(bothKinds("archived"), ["timeline"]);
/** In the bin, entries and wishes. */
export const binned = createLiveList(bothKinds("bin"), ["timeline"]);

/** True while the vault may hold entries older than those in the list. */
export const hasOlder = computed(() => (entries.value.value?.length ?? 0) >= asked);

/** Twice as many entries as before. */
export const showOlder = (): Promise<void> => {
  asked *= 2;
  return entries.refresh();
};
export const people = createLiveList((vault) => vault.people(), ["people"]);
/** What I have shown, to whom, and how far each has come. */
export const shares = createLiveList((vault) => vault.shares(), ["shares"]);
/** What others have shown to me. */
export const received = createLiveList((vault) => vault.received(), ["received"]);
export const jointPages = createLiveList((vault) => vault.jointPages(), ["joint"]);
export const doorItems = createLiveList((vault) => vault.doorItems(), ["door"]);
export const cover = createLiveList((vault) => vault.cover(), ["cover", "door"]);
export const profile = createLiveList((vault) => vault.profile(), ["cover"]);
