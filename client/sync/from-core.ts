/** What the vault core says, handed to the part that answers for it. */
import { addAsk, stopAsks } from "./asks.ts";
import { nudge } from "./connection.ts";
import type { CoreEvent } from "./events.ts";
import { onChanged, retrySending } from "./outbox.ts";
import { addSpace, changeEpoch, removeSpace, resumeSpaces } from "./spaces.ts";
import { isOpen } from "./state.ts";
import type { Turn } from "./turn.ts";

export function fromCore(turn: Turn, event: CoreEvent) {
  switch (event.type) {
    case "start":
      return turn.patch({ running: true });
    case "stop":
      turn.patch({ running: false });
      return stopAsks(turn);
    case "nudge":
      resumeSpaces(turn);
      return nudge(turn);
    case "flush":
      turn.patch({ flushing: event.on });
      if (event.on) nudge(turn);
      return turn.touchAll();
    case "addSpace":
      return addSpace(turn, event.synced);
    case "removeSpace":
      return removeSpace(turn, event.space);
    case "changeEpoch":
      return changeEpoch(turn, event.space, event.epoch, event.right);
    case "ask":
      return addAsk(turn, event.id, event.frame, event);
  }
  const space = turn.state.spaces.get(event.space);
  if (space === undefined || space.phase === "ended") return;
  if (event.type === "changed") onChanged(turn, space, event.pace);
  else if (event.type === "retry") retrySending(turn, space);
  else if (event.type === "health") turn.change(space, event.health);
  else if (event.type === "hold") turn.change(space, { held: event.held });
  else if (isOpen(space))
    turn.send({ type: "ephemeral", space: event.space, document: event.document, bytes: event.bytes });
}
