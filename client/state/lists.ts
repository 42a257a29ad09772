/** The lists that several screens show. Each is asked for when a screen first wants it (`useList`). */
import type { Summary, VaultApi, Whereabouts } from "../vault/api.ts";
import { createLiveList } from "./live-list.ts";

/** The newest, for home. Whoever wants more asks by month (timeline.ts) or by words (search.ts). */
const NEWEST = 40;
/** Of what stands on one screen whole: wishes, what is at the top, what was put away. */
const WHOLE = 400;

const bothKinds =
  (where: Whereabouts) =>
  async (vault: Pick<VaultApi, "timeline">): Promise<readonly Summary[]> =>
    (await Promise.all((["entry", "wish"] as const).map((kind) => vault.timeline(kind, undefined, WHOLE, where))))
      .flat()
      .toSorted((a, b) => b.createdAt - a.createdAt);

export const entries = createLiveList((vault) => vault.timeline("entry", undefined, NEWEST), ["timeline"]);
export const wishes = createLiveList((vault) => vault.timeline("wish", undefined, WHOLE), ["timeline"]);

/** At the top of "Mine ting". */
export const pinned = createLiveList((vault) => vault.timeline("entry", undefined, WHOLE, "pinned"), ["timeline"]);
/** Put away, entries and wishes. */
export const archived = createLiveList(bothKinds("archived"), ["timeline"]);
/** In the bin, entries and wishes. */
export const binned = createLiveList(bothKinds("bin"), ["timeline"]);

export const people = createLiveList((vault) => vault.people(), ["people"]);
/** What I have shown, to whom, and how far each has come. */
export const shares = createLiveList((vault) => vault.shares(), ["shares"]);
/** Summaries of what I have shown, however old. */
export const shownSummaries = createLiveList(
  async (vault) => vault.summaries([...new Set((await vault.shares()).map(({ document }) => document))]),
  ["shares", "timeline"],
);
/** What others have shown to me. */
export const received = createLiveList((vault) => vault.received(), ["received"]);
export const jointPages = createLiveList((vault) => vault.jointPages(), ["joint"]);
export const doorItems = createLiveList((vault) => vault.doorItems(), ["door"]);
export const cover = createLiveList((vault) => vault.cover(), ["cover", "door"]);
export const profile = createLiveList((vault) => vault.profile(), ["cover"]);
