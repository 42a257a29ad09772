/** What the wire says: frames, each handed to the part that waits for it. */
import type { OuterRecord, RefusalCode, ServerFrame } from "../../protocol/frames.ts";
import { isClosed, onAskAnswered, onAskRefused } from "./asks.ts";
import { knowSeq, onLive, onPage } from "./backfill.ts";
import { loseConnection, onHeard, onWelcome, onWireOpened } from "./connection.ts";
import type { WireEvent } from "./events.ts";
import { onDropped, onDrops, onDropsRefused } from "./mailbox.ts";
import { onAck, onAppendRefused } from "./outbox.ts";
import { onBehindOpened, onBehindRefused, onEpochAhead, onRepeated, onRepeatRefused } from "./repeating.ts";
import { onEnded, onOpened, onOpenRefused, rekey, reopenSpace } from "./spaces.ts";
import { isOpen, type Request, type SpaceState } from "./state.ts";
import { COMPANY_LASTS_MS } from "./timings.ts";
import type { Turn } from "./turn.ts";

/** A wire that speaks nonsense is given up like one that broke. */
const BROKEN = 1006;

export function fromWire(turn: Turn, event: WireEvent) {
  const { connection } = turn.state;
  if (connection.phase === "idle" || connection.phase === "waiting" || connection.wire !== event.wire) return;
  if (event.type === "wireClosed") return loseConnection(turn, event.code);
  if (event.type === "wireOpened") return onWireOpened(turn);
  onHeard(turn);
  onFrame(turn, event.frame);
}

function onFrame(turn: Turn, frame: ServerFrame) {
  if (frame.type === "welcome") return onWelcome(turn, frame);
  if (turn.state.connection.phase !== "on") return loseConnection(turn, BROKEN);
  if ("request" in frame) {
    const request = turn.takeRequest(frame.request);
    if (request !== null) onAnswer(turn, request, frame);
    return;
  }
  const space = turn.state.spaces.get(frame.space);
  if (space === undefined) return;
  switch (frame.type) {
    case "live":
      return onLive(turn, space, frame.record);
    case "dropped":
      return onDropped(turn, space);
    case "ended":
      return onEnded(turn, space, frame.code);
    case "ephemeral": {
      turn.change(space, { companyUntil: turn.now + COMPANY_LASTS_MS });
      return turn.emit({ ...frame });
    }
  }
}

type AnswerFrame = Extract<ServerFrame, { readonly request: number }>;

function onAnswer(turn: Turn, request: Request, frame: AnswerFrame) {
  const space = turn.state.spaces.get(request.space);
  if (request.about === "ask") return onAskAnswer(turn, request.ask, frame, space);
  if (space === undefined || space.life !== request.life) return;
  if (frame.type === "refused") return onRefused(turn, space, request, frame.code);
  if (request.about === "open" && frame.type === "opened") {
    if (space.behind === null) return onOpened(turn, space, frame);
    return onBehindOpened(turn, space, frame.epoch, frame.checkpoint);
  }
  if (request.about === "repeat" && frame.type === "ack") return onRepeated(turn, space);
  if (request.about === "pull" && frame.type === "page") return onPage(turn, space, request.after, frame);
  if (request.about === "append" && frame.type === "ack") return onAck(turn, space, request.opId, frame);
  if (request.about === "pullDrops" && frame.type === "drops") return onDrops(turn, space, frame);
  if (request.about === "clearDrops" && frame.type === "done") return;
  loseConnection(turn, BROKEN);
}

function onAskAnswer(turn: Turn, id: number, frame: AnswerFrame, space: SpaceState | undefined) {
  switch (frame.type) {
    case "refused":
      onAskRefused(turn, id, frame.code);
      if (space !== undefined) onChannelRefused(turn, space, frame.code);
      return;
    case "ack":
      if (space !== undefined) knowSeq(turn, space, frame.seq, checkpointOf(turn, id));
      return onAskAnswered(turn, id, frame);
    case "token":
    case "done":
    case "waits":
    case "page":
      return onAskAnswered(turn, id, frame);
    default:
      loseConnection(turn, BROKEN);
  }
}

/**
 * Our own control record won't come as `live`. A checkpoint is kept like one that came, since a server that goes back in
 * time gets it from us; that of a rotation the core keeps itself, before its keys count here.
 */
function checkpointOf(turn: Turn, id: number): OuterRecord | null {
  const frame = turn.state.asks.get(id)?.frame;
  return frame?.type === "checkpoint" ? frame.record : null;
}

function onRefused(turn: Turn, space: SpaceState, request: Request, code: RefusalCode) {
  switch (request.about) {
    case "open":
      if (code === "epoch-ahead") return onEpochAhead(turn, space);
      return space.behind === null ? onOpenRefused(turn, space, code) : onBehindRefused(turn, space, code);
    case "repeat":
      return onRepeatRefused(turn, space);
    case "append":
      return onAppendRefused(turn, space, request.opId, code);
    case "pullDrops":
    case "clearDrops":
      onDropsRefused(turn, space);
      break;
    case "pull":
      turn.change(space, { pulling: false, wantsPull: false });
  }
  const told = onChannelRefused(turn, turn.state.spaces.get(space.space) ?? space, code);
  // Any other refusal of reading (a failing store): the connection starts over after a pause.
  if (!told && request.about === "pull") loseConnection(turn, BROKEN);
}

/** Whether the refusal says something about the channel itself; then it is opened again, in a newer epoch if need be. */
function onChannelRefused(turn: Turn, space: SpaceState, code: RefusalCode): boolean {
  if (isClosed(code)) reopenSpace(turn, space);
  else if (code !== "stale-epoch") return false;
  else if (isOpen(space)) rekey(turn, space);
  return true;
}
