/**
 * Before a rotation names the places up to which an ended author key counts, what the others had sent by then should be
 * here: what isn't named counts for nobody (docs/protocol/devices.md §7). Asked a few times only: whoever found a lost
 * device must not keep it in by writing without end.
 */
import type { Syncing } from "./keeper.ts";
import type { SpaceLog } from "./space-log.ts";

/** Looks, with a pause after each, at which something more was still coming. */
export const MAX_LOOKS = 5;

/** Whether the server has nothing of the space that isn't here. @throws SyncError, TransportError */
export async function isWholeHere(syncing: Pick<Syncing, "ask">, log: SpaceLog): Promise<boolean> {
  const { cursor } = await log.store.exclusive(() => log.state());
  const page = await syncing.ask({ type: "pull", space: log.space, after: cursor?.seq ?? 0 });
  return page.type === "page" && page.records.length === 0;
}
