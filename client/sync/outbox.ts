/**
 * How what was written here leaves: coalesced, frozen, pushed in order, acknowledged.
 *
 * Nothing is frozen before the catch-up of this connection, since only then the head of one's own chain is known. A
 * frozen op never changes; a new epoch only changes how it is sealed. Ops of a space are pushed in the order in which
 * they were frozen. After a refusal that may pass nothing must overtake what was refused (docs/protocol/sync.md §5): the
 * rest on the way is waited for, and the channel is opened again when it is time to try again.
 */
import type { OpId, OuterRecord, RefusalCode, ServerFrame } from "../../protocol/frames.ts";
import { isClosed } from "./asks.ts";
import { cursorOf, knowSeq } from "./backfill.ts";
import type { Frozen, Pace, VoidReason } from "./ports.ts";
import { rekey, reopenSpace } from "./spaces.ts";
import { isOpen, type OutboxOp, type SpaceState, type State } from "./state.ts";
import {
  CALM_LATEST_MS,
  CALM_PAUSE_MS,
  COMPANY_MS,
  PAUSE_MAX_MS,
  PAUSE_MIN_MS,
  pauseMs,
  STUCK_MS,
  WINDOW_BYTES,
  WINDOW_OPS,
} from "./timings.ts";
import type { Turn } from "./turn.ts";
import { newestWith } from "./went-back.ts";

const PACES: readonly Pace[] = ["calm", "company", "now"];

export function onChanged(turn: Turn, space: SpaceState, pace: Pace): void {
  const quicker = space.pace !== null && PACES.indexOf(space.pace) > PACES.indexOf(pace) ? space.pace : pace;
  turn.change(space, {
    pending: Math.max(space.pending, 1),
    changedMeanwhile: true,
    pace: quicker,
    firstChangedAt: space.pace === null ? turn.now : space.firstChangedAt,
    lastChangedAt: turn.now,
  });
}

/** When rows of this space are to be frozen; null while they can't be. */
export function freezeDue(state: State, space: SpaceState): number | null {
  const ready = space.phase === "live" && !space.freezing && !space.held && space.pending > 0;
  if (!ready || space.ops.length > WINDOW_OPS / 2) return null;
  if (state.flushing || space.pace === null || space.pace === "now") return 0;
  if (space.pace === "company" || space.lastChangedAt < space.companyUntil) return space.firstChangedAt + COMPANY_MS;
  return Math.min(space.firstChangedAt + CALM_LATEST_MS, space.lastChangedAt + CALM_PAUSE_MS);
}

export function freezeRows(turn: Turn, space: SpaceState): void {
  const due = freezeDue(turn.state, space);
  if (due === null || turn.now < due) return;
  const freezing = turn.change(space, { freezing: true, changedMeanwhile: false, pace: null });
  turn.keep(freezing, { type: "freeze", limit: WINDOW_OPS - space.ops.length });
}

export function onFrozen(turn: Turn, space: SpaceState, { ops, left, waitingForBlobs }: Frozen): void {
  const known = new Set(space.ops.map((op) => op.record.opId));
  const added = ops.filter((record) => !known.has(record.opId)).map((record): OutboxOp => ({ record, state: "ready" }));
  const frozen = turn.change(space, {
    freezing: false,
    ops: [...space.ops, ...added],
    pending: space.changedMeanwhile ? Math.max(left, 1) : left,
    blobsWaiting: waitingForBlobs,
  });
  // Rows are left and none was frozen: the keeper has its reasons, and is not asked in a circle.
  if (left > 0 && added.length === 0) onChanged(turn, frozen, "calm");
}

export function uploadBlobs(turn: Turn, space: SpaceState): void {
  if (turn.now < space.blobsNotBefore) return;
  const now = space.blobsNotBefore === 0 ? space : turn.change(space, { blobsNotBefore: 0 });
  if (now.phase !== "live" || now.held || now.uploading || now.blobsWaiting === 0) return;
  turn.keep(turn.change(now, { uploading: true }), { type: "uploadBlobs" });
}

export function onBlobsUploaded(turn: Turn, space: SpaceState): void {
  onChanged(turn, turn.change(space, { uploading: false, blobsWaiting: 0, refusals: 0 }), "now");
}

/** What doesn't fit stays on the device, and the person is told. Others may have gone: what waited for those can leave. */
export function onBlobsFailed(turn: Turn, space: SpaceState, code: string): void {
  const stuck = code !== "offline" && code !== "rate-limited" && code !== "storage-failed" && code !== "expired";
  const refusals = space.refusals + 1;
  const pause = stuck ? STUCK_MS : pauseMs(refusals, PAUSE_MIN_MS, PAUSE_MAX_MS, turn.random);
  const sendProblem = stuck ? code : space.sendProblem;
  const blobsNotBefore = turn.now + pause;
  // Freezing says how many still wait.
  onChanged(
    turn,
    turn.change(space, { uploading: false, blobsWaiting: 0, refusals, blobsNotBefore, sendProblem }),
    "now",
  );
}

export function pushOps(turn: Turn, space: SpaceState): void {
  if (turn.now < space.pushNotBefore) return;
  const now = space.pushNotBefore === 0 ? space : turn.change(space, { pushNotBefore: 0 });
  if (now.phase !== "live" || now.held || turn.state.connection.phase !== "on") return;
  if (!now.shut) sendReady(turn, resealStale(turn, now));
  else if (now.ops.every((op) => op.state !== "sent")) reopenSpace(turn, now);
}

