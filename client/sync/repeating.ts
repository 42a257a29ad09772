/**
 * A server that came back from a backup of before our rotations, without its journal: it refuses our epoch as `epoch-ahead`.
 * A client never goes back an epoch, so nothing is read or sent there. An owner's device only opens the space in the epoch
 * that the server has, one below the other, and repeats the rotations from there (the keeper has them); then the space is
 * opened anew, in ours. A member's waits for that. Spec: docs/protocol/sync.md §3.
 */
import type { OpId, RefusalCode } from "../../protocol/frames.ts";
import type { Repeated } from "./ports.ts";
import { onOpenRefused, pause, stick } from "./spaces.ts";
import type { SpaceState } from "./state.ts";
import type { Turn } from "./turn.ts";

/** The epoch at which it was tried to open the space is later than the server's. */
export function onEpochAhead(turn: Turn, space: SpaceState): void {
  if (space.phase !== "opening") return;
  const behind = (space.behind ?? space.epoch) - 1;
  if (space.right !== "own" || behind < 1) stick(turn, { ...space, behind: null }, "restored");
  else turn.change(space, { phase: "closed", behind });
}

/** Opening in an earlier epoch was refused otherwise. */
export function onBehindRefused(turn: Turn, space: SpaceState, code: RefusalCode): void {
  if (space.phase !== "opening") return;
  const ahead = turn.change(space, { behind: null });
  // Another device of ours has repeated it meanwhile.
  if (code === "stale-epoch") pause(turn, ahead, "closed", null);
  else onOpenRefused(turn, ahead, code);
}

export function onBehindOpened(turn: Turn, space: SpaceState, epoch: number, expected: OpId | null): void {
  if (space.phase !== "opening" || space.behind !== epoch) return;
  turn.keep(turn.change(space, { phase: "repeating" }), { type: "repeat", epoch, expected });
}

/** The keeper has found what the next rotation was, or hasn't. */
export function onRepeatMade(turn: Turn, space: SpaceState, epoch: number, rotation: Repeated): void {
  if (space.phase !== "repeating" || space.behind !== epoch) return;
  if (rotation === null) stick(turn, { ...space, behind: null }, "restored");
  else turn.ask(space, rotation, { about: "repeat" });
}

/** The server is one epoch further, by our doing or another's: opened anew, since the channel may be either's. */
export function onRepeated(turn: Turn, space: SpaceState): void {
  if (space.phase !== "repeating" || space.behind === null) return;
  const behind = space.behind + 1;
  turn.change(space, { phase: "closed", behind: behind < space.epoch ? behind : null });
}

export function onRepeatRefused(turn: Turn, space: SpaceState): void {
  if (space.phase === "repeating") pause(turn, { ...space, behind: null }, "closed", null);
}
