/** When documents are looked at for compaction: in a quiet moment, one after the other, never while typing. */
import type { DocumentTag, SpaceId } from "../../crypto/types.ts";
import { type CompactionDeps, compact } from "./compaction.ts";
import type { StoredChange } from "./space-keeper.ts";

/** A document is looked at after so many of its records were stored, since reading it costs as many rows. */
const LOOK_AFTER_RECORDS = 16;
/** Without anything new for this long. */
const QUIET_MS = 3_000;

export interface Compactor {
  /** These records are with the server. */
  stored(space: SpaceId, changes: readonly StoredChange[]): void;
  /** Somebody opened it: a long log would make the next opening slow. */
  opened(space: SpaceId, document: DocumentTag): void;
  stop(): void;
}

export function createCompactor(deps: CompactionDeps, lookAfter = LOOK_AFTER_RECORDS): Compactor {
  const { clock } = deps.pocket;
  const counts = new Map<string, number>();
  const due = new Map<string, { readonly space: SpaceId; readonly document: DocumentTag }>();
  let cancel = (): void => undefined;
  let running = false;
  let stopped = false;

  const look = (space: SpaceId, document: DocumentTag): void => {
    due.set(`${space}/${document}`, { space, document });
    cancel();
    if (!running && !stopped) cancel = clock.after(QUIET_MS, () => void run());
  };

  const run = async (): Promise<void> => {
    running = true;
    for (const [name, { space, document }] of due) {
      if (stopped) break;
      due.delete(name);
      // A full disk, no net, a space that ended: looked at again when its next records are stored.
      await compact(deps, space, document).catch(() => undefined);
    }
    running = false;
  };

  return {
    stored: (space, changes) => {
      for (const { kind, document } of changes) {
        const name = `${space}/${document}`;
        const count = kind === "snapshot" ? lookAfter : (counts.get(name) ?? 0) + 1;
        counts.set(name, count % lookAfter);
        if (count >= lookAfter) look(space, document);
      }
    },
    opened: look,
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