/** What was put off because of a refusal needn't wait any longer. */
export function retrySending(turn: Turn, space: SpaceState): void {
  const { pushNotBefore, blobsNotBefore } = space;
  const soon = (at: number): number => (at === 0 ? 0 : Math.min(at, turn.now));
  turn.change(space, { pushNotBefore: soon(pushNotBefore), blobsNotBefore: soon(blobsNotBefore), sendProblem: null });
}

/** The epoch moved on since these were sealed. Asked once for all of them, when nothing is on the way any more. */
function resealStale(turn: Turn, space: SpaceState): SpaceState {
  if (space.ops.some((op) => op.state !== "ready")) return space;
  const isStale = (op: OutboxOp): boolean => op.state === "ready" && op.record.epoch !== space.epoch;
  const stale = space.ops.filter(isStale);
  if (stale.length === 0) return space;
  const ops = space.ops.map((op): OutboxOp => (isStale(op) ? { ...op, state: "resealing" } : op));
  const resealing = turn.change(space, { ops });
  turn.keep(resealing, { type: "reseal", opIds: stale.map((op) => op.record.opId) });
  return resealing;
}

export function onResealed(
  turn: Turn,
  space: SpaceState,
  asked: readonly OpId[],
  records: readonly OuterRecord[],
): void {
  const byId = new Map(records.map((record) => [record.opId, record]));
  const ops = space.ops.flatMap((op): OutboxOp[] => {
    if (!asked.includes(op.record.opId)) return [op];
    const record = byId.get(op.record.opId);
    return record === undefined ? [] : [{ record, state: "ready" }];
  });
  // The keeper is still at another epoch than we: it will say so, and is not asked in a circle.
  const behind = records.some((record) => record.epoch !== space.epoch);
  turn.change(space, { ops, pushNotBefore: behind ? turn.now + PAUSE_MIN_MS : space.pushNotBefore });
}

function sendReady(turn: Turn, space: SpaceState): void {
  const firstUnsent = space.ops.findIndex((op) => op.state !== "sent");
  if (firstUnsent === -1) return;
  // Something after it is still on the way: the rest waits until that is answered.
  if (space.ops.slice(firstUnsent).some((op) => op.state === "sent")) return;
  let onTheWay = space.ops.slice(0, firstUnsent).reduce((sum, op) => sum + op.record.sealed.length, 0);
  const ops = [...space.ops];
  for (let at = firstUnsent; at < ops.length; at++) {
    const op = ops[at] as OutboxOp;
    if (op.state !== "ready" || op.record.epoch !== space.epoch) break;
    if (onTheWay > 0 && onTheWay + op.record.sealed.length > WINDOW_BYTES) break;
    onTheWay += op.record.sealed.length;
    ops[at] = { ...op, state: "sent" };
    const { record } = op;
    turn.ask(space, { type: "append", space: space.space, record }, { about: "append", opId: record.opId });
  }
  if (ops[firstUnsent]?.state === "sent") turn.change(space, { ops });
}

export function onAck(
  turn: Turn,
  space: SpaceState,
  opId: OpId,
  ack: Extract<ServerFrame, { readonly type: "ack" }>,
): void {
  const op = space.ops.find(({ record }) => record.opId === opId);
  if (op === undefined) return; // It came back in a page before.
  const ops = space.ops.filter((one) => one !== op);
  const newest = newestWith(space, ack.seq, op.record);
  const acked = turn.change(space, { ops, newest, refusals: 0, sendProblem: null });
  const known = knowSeq(turn, acked, ack.seq);
  turn.keep(known, { type: "acked", acks: [{ opId, seq: ack.seq }], through: cursorOf(known) });
}

const VOIDS: readonly RefusalCode[] = ["document-deleted", "too-large", "op-conflict"] satisfies VoidReason[];

function isVoidReason(code: RefusalCode): code is VoidReason {
  return VOIDS.includes(code);
}

export function onAppendRefused(turn: Turn, before: SpaceState, opId: OpId, code: RefusalCode): void {
  const op = before.ops.find((one) => one.record.opId === opId);
  if (op === undefined) return;
  const ops = before.ops.map((one): OutboxOp => (one === op ? { ...one, state: "ready" } : one));
  const space = turn.change(before, { ops });
  if (code === "stale-epoch") {
    if (isOpen(space) && op.record.epoch >= space.epoch) rekey(turn, space);
  } else if (isVoidReason(code)) giveUp(turn, space, op.record, code);
  else if (isClosed(code)) reopenSpace(turn, space);
  else if (code === "rate-limited" || code === "storage-failed") {
    const refusals = space.refusals + 1;
    const pause = pauseMs(refusals, PAUSE_MIN_MS, PAUSE_MAX_MS, turn.random);
    turn.change(space, { refusals, shut: true, pushNotBefore: turn.now + pause });
  } else turn.change(space, { shut: true, pushNotBefore: turn.now + STUCK_MS, sendProblem: code });
}

/** The refusal will never change: the author says so with a void record, so that nobody takes the gap for a loss. */
function giveUp(turn: Turn, space: SpaceState, record: OuterRecord, reason: VoidReason): void {
  const ops = space.ops.filter((op) => op.record.opId !== record.opId);
  if (record.kind === "void") {
    // A void of a void would go round for ever. It stays frozen on the device and is tried again at the next start.
    turn.change(space, { ops, sendProblem: reason });
    return;
  }
  const given = turn.change(space, { ops });
  turn.keep(given, { type: "void", opId: record.opId, reason });
  onChanged(turn, given, "now");
}
