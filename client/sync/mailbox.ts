/**
 * Drops of a mailbox: pulled, kept by the keeper, and cleared on the server only when what came of them is with the server
 * too ("settled"): a device may be lost an hour later, and what it had kept with it. The next drops don't wait for that.
 * One round at a time; whatever breaks off leaves the drops where they are, and the next channel brings them again.
 */
import type { Seq, ServerFrame } from "../../protocol/frames.ts";
import { isOpen, type SpaceState } from "./state.ts";
import type { Turn } from "./turn.ts";

export function pullDrops(turn: Turn, space: SpaceState): void {
  if (!space.mailbox || !isOpen(space) || space.drops !== "idle" || !space.dropsWanted) return;
  const pulling = turn.change(space, { drops: "pulling", dropsWanted: false });
  turn.ask(pulling, { type: "pullDrops", space: space.space, after: space.dropsTaken }, { about: "pullDrops" });
}

export function onDropped(turn: Turn, space: SpaceState): void {
  turn.change(space, { dropsWanted: true });
}

export function onDrops(turn: Turn, space: SpaceState, answer: Extract<ServerFrame, { readonly type: "drops" }>): void {
  if (space.drops !== "pulling") return;
  const { drops, more } = answer;
  if (drops.length === 0) turn.change(space, { drops: "idle" });
  else turn.keep(turn.change(space, { drops: "applying" }), { type: "applyDrops", drops, more });
}

/** They are safe on this device. */
export function onDropsApplied(turn: Turn, space: SpaceState, through: Seq, more: boolean): void {
  if (space.drops === "outlived") turn.change(space, { drops: "idle", dropsWanted: true });
  if (space.drops !== "applying") return;
  const taken = turn.change(space, { drops: "idle", dropsTaken: through, dropsWanted: space.dropsWanted || more });
  turn.keep(taken, { type: "settleDrops", through, wire: turn.state.wires });
}

/**
 * What came of them is with the server. Of an earlier connection or channel: they are pulled once more, and that round
 * clears them. Restored meanwhile, the server has other drops under the same numbers.
 */
export function onDropsSettled(turn: Turn, space: SpaceState, through: Seq, wire: number): void {
  if (!isOpen(space) || wire !== turn.state.wires || through > space.dropsTaken) return;
  turn.ask(space, { type: "clearDrops", space: space.space, through }, { about: "clearDrops" });
}

/** Refused: the next `dropped` or the next connection tries again. */
export function onDropsRefused(turn: Turn, space: SpaceState): void {
  if (space.drops === "pulling") turn.change(space, { drops: "idle" });
}
