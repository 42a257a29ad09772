/**
 * Requests of the vault core (delete, register …): asked on every connection anew until they are answered. Not so a
 * rotation: it says how far all chains had come, and after a day without net that is no longer true. It is asked on the
 * connection on which it was made, once or not at all, and the core makes another one. What follows from what one server has
 * (prune names its numbers) is asked only of that one: a restored server gives the numbers to other records, and would let
 * those go. What holds the keys of an epoch (a wrap) is asked only while that is ours: later it would lie over newer ones.
 */
import type { RefusalCode, SpaceId } from "../../protocol/frames.ts";
import type { AskOutcome } from "./effects.ts";
import type { Answer, Ask, MadeUnder } from "./ports.ts";
import { type AskState, isOpen, type SpaceState } from "./state.ts";
import { PAUSE_MIN_MS, pauseMs } from "./timings.ts";
import type { Turn } from "./turn.ts";

export function addAsk(turn: Turn, id: number, frame: Ask, made: MadeUnder): void {
  const space = turn.state.spaces.get(frame.space);
  if (!turn.state.running || space === undefined || space.phase === "ended") {
    turn.emit({ type: "answer", id, outcome: { refused: turn.state.running ? "not-open" : "stopped" } });
    return;
  }
  const { incarnation = null, epoch = null } = made;
  turn.putAsk({ id, frame, incarnation, epoch, sent: false, notBefore: 0 });
  if (turn.state.connection.phase !== "on" && frame.type === "rotate") settle(turn, id, LOST);
  else turn.touch(frame.space);
}

/** Asks what has not been asked on this connection. */
export function sendAsks(turn: Turn, space: SpaceState): void {
  for (const ask of turn.state.asks.values()) {
    if (ask.frame.space !== space.space || ask.sent || turn.now < ask.notBefore) continue;
    if (isOpen(space) && isOver(ask, space)) {
      settle(turn, ask.id, LOST);
      continue;
    }
    // Whether this is still the server whose numbers it names is known with the first page (went-back.ts).
    const open = isOpen(space) && !(space.looksBack && ask.incarnation !== null);
    if (open || ask.notBefore > 0) turn.putAsk({ ...ask, sent: open, notBefore: 0 });
    if (open) turn.ask(space, ask.frame, { about: "ask", ask: ask.id });
  }
}

/** Made of another server than this one, or with keys that ended. */
const isOver = ({ incarnation, epoch }: AskState, space: SpaceState): boolean =>
  (incarnation !== null && incarnation !== space.incarnation) || (epoch !== null && epoch < space.epoch);

export function onAskAnswered(turn: Turn, id: number, answer: Answer): void {
  settle(turn, id, { answer });
}

/** A passing refusal is asked again; everything else, and all about a rotation, is for the core to decide. */
export function onAskRefused(turn: Turn, id: number, code: RefusalCode): void {
  const ask = turn.state.asks.get(id);
  if (ask === undefined) return;
  if (code === "head-moved") catchUp(turn, ask.frame.space);
  if (ask.frame.type === "rotate") settle(turn, id, isClosed(code) ? LOST : { refused: code });
  else if (isClosed(code) || (code === "stale-epoch" && !namesEpoch(ask.frame))) turn.putAsk({ ...ask, sent: false });
  else if (code === "rate-limited" || code === "storage-failed") {
    turn.putAsk({ ...ask, sent: false, notBefore: turn.now + pauseMs(2, PAUSE_MIN_MS, 4 * PAUSE_MIN_MS, turn.random) });
  } else settle(turn, id, { refused: code });
}

/** What was stored meanwhile is fetched at once: the core makes another rotation when it is here. */
function catchUp(turn: Turn, id: SpaceId): void {
  const space = turn.state.spaces.get(id);
  if (space !== undefined) turn.change(space, { wantsPull: true });
}

/** The server has the channel, or the space, no longer: opening it again shows which. */
export function isClosed(code: RefusalCode): boolean {
  return code === "not-open" || code === "no-such-space";
}

/** Made for one epoch: when that is over, the core has to decide again. Everything else is asked again in the new one. */
function namesEpoch({ type }: Ask): boolean {
  return type === "rotate" || type === "checkpoint";
}

/** The space is no more: nothing can be asked of it, and whoever wanted it deleted has what they wanted. */
export function settleAsksOfEnded(turn: Turn, space: SpaceId): void {
  for (const { id, frame } of turn.state.asks.values()) {
    if (frame.space !== space) continue;
    const outcome: AskOutcome =
      frame.type === "deleteSpace" ? { answer: { type: "done", request: 0 } } : { refused: "not-open" };
    settle(turn, id, outcome);
  }
}

/** What the server has is something else from now on: what follows from it is the core's to decide again. */
export function settleAsksOfServer(turn: Turn, space: SpaceId): void {
  for (const ask of turn.state.asks.values()) {
    if (ask.frame.space === space && ask.incarnation !== null) settle(turn, ask.id, LOST);
  }
}

/** The connection is gone: what was on its way may have been done, or not. */
export function forgetAnswers(turn: Turn): void {
  for (const ask of turn.state.asks.values()) {
    if (ask.frame.type === "rotate") settle(turn, ask.id, LOST);
    else if (ask.sent) turn.putAsk({ ...ask, sent: false });
  }
}

const LOST: AskOutcome = { refused: "connection-lost" };

export function stopAsks(turn: Turn): void {
  for (const id of turn.state.asks.keys()) settle(turn, id, { refused: "stopped" });
}

function settle(turn: Turn, id: number, outcome: AskOutcome): void {
  if (!turn.state.asks.has(id)) return;
  turn.dropAsk(id);
  turn.emit({ type: "answer", id, outcome });
}
