/**
 * Fetching contents that are too large for a record, one look of a space at a time. What the server doesn't give may be on
 * its way: whoever has it puts it back after a restore, and nobody is told when a blob has come. So it is asked for again
 * after some seconds, then less and less often, and with every catch-up. So is what a request failed for: the connection
 * may have stood through it, and then no catch-up follows. Spec: docs/protocol/store.md §8.
 */
import type { SpaceId } from "../../crypto/types.ts";
import { type AwaitedDeps, type Fetched, fetchAwaited } from "./awaited.ts";
import type { Pocket } from "./pocket.ts";
import { TransportError } from "./ports.ts";

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 10 * 60_000;

export interface ContentsDeps extends AwaitedDeps {
  readonly pocket: Pick<Pocket, "log" | "blobs" | "store" | "clock">;
  /** Tells and shows what came. */
  took(space: SpaceId, fetched: Fetched): Promise<void>;
}

/** @throws TransportError offline, SyncError; whatever fails is tried again, with the next catch-up at the latest */
export function createFetchContents(deps: ContentsDeps): (space: SpaceId) => Promise<void> {
  const { pocket, took } = deps;
  /** Spaces whose contents are being fetched; true: something came meanwhile, and it is looked at once more. */
  const fetching = new Map<SpaceId, boolean>();
  const waits = new Map<SpaceId, number>();
  const due = new Set<SpaceId>();

  async function fetchContents(space: SpaceId): Promise<void> {
    if (fetching.has(space)) {
      fetching.set(space, true);
      return;
    }
    try {
      do {
        fetching.set(space, false);
        const fetched = await fetchAwaited(deps, space);
        if (fetched !== null) await took(space, fetched);
      } while (fetching.get(space));
    } catch (error) {
      if (error instanceof TransportError) later(space);
      throw error;
    } finally {
      fetching.delete(space);
    }
    if ((await pocket.log(space).state()).awaited.length === 0) waits.delete(space);
    else later(space);
  }

  function later(space: SpaceId): void {
    if (due.has(space)) return;
    const waitMs = waits.get(space) ?? FIRST_WAIT_MS;
    waits.set(space, Math.min(2 * waitMs, LONGEST_WAIT_MS));
    due.add(space);
    pocket.clock.after(waitMs, () => {
      due.delete(space);
      void fetchContents(space).catch(() => undefined);
    });
  }

  return fetchContents;
}
