/** What the person may be told: connection, how much is unsent, what is wrong. */
import type { SyncStatus } from "./ports.ts";
import type { SpaceState, State } from "./state.ts";
import type { Turn } from "./turn.ts";

/** The worst first. */
const TROUBLES = ["fork", "incomplete", "quarantined"] as const;

function statusOf(state: State): SyncStatus {
  let unsent = 0;
  let problem = state.problem;
  for (const space of state.spaces.values()) {
    unsent += unsentIn(state, space);
    problem ??= space.problem ?? space.sendProblem;
  }
  // What is missing keeps nothing from being sent: the connection is as it is.
  const troubles = new Set([...state.spaces.values()].map(({ trouble }) => trouble));
  const trouble = TROUBLES.find((one) => troubles.has(one)) ?? null;
  const online = state.connection.phase === "on";
  return { connection: connectionOf(state, problem), online, unsent, problem: problem ?? trouble };
}

/** A server that was restored may have none of what it had: until we have asked, nothing of the space is called sent. */
function unsentIn({ connection }: State, { ops, pending, blobsWaiting, incarnation, phase }: SpaceState): number {
  const isOther = connection.phase === "on" && incarnation !== null && incarnation !== connection.incarnation;
  const known = ops.length + pending + blobsWaiting;
  return known === 0 && isOther && phase !== "ended" ? 1 : known;
}

function connectionOf(state: State, problem: string | null): SyncStatus["connection"] {
  if (problem !== null) return "problem";
  if (state.connection.phase === "on") return "on";
  // Trying again and again without net is not "connecting": it would flicker.
  return state.connection.phase === "connecting" && state.attempts === 0 ? "connecting" : "off";
}

export function tellStatus(turn: Turn): void {
  const before = turn.state.status;
  const status = statusOf(turn.state);
  const isSame = (["connection", "online", "unsent", "problem"] as const).every((key) => before[key] === status[key]);
  if (isSame) return;
  turn.patch({ status });
  turn.emit({ type: "status", status });
}
