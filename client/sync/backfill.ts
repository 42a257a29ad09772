/**
 * How a space becomes complete and stays so: pages from the cursor (backfill), the handing over to the keeper
 * (cutover), then live records and acks in order of their numbers.
 *
 * `seq` is the number up to which everything was handed to the keeper; it only moves over numbers that are known. A
 * number beyond the next one waits in `ahead`; if the gap doesn't close by itself, it is pulled.
 */
import type { OuterRecord, Seq, ServerFrame, StoredRecord } from "../../protocol/frames.ts";
import type { Cursor, Health } from "./ports.ts";
import { isOpen, type SpaceState } from "./state.ts";
import { ASK_AGAIN_MS, COMPANY_LASTS_MS, GAP_MS, MAX_AHEAD, MAX_APPLYING, MAX_PULLS } from "./timings.ts";
import type { Turn } from "./turn.ts";
import { hasGoneBack, keptNewest, newestWith, pullFrom } from "./went-back.ts";

/** Asks for the next page where one is wanted and there is room for it. */
export function pullPage(turn: Turn, space: SpaceState): void {
  if (!isOpen(space) || !space.wantsPull || space.pulling || space.applying >= MAX_APPLYING) return;
  let pulls = 0;
  for (const other of turn.state.spaces.values()) if (other.pulling) pulls++;
  if (pulls >= MAX_PULLS) return;
  const after = pullFrom(space);
  const pulling = turn.change(space, { pulling: true, wantsPull: false });
  turn.ask(pulling, { type: "pull", space: space.space, after }, { about: "pull", after });
}

/** `after`: what was asked for; what came live meanwhile may have brought the space further than the page does. */
export function onPage(
  turn: Turn,
  space: SpaceState,
  after: Seq,
  page: Extract<ServerFrame, { readonly type: "page" }>,
): void {
  if (!isOpen(space) || !space.pulling || hasGoneBack(turn, space, page)) return;
  // Only upwards: whatever else a server may send, the cursor never jumps back and no record is handed on twice.
  const records: StoredRecord[] = [];
  let last = space.seq;
  for (const record of page.records) {
    if (record.seq <= last) continue;
    last = record.seq;
    if (space.ahead.get(record.seq) !== null) records.push(record); // null: acknowledged to us already
  }
  // A page that says there is more and brings nothing of what was asked for would have us ask for it for ever.
  const more = page.more && page.records.some(({ seq }) => seq > after);
  const seq = more ? last : Math.max(last, page.head);
  const all = withAhead(space, records, seq);
  const paged = turn.change(space, { pulling: false, seq, wantsPull: more, looksBack: false });
  const received = handOver(turn, paged, all, space.seq);
  const complete = !more && received.phase === "catching";
  drain(turn, complete ? turn.change(received, { phase: "settling" }) : received);
  if (complete) turn.keep(received, { type: "caughtUp" });
  turn.touchAll(); // A place for another pull is free.
}

/** What came live is here, also where a page that should have it leaves it out. */
function withAhead(space: SpaceState, records: readonly StoredRecord[], through: Seq): readonly StoredRecord[] {
  const there = new Set(records.map(({ seq }) => seq));
  const ahead = [...space.ahead].flatMap(([seq, record]) =>
    record === null || seq <= space.seq || seq > through || there.has(seq) ? [] : [record],
  );
  return ahead.length === 0 ? records : [...records, ...ahead].toSorted((a, b) => a.seq - b.seq);
}

/** The keeper has everything up to the head and knows how many rows wait. */
export function onCaughtUp(turn: Turn, space: SpaceState, found: Health & { readonly pending: number }): void {
  const { pending, wantsAsking, trouble } = found;
  const waiting = Math.max(pending, space.pace === null ? 0 : 1);
  const changes = { pending: waiting, failures: 0, problem: null, wantsAsking, trouble };
  if (space.phase !== "settling") {
    turn.change(space, changes);
    return;
  }
  turn.change(space, { ...changes, phase: "live" });
}

export function onApplied(turn: Turn, space: SpaceState, { wantsAsking, trouble }: Health): void {
  turn.change(space, { applying: Math.max(0, space.applying - 1), wantsAsking, trouble });
}

/**
 * A chain has a gap that nothing explains: the server is asked once more for everything, beginning at the first record.
 * Only what doesn't come then is called missing. The channel stays open; nothing is frozen until it has all come.
 */
