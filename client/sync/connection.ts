/** Greeting, losing and finding again: the one connection that all spaces share. */
import { mayReconnect } from "../../protocol/closes.ts";
import type { ServerFrame } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { forgetAnswers } from "./asks.ts";
import { closeSpace } from "./spaces.ts";
import { isOpen } from "./state.ts";
import {
  ANSWER_MS,
  PROBE_ANSWER_MS,
  PROBE_MS,
  pauseMs,
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
  REFUSED_WIRE_MS,
  STEADY_MS,
  WELCOME_MS,
} from "./timings.ts";
import type { Turn } from "./turn.ts";

/** What the wire tells when there was no proper closing. */
const NO_NETWORK = 1006;

/** Connects when there is something to sync, hangs up when there isn't. A socket that opens nothing is shut after 5 s. */
export function keepConnected(turn: Turn): void {
  const { running, connection, spaces } = turn.state;
  const wanted = running && [...spaces.values()].some((space) => space.phase !== "ended");
  if (wanted && connection.phase === "idle") connect(turn);
  if (!wanted && connection.phase !== "idle") {
    if (connection.phase !== "waiting") turn.emit({ type: "disconnect", wire: connection.wire });
    forgetConnection(turn);
    turn.patch({ connection: { phase: "idle" } });
  }
}

function connect(turn: Turn): void {
  const wire = turn.state.wires + 1;
  turn.patch({ wires: wire, connection: { phase: "connecting", wire, since: turn.now } });
  turn.emit({ type: "connect", wire });
}

export function onWireOpened(turn: Turn): void {
  turn.send({ type: "hello", protocol: PROTOCOL_VERSION });
}

export function onWelcome(turn: Turn, welcome: Extract<ServerFrame, { readonly type: "welcome" }>) {
  const { connection } = turn.state;
  if (connection.phase !== "connecting") return loseConnection(turn, NO_NETWORK);
  const { server, incarnation, nonce } = welcome;
  const { wire } = connection;
  turn.patch({
    problem: null,
    connection: { phase: "on", wire, since: turn.now, heard: turn.now, probed: null, server, incarnation, nonce },
  });
  turn.touchAll();
}

export function onHeard(turn: Turn): void {
  const { connection } = turn.state;
  if (connection.phase === "on") turn.patch({ connection: { ...connection, heard: turn.now, probed: null } });
}

/** The wire is gone, or we give it up: waits and comes back, later each time. `code`: why, as a close code. */
export function loseConnection(turn: Turn, code: number): void {
  const { connection } = turn.state;
  if (connection.phase === "idle" || connection.phase === "waiting") return;
  turn.emit({ type: "disconnect", wire: connection.wire });
  forgetConnection(turn);
  const steady = connection.phase === "on" && turn.now - connection.since >= STEADY_MS;
  const attempts = steady ? 1 : turn.state.attempts + 1;
  const again = mayReconnect(code);
  const pause = again ? pauseMs(attempts, RECONNECT_MIN_MS, RECONNECT_MAX_MS, turn.random) : REFUSED_WIRE_MS;
  turn.patch({
    attempts,
    problem: again ? null : problemOf(code),
    connection: { phase: "waiting", until: turn.now + pause },
  });
}

/** Code of a wire that was shut for good. */
function problemOf(code: number): string {
  return code === 4406 ? "unknown-protocol" : "bad-frame";
}

function forgetConnection(turn: Turn): void {
  turn.forgetRequests();
  forgetAnswers(turn);
  for (const space of turn.state.spaces.values()) closeSpace(turn, space);
}

/** There is net again, or somebody looks at the screen. */
export function nudge(turn: Turn): void {
  const { connection } = turn.state;
  if (connection.phase === "waiting") {
    turn.patch({ attempts: 0 });
    connect(turn);
  } else if (connection.phase === "on") probe(turn);
}

/**
 * One pull shows whether the line is alive. Each time another space, so that in the end a record whose `live` was lost
 * on the server's side is found wherever it lies.
 */
function probe(turn: Turn): void {
  const { connection, requests } = turn.state;
  const open = [...turn.state.spaces.values()].filter(isOpen);
  const space = open[turn.state.probes % open.length];
  turn.patch({ probes: turn.state.probes + 1 });
  if (space === undefined || space.pulling) return;
  turn.change(space, { wantsPull: true });
  const isIdle = connection.phase === "on" && requests.size === 0;
  if (isIdle) turn.patch({ connection: { ...connection, probed: turn.now } });
}

function firstSentAt(turn: { readonly state: Turn["state"] }): number | null {
  const [first] = turn.state.requests.values();
  return first?.sentAt ?? null;
}

/** When the connection next needs a tick, null for never. */
export function connectionDue(state: Turn["state"]): number | null {
  const { connection } = state;
  switch (connection.phase) {
    case "idle":
      return null;
    case "waiting":
      return connection.until;
    case "connecting":
      return connection.since + WELCOME_MS;
    case "on": {
      const first = firstSentAt({ state });
      if (first === null) return connection.heard + PROBE_MS;
      if (connection.probed !== null) return connection.probed + PROBE_ANSWER_MS;
      return Math.max(first, connection.heard) + ANSWER_MS;
    }
  }
}

export function tickConnection(turn: Turn) {
  const due = connectionDue(turn.state);
  if (due === null || turn.now < due) return;
  const { connection } = turn.state;
  if (connection.phase === "waiting") return connect(turn);
  if (connection.phase === "on" && firstSentAt(turn) === null) {
    onHeard(turn); // The next probe is a whole pause away, also when no space is open to probe with.
    return probe(turn);
  }
  loseConnection(turn, NO_NETWORK);
}
