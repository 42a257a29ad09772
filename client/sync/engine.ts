/**
 * The sync engine: `step(state, event, moment) → { state, effects }`, pure. It brings every space of a pocket, over one
 * wire, into one state with the server and keeps it there. Spec: docs/protocol/sync.md.
 *
 * One connection for all spaces:
 *   greet     `connect`, `hello`, and the `welcome` with the server's nonce. A lost wire is tried again with a growing
 *             pause, half of it random (connection.ts).
 * Then, for each space by itself:
 *   load      the keeper says how far the device has it and what lies frozen (spaces.ts).
 *   open      a proof over the nonce opens the space. A stale epoch: the keeper looks at the wrap under its tag and the
 *             space is opened again, or is over for us. An unknown space: the keeper creates it, or it is over.
 *   backfill  pages from the cursor, each handed to the keeper with the new cursor (backfill.ts).
 *   cutover   the page without `more` ends it: the server now sends every later record as `live`, and what came
 *             meanwhile waits in `ahead`. The keeper is told that it has everything; now a gap in a chain is a gap.
 *   live      records in order of their numbers; a number missing for long is pulled. Only now pending rows are
 *             frozen, pushed in order and acknowledged (outbox.ts). Mailboxes are emptied (mailbox.ts), and what the
 *             core asked is asked (asks.ts). A gap that shows in a chain brings the space back to backfill once, from
 *             the first record; if it stays, the person is told.
 *
 * After each event, every space it touched is looked at once: whatever can be begun is begun. So no part has to know
 * what another was waiting for.
 */
import { sendAsks } from "./asks.ts";
import { askAgain, pullPage, tickGap } from "./backfill.ts";
import { keepConnected, tickConnection } from "./connection.ts";
import type { Effect } from "./effects.ts";
import type { Event, Moment } from "./events.ts";
import { fromCore } from "./from-core.ts";
import { fromKeeper } from "./from-keeper.ts";
import { fromWire } from "./from-wire.ts";
import { pullDrops } from "./mailbox.ts";
import { freezeRows, pushOps, uploadBlobs } from "./outbox.ts";
import { openSpace, tickSpace } from "./spaces.ts";
import type { SpaceState, State } from "./state.ts";
import { tellStatus } from "./status.ts";
import { Turn } from "./turn.ts";

export function step(
  state: State,
  event: Event,
  moment: Moment,
): { readonly state: State; readonly effects: readonly Effect[] } {
  const turn = new Turn(state, moment);
  handle(turn, event);
  keepConnected(turn);
  begin(turn);
  tellStatus(turn);
  return { state: turn.state, effects: turn.effects };
}

/** Begins whatever can be begun, until nothing more is touched. Each start takes its own condition away. */
function begin(turn: Turn): void {
  while (turn.touched.size > 0) {
    const touched = [...turn.touched];
    turn.touched.clear();
    for (const id of touched) {
      for (const start of STARTS) {
        const space = turn.state.spaces.get(id);
        if (space !== undefined) start(turn, space);
      }
    }
  }
}

const STARTS: readonly ((turn: Turn, space: SpaceState) => void)[] = [
  openSpace,
  askAgain,
  pullPage,
  pullDrops,
  sendAsks,
  freezeRows,
  uploadBlobs,
  pushOps,
];

function handle(turn: Turn, event: Event): void {
  if (event.type === "tick") tick(turn);
  else if ("life" in event) fromKeeper(turn, event);
  else if ("wire" in event) fromWire(turn, event);
  else fromCore(turn, event);
}

function tick(turn: Turn): void {
  tickConnection(turn);
  for (const space of turn.state.spaces.values()) {
    tickGap(turn, space);
    tickSpace(turn, turn.state.spaces.get(space.space) ?? space);
  }
  turn.touchAll();
}
