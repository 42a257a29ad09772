/**
 * Drops of a mailbox: pulled, kept by the keeper, and only then cleared on the server. One round at a time; a round that
 * breaks off leaves the drops where they are, and the next one brings them again.
 */
import type { Seq, ServerFrame } from "../../protocol/frames.ts";
import { isOpen, type SpaceState } from "./state.ts";
import type { Turn } from "./turn.ts";

export function pullDrops(turn: Turn, space: SpaceState): void {
  if (!space.mailbox || !isOpen(space) || space.drops !== "idle" || !space.dropsWanted) return;
  const pulling = turn.change(space, { drops: "pulling", dropsWanted: false });
  turn.ask(pulling, { type: "pullDrops", space: space.space, after: 0 }, { about: "pullDrops" });
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

/** They are safe here; the server may forget them. */
export function onDropsApplied(turn: Turn, space: SpaceState, through: Seq, more: boolean): void {
  if (space.drops !== "applying") return;
  const dropsWanted = space.dropsWanted || more;
  if (!isOpen(space)) {
    turn.change(space, { drops: "idle", dropsWanted: true });
    return;
  }
  const clearing = turn.change(space, { drops: "clearing", dropsWanted });
  turn.ask(clearing, { type: "clearDrops", space: space.space, through }, { about: "clearDrops" });
}

export function onDropsCleared(turn: Turn, space: SpaceState): void {
  if (space.drops === "clearing") turn.change(space, { drops: "idle" });
}

/** Refused: the next `dropped` or the next connection tries again. */
export function onDropsRefused(turn: Turn, space: SpaceState): void {
  if (space.drops !== "applying") turn.change(space, { drops: "idle" });
}
