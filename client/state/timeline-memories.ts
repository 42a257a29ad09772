/** "On this day", for who turned it on. */
import type { MemoryBrake } from "../vault/api.ts";
import { createLiveList } from "./live-list.ts";
import { vault } from "./vault.ts";

export type { Memory, MemoryBrake, MemorySettings } from "../vault/api.ts";

export const memories = createLiveList((from) => from.memories(), ["timeline", "memories"]);
export const memorySettings = createLiveList((from) => from.memorySettings(), ["memories"]);

export const PAUSE_DAYS = 30;

export const turnMemories = (on: boolean): Promise<void> => vault().setMemories({ on, pausedUntil: null });
/** False: the pause ends now. */
export const pauseMemories = (on: boolean): Promise<void> =>
  vault().setMemories({ pausedUntil: on ? Date.now() + PAUSE_DAYS * 24 * 3600_000 : null });
export const setBrake = (brake: MemoryBrake, on: boolean): Promise<void> => vault().setBrake(brake, on);
