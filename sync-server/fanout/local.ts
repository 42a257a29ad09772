/** Fan-out within one process: all that the embedded server needs. */
import type { SpaceId } from "../../protocol/frames.ts";
import type { Fanout, Listener } from "./port.ts";

export interface LocalFanout extends Fanout {
  hasListeners(space: SpaceId): boolean;
}

const NOBODY: readonly Listener[] = [];

export function createLocalFanout(): LocalFanout {
  const listeners = new Map<SpaceId, Set<Listener>>();
  return {
    subscribe(space, listener) {
      const present = listeners.get(space);
      if (present === undefined) listeners.set(space, new Set([listener]));
      else present.add(listener);
    },
    unsubscribe(space, listener) {
      const present = listeners.get(space);
      present?.delete(listener);
      if (present?.size === 0) listeners.delete(space);
    },
    publish(space, event, from) {
      // Who hears "rotated" unsubscribes while we go through them, which a set allows.
      let heard = 0;
      for (const listener of listeners.get(space) ?? NOBODY) {
        if (listener === from) continue;
        listener.hear(event);
        heard++;
      }
      return heard;
    },
    hasListeners: (space) => listeners.has(space),
    async close() {
      listeners.clear();
    },
  };
}
