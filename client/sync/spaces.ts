/** The life of one space on the engine: added, loaded, opened with a proof, paused, re-keyed, ended. */
import type { RefusalCode, Right, ServerFrame, SpaceId } from "../../protocol/frames.ts";
import { settleAsksOfEnded, settleAsksOfServer } from "./asks.ts";
import type { EndCode, Loaded, Missed, Rekeyed, SyncedSpace } from "./ports.ts";
import { freshSpace, isOpen, type SpaceState } from "./state.ts";
import { PAUSE_MAX_MS, PAUSE_MIN_MS, pauseMs, STUCK_MS } from "./timings.ts";
import type { Turn } from "./turn.ts";

export function addSpace(turn: Turn, synced: SyncedSpace) {
  const there = turn.state.spaces.get(synced.space);
  if (there === undefined || there.phase === "ended") return begin(turn, synced, null);
  turn.change(there, { mailbox: synced.mailbox });
  changeEpoch(turn, synced.space, synced.epoch, synced.right);
}

function begin(turn: Turn, synced: SyncedSpace, before: SpaceState | null): void {
  const space = freshSpace(synced, turn.nextLife(), before);
  turn.putSpace(space);
  turn.keep(space, { type: "load" });
}

export function removeSpace(turn: Turn, id: SpaceId): void {
  const space = turn.state.spaces.get(id);
  if (space === undefined) return;
  if (isOpen(space)) turn.send({ type: "close", space: id });
  settleAsksOfEnded(turn, id);
  turn.dropSpace(id);
}

/** The core has newer keys. The channel that rotated goes on by itself; any other was ended by the server. */
export function changeEpoch(turn: Turn, id: SpaceId, epoch: number, right: Right): void {
  const space = turn.state.spaces.get(id);
  if (space === undefined || epoch < space.epoch) return; // A client never goes back an epoch.
  const stale = space.phase === "proving" || space.phase === "opening" || waitsForKeys(space);
  turn.change(space, { epoch, right, phase: stale && epoch > space.epoch ? "closed" : space.phase });
}

function waitsForKeys(space: SpaceState): boolean {
  return space.phase === "paused" && space.resume === "closed";
}

export function onLoaded(turn: Turn, space: SpaceState, loaded: Loaded): void {
  turn.change(space, {
    phase: "closed",
    seq: loaded.cursor?.seq ?? 0,
    incarnation: loaded.cursor?.incarnation ?? null,
    newest: loaded.cursor?.newest ?? null,
    cursorKept: loaded.cursor !== null,
    ops: loaded.frozen.map((record) => ({ record, state: "ready" })),
    pending: Math.max(space.pending, loaded.pending),
  });
}

/** The epoch in which it is opened: ours, but on a server that is behind us (repeating.ts). */
const opensAt = ({ behind, epoch }: SpaceState): number => behind ?? epoch;

/** Begins to open a loaded space once the server has said welcome. */
export function openSpace(turn: Turn, space: SpaceState): void {
  const { connection } = turn.state;
  if (space.phase !== "closed" || connection.phase !== "on") return;
  const { right } = space;
  const epoch = opensAt(space);
  const { wire, nonce, server } = connection;
  turn.keep(turn.change(space, { phase: "proving" }), { type: "prove", wire, epoch, right, nonce, server });
}

export function onProved(turn: Turn, space: SpaceState, wire: number, epoch: number, proof: Uint8Array): void {
  const { connection } = turn.state;
  if (space.phase !== "proving" || connection.phase !== "on") return;
  if (connection.wire !== wire || opensAt(space) !== epoch) {
    turn.change(space, { phase: "closed" });
    return;
  }
  const opening = turn.change(space, { phase: "opening" });
  turn.ask(opening, { type: "open", space: space.space, epoch, right: space.right, proof }, { about: "open" });
}

export function onOpened(
  turn: Turn,
  space: SpaceState,
  opened: Extract<ServerFrame, { readonly type: "opened" }>,
): void {
  const { connection } = turn.state;
  if (space.phase !== "opening" || connection.phase !== "on") return;
  const { incarnation } = connection;
  const foreign = space.incarnation !== null && space.incarnation !== incarnation;
  // The server was restored from a backup (or claims an end that we are past): numbers mean something else now, so
  // everything is pulled again. The keeper knows by op id what it has.
  const rewind = foreign || opened.head < space.seq || space.wentBack;
  if (rewind) {
    turn.keep(space, { type: "rewind" });
    settleAsksOfServer(turn, space.space);
  }
  turn.change(space, {
    phase: "catching",
    seq: rewind ? 0 : space.seq,
    // They stand behind what the server lost, and come once more with that, in the order of the chain.
    ops: rewind ? [] : space.ops,
    // What it lost is known when all of it was pulled; until then nothing is called sent.
    pending: rewind ? Math.max(space.pending, 1) : space.pending,
    incarnation,
    newest: rewind ? null : space.newest,
    looksBack: !rewind,
    wentBack: false,
    cursorKept: space.cursorKept && !rewind,
    wantsPull: true,
    dropsWanted: space.mailbox,
  });
}

export function onOpenRefused(turn: Turn, space: SpaceState, code: RefusalCode) {
  if (space.phase !== "opening") return;
  if (code === "stale-epoch") return rekey(turn, space);
  if (code === "no-such-space") {
    turn.keep(turn.change(space, { phase: "missing" }), { type: "missing" });
    return;
  }
  if (code === "rate-limited" || code === "storage-failed") return pause(turn, space, "closed", null);
  stick(turn, space, code);
}

