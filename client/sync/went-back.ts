/**
 * A server that was put back to an earlier copy of itself and doesn't say so: same incarnation, and by now perhaps a head
 * beyond our cursor, since others wrote on. So the newest record that we know by its number is asked for once more when the
 * space is opened. Another one under that number means that the server went back, and everything goes as after a restore
 * (docs/protocol/sync.md §3). None means nothing: it was compacted, or its document deleted.
 */
import type { OuterRecord, Seq, ServerFrame } from "../../protocol/frames.ts";
import type { Cursor } from "./ports.ts";
import { reopenSpace } from "./spaces.ts";
import type { SpaceState } from "./state.ts";
import { ASKED_TWICE_BYTES } from "./timings.ts";
import type { Turn } from "./turn.ts";

/** What is known of the newest record when this one has come, or was acknowledged. A large one isn't asked for twice. */
export function newestWith(
  space: Pick<SpaceState, "newest">,
  seq: Seq,
  { opId, sealed }: Pick<OuterRecord, "opId" | "sealed">,
): SpaceState["newest"] {
  if (seq <= (space.newest?.seq ?? 0)) return space.newest;
  return { seq, opId: sealed.length <= ASKED_TWICE_BYTES ? opId : null };
}

/** After which number the first page of a channel is asked for; the ones that follow go on from the cursor. */
export function pullFrom({ seq, newest, looksBack }: SpaceState): Seq {
  return looksBack && newest !== null && newest.opId !== null && newest.seq <= seq ? newest.seq - 1 : seq;
}

/** True when the page shows that the server went back: the space is then opened anew, and rewound. */
export function hasGoneBack(
  turn: Turn,
  space: SpaceState,
  page: Extract<ServerFrame, { readonly type: "page" }>,
): boolean {
  const { newest } = space;
  const there = page.records.find(({ seq }) => seq === newest?.seq);
  if (there === undefined || newest === null || newest.opId === null || there.opId === newest.opId) return false;
  turn.send({ type: "close", space: space.space });
  reopenSpace(turn, turn.change(space, { wentBack: true }));
  return true;
}

/** As it is kept with the cursor. */
export const keptNewest = ({ newest }: SpaceState): Pick<Cursor, "newest"> => (newest === null ? {} : { newest });
