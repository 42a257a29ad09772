/**
 * How far a device that is new to its pocket has got: records kept and records there are, over the spaces that had none
 * here when they were begun. Looks at the frames that pass by; decides nothing.
 */
import type { SpaceId } from "../../crypto/types.ts";
import type { SyncState } from "./api.ts";
import type { Transport } from "./ports.ts";

export interface CatchingUp {
  /** The same transport, looked at. */
  readonly transport: Transport;
  /** Nothing of this space is here yet. */
  begin(space: SpaceId): void;
  /** Everything up to this number is kept. */
  kept(space: SpaceId, seq: number): void;
  /** Null when nothing is being filled. */
  state(): SyncState["catchingUp"];
}

export function createCatchingUp(transport: Transport, changed: () => void): CatchingUp {
  const spaces = new Map<SpaceId, { done: number; total: number }>();

  const note = (space: SpaceId, change: (known: { done: number; total: number }) => void): void => {
    const known = spaces.get(space);
    if (known === undefined) return;
    const before = `${known.done}/${known.total}`;
    change(known);
    if (before !== `${known.done}/${known.total}`) changed();
  };

  return {
    transport: {
      http: transport.http,
      connect: (events) =>
        transport.connect({
          ...events,
          opened: () => events.opened(),
          closed: (code) => events.closed(code),
          frame: (frame) => {
            if (frame.type === "opened" || frame.type === "page") {
              note(frame.space, (known) => {
                known.total = Math.max(known.total, frame.head);
              });
            }
            events.frame(frame);
          },
        }),
    },
    begin: (space) => spaces.set(space, { done: 0, total: 0 }),
    kept: (space, seq) => {
      note(space, (known) => {
        known.done = Math.max(known.done, seq);
      });
      const known = spaces.get(space);
      if (known !== undefined && known.total > 0 && known.done >= known.total) {
        spaces.delete(space);
        changed();
      }
    },
    state: () => {
      let [done, total] = [0, 0];
      for (const known of spaces.values()) {
        done += known.done;
        total += known.total;
      }
      return total === 0 ? null : { done, total };
    },
  };
}