/** The channel ended: rotated past our epoch, or deleted. */
export function onEnded(turn: Turn, space: SpaceState, code: "epoch-over" | "space-deleted") {
  if (!isOpen(space)) return; // Not loaded or not open: opening it will tell the same.
  if (code === "space-deleted") return endSpace(turn, space, "space-deleted");
  rekey(turn, withoutChannel(space));
}

/** Asks the keeper to look at our wrap; what is frozen waits for newer keys. */
export function rekey(turn: Turn, space: SpaceState): void {
  if (space.phase === "rekeying" || space.phase === "loading") return;
  const rekeying = turn.change(withoutChannel(space), { phase: "rekeying" });
  turn.keep(rekeying, { type: "rekey", epoch: space.epoch });
}

export function onRekeyed(turn: Turn, space: SpaceState, epochAsked: number, result: Rekeyed) {
  if (space.phase !== "rekeying") return;
  // Keys that came while the wrap was looked for: that there was none says nothing about their epoch.
  if (result.state === "removed" && space.epoch > epochAsked) return void turn.change(space, { phase: "closed" });
  if (result.state === "removed") return endSpace(turn, space, "removed");
  const epoch = Math.max(space.epoch, result.epoch);
  const rekeyed = { ...space, epoch, right: result.right };
  if (epoch > epochAsked) turn.change(rekeyed, { phase: "closed" });
  else pause(turn, rekeyed, "closed", null);
}

export function onMissed(turn: Turn, space: SpaceState, result: Missed): void {
  if (space.phase !== "missing") return;
  if (result === "created") turn.change(space, { phase: "closed" });
  else if (result === "awaited") awaitOwner(turn, space);
  else endSpace(turn, space, "no-such-space");
}

/** Somebody else's space: one we never had is only being made, one we had was lost in a restore of the server. */
function awaitOwner(turn: Turn, space: SpaceState): void {
  if (space.incarnation === null) pause(turn, space, "closed", null);
  else stick(turn, space, "restored");
}

function endSpace(turn: Turn, space: SpaceState, endCode: EndCode): void {
  const nothing = { problem: null, sendProblem: null, ops: [], pending: 0, blobsWaiting: 0, pausedUntil: 0 };
  const ended = turn.change(withoutChannel(space), { ...nothing, phase: "ended", endCode });
  settleAsksOfEnded(turn, space.space);
  turn.keep(ended, { type: "ended", code: endCode });
}

/** A keeper call failed: begins again from what the device really has. */
export function onFailed(turn: Turn, space: SpaceState, code: string) {
  if (space.phase === "ended") {
    // Told again until it is kept: what has ended must not begin anew at the next start.
    turn.change(space, { pausedUntil: turn.now + PAUSE_MAX_MS, life: turn.nextLife() });
    return;
  }
  if (isOpen(space)) turn.send({ type: "close", space: space.space });
  // Without net nothing is wrong; the way back to it is the connection's business.
  pause(turn, freshSpace(space, turn.nextLife(), space), "loading", code === "offline" ? null : code);
}

/** Nothing until some time has passed; longer each time. */
export function pause(turn: Turn, space: SpaceState, resume: "loading" | "closed", problem: string | null): void {
  const failures = space.failures + 1;
  const pausedUntil = turn.now + pauseMs(failures, PAUSE_MIN_MS, PAUSE_MAX_MS, turn.random);
  turn.change(withoutChannel(space), { phase: "paused", pausedUntil, resume, failures, problem });
}

/** Only somebody's act can help: tells, and tries again rarely. */
export function stick(turn: Turn, space: SpaceState, problem: string): void {
  const pausedUntil = turn.now + STUCK_MS;
  turn.change(withoutChannel(space), { phase: "paused", pausedUntil, resume: "closed", problem });
}

/** When a paused space goes on, or its end is told again. */
export function tickSpace(turn: Turn, space: SpaceState): void {
  if (turn.now < space.pausedUntil) return;
  if (space.phase === "ended" && space.pausedUntil > 0) {
    turn.keep(turn.change(space, { pausedUntil: 0 }), { type: "ended", code: space.endCode });
  }
  if (space.phase !== "paused") return;
  if (space.resume === "closed") turn.change(space, { phase: "closed" });
  else turn.keep(turn.change(space, { phase: "loading" }), { type: "load" });
}

/** Paused spaces need not wait any longer. */
export function resumeSpaces(turn: Turn): void {
  for (const space of turn.state.spaces.values()) {
    if (space.phase === "paused") tickSpace(turn, turn.change(space, { pausedUntil: turn.now }));
  }
}

const ON_WIRE: ReadonlySet<SpaceState["phase"]> = new Set(["proving", "opening", "repeating"]);

/** The connection is gone, and with it everything that was under way on it. */
export function closeSpace(turn: Turn, space: SpaceState): void {
  const onWire = isOpen(space) || ON_WIRE.has(space.phase);
  turn.change(withoutChannel(space), { phase: onWire ? "closed" : space.phase });
}

/** The server no longer has the channel open (or never had): opens it again. */
export function reopenSpace(turn: Turn, space: SpaceState): void {
  if (isOpen(space)) turn.change(withoutChannel(space), { phase: "closed" });
}

function withoutChannel(space: SpaceState): SpaceState {
  return {
    ...space,
    wantsPull: false,
    pulling: false,
    ahead: new Map(),
    gapAt: null,
    shut: false,
    ops: space.ops.map((op) => (op.state === "sent" ? { ...op, state: "ready" } : op)),
    drops: space.drops === "applying" || space.drops === "outlived" ? "outlived" : "idle",
    dropsTaken: 0,
  };
}
