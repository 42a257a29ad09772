/** The lists that several screens show. Each is asked for when a screen first wants it (`useList`). */
import { createLiveList } from "./live-list.ts";

/** More than a year of daily entries; the timeline asks for older ones by itself. */
const FIRST_PAGE = 400;

export const entries = createLiveList((vault) => vault.timeline("entry", undefined, FIRST_PAGE), ["timeline"]);
export const wishes = createLiveList((vault) => vault.timeline("wish", undefined, FIRST_PAGE), ["timeline"]);
export const people = createLiveList((vault) => vault.people(), ["people"]);
/** What I have shown, to whom, and how far each has come. */
export const shares = createLiveList((vault) => vault.shares(), ["shares"]);
/** What others have shown to me. */
export const received = createLiveList((vault) => vault.received(), ["received"]);
export const jointPages = createLiveList((vault) => vault.jointPages(), ["joint"]);
export const doorItems = createLiveList((vault) => vault.doorItems(), ["door"]);
export const cover = createLiveList((vault) => vault.cover(), ["cover", "door"]);
export const profile = createLiveList((vault) => vault.profile(), ["cover"]);
