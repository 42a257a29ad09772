/**
 * After the server was restored: what only the owner can put back. Documents that were taken back or removed are deleted
 * there once more, the card's wrap is put anew, and those of ended cards over what came back; the mailbox gets its drop keys;
 * what was lost is uploaded (repair.ts, sendLostAgain). Then the owner says that all of it is there again, so that a server
 * that had lost its journal too lets the others in. Spec: docs/protocol/sync.md §3.
 *
 * All of it is asked of the one server that was caught up with. When that is restored in its turn, everything begins anew.
 */
import type { OpId, SpaceId } from "../../crypto/types.ts";
import { Batch } from "./batch.ts";
import { putCardBack } from "./card-wrap.ts";
import type { Ask, Syncing } from "./keeper.ts";
import type { Pocket } from "./pocket.ts";

/** How often it is looked whether everything was sent. */
const LOOK_MS = 500;

export interface ReopenDeps {
  readonly pocket: Pocket;
  readonly syncing: Pick<Syncing, "ask">;
  /** Op id of the newest checkpoint of a circle of mine; null for other spaces. */
  headOf(space: SpaceId): Promise<OpId | null>;
  /** Drop keys of the mailbox, and what was dropped for others. */
  dropAgain(): Promise<void>;
}

/**
 * Begins it for a space whose state says so, once at a time, and after that once more where it was called meanwhile; not to be
 * waited for. What is broken off is taken up with the next catch-up, also after a restart.
 */
export function createReopening({ pocket, syncing, headOf, dropAgain }: ReopenDeps): (space: SpaceId) => void {
  const underWay = new Set<SpaceId>();
  /** Called while under way. */
  const again = new Set<SpaceId>();
  const { store, outbox, clock } = pocket;

  const stateOf = (space: SpaceId) => store.exclusive(() => pocket.log(space).state());
  const pause = (): Promise<void> => new Promise((resolve) => clock.after(LOOK_MS, resolve));

  async function reopen(space: SpaceId): Promise<void> {
    const { reopening, purged, cursor } = await stateOf(space);
    // Without a cursor it is being pulled from the start, and this is called when that is done.
    if (!reopening || cursor === null) return;
    const { incarnation } = cursor;
    const ask = (frame: Ask) => syncing.ask(frame, { incarnation });
    if (space === pocket.keyring.me.pocket) {
      await putCardBack(pocket, syncing, incarnation);
      // Not with the mailbox: it may hold no record that tells a restore, and which keys hold stands in the pocket.
      await dropAgain();
    }
    for (const { document } of purged) await ask({ type: "deleteDocument", space, document });
    while ((await store.exclusive(() => outbox.frozen(space))).length > 0) await pause();
    await ask({ type: "reopen", space, checkpoint: await headOf(space) });
    await store.exclusive(async () => {
      const log = pocket.log(space);
      const state = await log.state();
      // Caught up with a server again, or about to be: that one may have been restored since.
      if (again.has(space) || state.rewound || state.cursor?.incarnation !== incarnation) return;
      const batch = new Batch();
      log.putState(batch, { ...state, reopening: false });
      await batch.commit(store);
    });
  }

  return function begin(space) {
    if (underWay.has(space)) {
      again.add(space);
      return;
    }
    underWay.add(space);
    reopen(space)
      .catch(() => undefined)
      .finally(() => {
        underWay.delete(space);
        if (again.delete(space)) begin(space);
      });
  };
}
