/**
 * Checking a roster: from what was pinned (the owner's public key and one checkpoint hash) to who belongs now.
 *
 * Pure: the same checkpoints give the same answer on every device, whatever the server says. The first checkpoint must
 * be the pinned one: the genesis, or the one a wrap named when I joined. From there each must be signed by the pinned
 * owner, name the hash of the one before, count one up and never go back an epoch. Two different checkpoints with one
 * number are a fork: both are kept by the caller, and nothing further is written. Spec: docs/protocol/rosters.md §3.
 */
import { CryptoError } from "./errors.ts";
import {
  type CheckpointFields,
  type FrontierEntry,
  hashCheckpoint,
  parseCheckpoint,
  type RosterMember,
  verifyCheckpoint,
} from "./rosters.ts";
import { equalBytes } from "./sodium.ts";
import type { Checkpoint, Hash32, OwnerPublicKey, SpaceId } from "./types.ts";

export type PinnedRoster = {
  readonly space: SpaceId;
  readonly owner: OwnerPublicKey;
  /** Hash of the first checkpoint I was given: the genesis, or the one I joined at. */
  readonly genesis: Hash32;
};

/**
 * `nothing` no checkpoint at all · `wrong-genesis` the first is not the pinned one · `foreign-space`, `foreign-owner` ·
 * `bad-signature` · `missing` a number was skipped · `fork` two histories · `epoch-went-back` · `bad-format`,
 * `unknown-version` as in errors.ts
 */
export type RosterProblem =
  | "nothing"
  | "wrong-genesis"
  | "foreign-space"
  | "foreign-owner"
  | "bad-signature"
  | "missing"
  | "fork"
  | "epoch-went-back"
  | "bad-format"
  | "unknown-version";

export type Roster = {
  readonly space: SpaceId;
  readonly epoch: number;
  readonly number: number;
  /** Hash of the newest checkpoint: the next one's `previous`. */
  readonly hash: Hash32;
  readonly members: readonly RosterMember[];
  readonly frontier: readonly FrontierEntry[];
};

export type RosterResult = { readonly roster: Roster } | { readonly problem: RosterProblem; readonly at: number };

/** The newest roster, or the first problem and the index of the checkpoint that shows it. A checkpoint given twice
 * counts once. @throws nothing for bad bytes; bad-size for pinned values of the wrong size */
export function verifyRoster(checkpoints: readonly Checkpoint[], pinned: PinnedRoster): RosterResult {
  let newest: Roster | undefined;
  for (const [at, checkpoint] of checkpoints.entries()) {
    const hash = hashCheckpoint(checkpoint);
    if (newest !== undefined && equalBytes(hash, newest.hash)) continue;
    const fields = parse(checkpoint);
    if (typeof fields === "string") return { problem: fields, at };
    const problem = findProblem(checkpoint, fields, hash, newest, pinned);
    if (problem !== null) return { problem, at };
    newest = {
      space: fields.space,
      epoch: fields.epoch,
      number: fields.number,
      hash,
      members: fields.members,
      frontier: fields.frontier,
    };
  }
  return newest === undefined ? { problem: "nothing", at: 0 } : { roster: newest };
}

function findProblem(
  checkpoint: Checkpoint,
  fields: CheckpointFields,
  hash: Hash32,
  before: Roster | undefined,
  pinned: PinnedRoster,
): RosterProblem | null {
  if (fields.space !== pinned.space) return "foreign-space";
  if (!equalBytes(fields.owner, pinned.owner)) return "foreign-owner";
  if (!verifyCheckpoint(checkpoint, pinned.owner)) return "bad-signature";
  if (before === undefined) return equalBytes(hash, pinned.genesis) ? null : "wrong-genesis";
  if (fields.number <= before.number) return "fork";
  if (fields.number > before.number + 1) return "missing";
  if (!equalBytes(fields.previous, before.hash)) return "fork";
  if (fields.epoch < before.epoch) return "epoch-went-back";
  return null;
}

function parse(checkpoint: Checkpoint): CheckpointFields | RosterProblem {
  try {
    return parseCheckpoint(checkpoint);
  } catch (error) {
    if (error instanceof CryptoError && error.code === "unknown-version") return "unknown-version";
    return "bad-format";
  }
}