export function askAgain(turn: Turn, space: SpaceState): void {
  if (!space.wantsAsking || space.phase !== "live" || space.pulling || turn.now < space.askAgainAt) return;
  const asking = turn.change(space, {
    wantsAsking: false,
    askAgainAt: turn.now + ASK_AGAIN_MS,
    phase: "catching",
    seq: 0,
    ahead: new Map(),
    gapAt: null,
    wantsPull: true,
  });
  turn.keep(asking, { type: "askAgain" });
}

/** When it may be asked again; null where nothing is missing. */
export const askAgainDue = (space: SpaceState): number | null =>
  space.wantsAsking && space.phase === "live" && !space.pulling ? space.askAgainAt : null;

export function onLive(turn: Turn, space: SpaceState, record: StoredRecord): void {
  if (!isOpen(space) || record.seq <= space.seq || space.ahead.has(record.seq)) return;
  const inCompany = turn.change(space, { companyUntil: turn.now + COMPANY_LASTS_MS });
  drain(turn, putAhead(turn, inCompany, record.seq, record));
}

/** A number that an ack of ours gave: known, and nothing to hand over but what the core doesn't have. */
export function knowSeq(turn: Turn, space: SpaceState, seq: Seq, record: OuterRecord | null = null): SpaceState {
  if (!isOpen(space) || seq <= space.seq) return space;
  return drain(turn, putAhead(turn, space, seq, record === null ? null : { ...record, seq }));
}

function putAhead(turn: Turn, space: SpaceState, seq: Seq, record: StoredRecord | null): SpaceState {
  if (space.ahead.size >= MAX_AHEAD) return turn.change(space, { wantsPull: true });
  return turn.change(space, { ahead: new Map(space.ahead).set(seq, record) });
}

/** Moves over everything that follows without a gap. A gap in the middle of backfill is no gap: pages are coming. */
function drain(turn: Turn, space: SpaceState): SpaceState {
  const before = space.seq;
  const ahead = new Map(space.ahead);
  const records: StoredRecord[] = [];
  let seq = before;
  for (const known of ahead.keys()) if (known <= seq) ahead.delete(known);
  for (let next = ahead.get(seq + 1); next !== undefined; next = ahead.get(seq + 1)) {
    seq++;
    ahead.delete(seq);
    if (next !== null) records.push(next);
  }
  const waits = ahead.size > 0 && space.phase !== "catching";
  const gapAt = waits ? (seq === before && space.gapAt !== null ? space.gapAt : turn.now + GAP_MS) : null;
  const moved = turn.change(space, { seq, ahead, gapAt });
  return records.length === 0 ? moved : handOver(turn, moved, records, before);
}

/**
 * Gives records to the keeper, with the cursor; those of our own outbox are acknowledged by having come back. Where nothing
 * came at all the cursor is given once: blobs may go up next, and after a restart only the incarnation in it says whether
 * this is still the server that has them.
 */
function handOver(turn: Turn, space: SpaceState, all: readonly StoredRecord[], before: Seq): SpaceState {
  const own = all.filter((record) => space.ops.some((op) => op.record.opId === record.opId));
  const records = all.filter((record) => !own.includes(record));
  if (space.seq === before && records.length === 0 && space.cursorKept) return space;
  const newest = all.reduce((known, one) => newestWith({ newest: known }, one.seq, one), space.newest);
  const through = cursorOf({ ...space, newest });
  const handed = turn.change(space, {
    newest,
    applying: space.applying + 1,
    cursorKept: true,
    ops: space.ops.filter((op) => own.every((record) => record.opId !== op.record.opId)),
  });
  turn.keep(handed, { type: "apply", arrived: { records, through } });
  const acks = own.map(({ opId, seq }) => ({ opId, seq }));
  if (acks.length > 0) turn.keep(handed, { type: "acked", acks, through });
  return handed;
}

/** The space's position for the keeper. Only asked for while it is open, and then the incarnation is known. */
export function cursorOf(space: SpaceState): Cursor {
  return { seq: space.seq, incarnation: space.incarnation ?? "", ...keptNewest(space) };
}

export function tickGap(turn: Turn, space: SpaceState): void {
  if (space.gapAt !== null && turn.now >= space.gapAt) turn.change(space, { gapAt: null, wantsPull: true });
}
