/** What the keeper answers, handed to the part that asked. Answers of an earlier life of the space are dropped here. */
import { onApplied, onCaughtUp } from "./backfill.ts";
import type { KeeperEvent } from "./events.ts";
import { onDropsApplied, onDropsSettled } from "./mailbox.ts";
import { onBlobsFailed, onBlobsUploaded, onFrozen, onResealed } from "./outbox.ts";
import { onRepeatMade } from "./repeating.ts";
import { onFailed, onLoaded, onMissed, onProved, onRekeyed } from "./spaces.ts";
import type { Turn } from "./turn.ts";

export function fromKeeper(turn: Turn, event: KeeperEvent) {
  const space = turn.state.spaces.get(event.space);
  if (space === undefined || space.life !== event.life) return;
  if (space.phase === "ended" && event.type !== "failed") return;
  switch (event.type) {
    case "loaded":
      return onLoaded(turn, space, event.loaded);
    case "proved":
      return onProved(turn, space, event.wire, event.epoch, event.proof);
    case "applied":
      return onApplied(turn, space, event);
    case "caughtUp":
      return onCaughtUp(turn, space, event);
    case "frozen":
      return onFrozen(turn, space, event.frozen);
    case "resealed":
      return onResealed(turn, space, event.asked, event.ops);
    case "rekeyed":
      return onRekeyed(turn, space, event.epochAsked, event.result);
    case "missed":
      return onMissed(turn, space, event.result);
    case "repeatMade":
      return onRepeatMade(turn, space, event.epoch, event.rotation);
    case "blobsUploaded":
      return onBlobsUploaded(turn, space);
    case "blobsFailed":
      return onBlobsFailed(turn, space, event.code);
    case "dropsApplied":
      return onDropsApplied(turn, space, event.through, event.more);
    case "dropsSettled":
      return onDropsSettled(turn, space, event.through, event.wire);
    case "failed":
      return onFailed(turn, space, event.code);
  }
}
