/**
 * Checkpoints of a circle as control records: making them, and following the roster from what was pinned.
 *
 * Checkpoint records form a chain of their own: its chain id equals the space's id, its counter is the checkpoint's
 * number + 1, its author is the owner's author key. So any device of the owner continues it from the newest checkpoint
 * alone, and compare-and-set on the server keeps two devices from continuing it twice. Spec: docs/protocol/circles.md §4.
 */
import { randomId } from "../../../crypto/ids.ts";
import { digestHeads, hashInner, NO_PREVIOUS, signInner } from "../../../crypto/inner.ts";
import { sealRecord } from "../../../crypto/records.ts";
import { type Roster, type RosterProblem, verifyRoster } from "../../../crypto/roster-chain.ts";
import { hashCheckpoint, parseCheckpoint, verifyCheckpoint } from "../../../crypto/rosters.ts";
import { equalBytes, toHex } from "../../../crypto/sodium.ts";
import type {
  AuthorPrivateKey,
  ChainId,
  Checkpoint,
  ContentKey,
  Hash32,
  OpId,
  SpaceId,
} from "../../../crypto/types.ts";
import type { OuterRecord } from "../../../protocol/frames.ts";
import { controlDocument, encodeCheckpointControl, parseControl } from "./control.ts";
import type { CircleRow } from "./ledger.ts";
import type { OpenedRecord } from "./ports.ts";

export interface CheckpointRecord {
  readonly record: OuterRecord;
  /** What the next one continues. */
  readonly head: { readonly op: OpId; readonly hash: Hash32 };
}

/** Signs and seals the record around a signed checkpoint. @throws CryptoError bad-size, bad-format */
export function sealCheckpoint(
  checkpoint: Checkpoint,
  previous: Hash32 | null,
  author: AuthorPrivateKey,
  contentKey: ContentKey,
): CheckpointRecord {
  const { space, epoch, number, frontier } = parseCheckpoint(checkpoint);
  const document = controlDocument(space);
  const op = randomId<OpId>();
  const inner = signInner(
    {
      space,
      document,
      kind: "control",
      opId: op,
      chain: checkpointChain(space),
      counter: number + 1,
      previous: previous ?? NO_PREVIOUS,
      heads: digestHeads(frontier),
      clientIds: [],
      payload: encodeCheckpointControl(checkpoint),
    },
    author,
  );
  const outer = { document, kind: "control" as const, epoch, opId: op };
  const sealed = sealRecord(inner, { space, ...outer }, contentKey);
  return { record: { ...outer, sealed }, head: { op, hash: hashInner(inner) } };
}

export const checkpointChain = (space: SpaceId): ChainId => space as string as ChainId;

/** The roster after all checkpoints that stand in the space, or what is wrong with them. */
export function readRoster(
  circle: Pick<CircleRow, "space" | "owner" | "genesis" | "latest">,
  records: readonly OpenedRecord[],
): Roster | RosterProblem {
  const later = records.flatMap(({ payload, kind }) => {
    const control = kind === "control" ? parseControl(payload) : null;
    // What the owner didn't sign counts as little as if it weren't there: a member can't stop the roster with noise.
    const counts = control?.type === "checkpoint" && verifyCheckpoint(control.checkpoint, circle.owner);
    return counts ? [control.checkpoint] : [];
  });
  // From the newest that was verified before: nobody takes us back behind it.
  const from = circle.latest ?? circle.genesis;
  const pinned = { space: circle.space, owner: circle.owner, genesis: hashCheckpoint(from) };
  const known = parseCheckpoint(from).number;
  const result = verifyRoster(
    [
      from,
      ...inOrder(later, pinned.genesis).filter((one) => numberOf(one) > known || isAnother(one, known, pinned.genesis)),
    ],
    pinned,
  );
  return "roster" in result ? result.roster : result.problem;
}

/** By number; the genesis comes back as a record too and counts once. What can't be parsed goes last and is refused. */
function inOrder(checkpoints: readonly Checkpoint[], genesis: Hash32): readonly Checkpoint[] {
  const first = toHex(genesis);
  const seen = new Set([first]);
  const fresh = checkpoints.filter((checkpoint) => {
    const hash = toHex(hashCheckpoint(checkpoint));
    return !seen.has(hash) && seen.add(hash);
  });
  return fresh.toSorted((a, b) => numberOf(a) - numberOf(b));
}

/** Another history: at the place of the one we know. */
const isAnother = (checkpoint: Checkpoint, number: number, hash: Hash32): boolean =>
  numberOf(checkpoint) === number && !equalBytes(hashCheckpoint(checkpoint), hash);

function numberOf(checkpoint: Checkpoint): number {
  try {
    return parseCheckpoint(checkpoint).number;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
