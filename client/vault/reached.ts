/**
 * How far a space is known here, for a rotation: the places up to which an ended author key counts, and the server's head
 * that they belong to, read at once. The server takes the rotation only while that is its head (frames.md §4), so nothing
 * that another sends in the same moment is left out: what isn't named counts for nobody (docs/protocol/devices.md §7). A
 * restored server may have another record at that number, so it is asked of that one only.
 */
import type { Seq } from "../../protocol/frames.ts";
import type { SpaceLog } from "./space-log.ts";
import type { KnownHead } from "./space-rows.ts";

/**
 * So often a rotation may be overtaken by somebody who writes. The next one is taken as it is: whoever found a lost device,
 * or is being parted from, must not stay in by writing without end.
 */
export const MAX_TRIES = 5;

export interface Reached {
  readonly heads: readonly KnownHead[];
  readonly seen: Seq;
  /** Of the server that has it so; null where nothing came from any. */
  readonly incarnation: string | null;
}

export async function reachedIn(log: SpaceLog): Promise<Reached> {
  const { heads, cursor } = await log.store.exclusive(() => log.state());
  return { heads, seen: cursor?.seq ?? 0, incarnation: cursor?.incarnation ?? null };
}
