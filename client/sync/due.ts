/** When the engine next wants a tick. Every time named here is taken away by the tick that comes at it. */
import { askAgainDue } from "./backfill.ts";
import { connectionDue } from "./connection.ts";
import { freezeDue } from "./outbox.ts";
import type { SpaceState, State } from "./state.ts";

/** Milliseconds since the epoch; null when nothing waits for time. */
export function nextDue(state: State): number | null {
  let due = connectionDue(state) ?? Number.POSITIVE_INFINITY;
  for (const space of state.spaces.values()) due = Math.min(due, spaceDue(state, space));
  for (const ask of state.asks.values()) if (ask.notBefore > 0) due = Math.min(due, ask.notBefore);
  return Number.isFinite(due) ? due : null;
}

function spaceDue(state: State, space: SpaceState): number {
  const times = [
    space.phase === "paused" || space.phase === "ended" ? space.pausedUntil || null : null,
    space.gapAt,
    askAgainDue(space),
    freezeDue(state, space),
    space.pushNotBefore || null,
    space.blobsNotBefore || null,
  ];
  return Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
}
