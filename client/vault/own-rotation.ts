/**
 * The next epoch of a space of one's own (pocket, mailbox): a new seed, the author key that follows from it, and a
 * checkpoint that says how far every chain had come. Spec: docs/protocol/devices.md §6.
 */
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { deriveAuthorKeys } from "../../crypto/renewed.ts";
import { hashCheckpoint, NO_CHECKPOINT, signCheckpoint } from "../../crypto/rosters.ts";
import type { AuthorPublicKey, MemberId, SpaceId } from "../../crypto/types.ts";
import type { OuterRecord, Seq } from "../../protocol/frames.ts";
import { VaultFailure } from "./failure.ts";
import { capabilityKeysOf, type SpaceRow } from "./keyring.ts";
import { mergeRetired, UNKNOWN_PLACE } from "./retired.ts";
import { checkpointChain, sealCheckpoint } from "./sharing/checkpoints.ts";
import type { KnownHead, Retired } from "./space-rows.ts";

export interface OwnRotation {
  /** All of a `rotate` but its wraps. */
  readonly ask: {
    readonly type: "rotate";
    readonly space: SpaceId;
    readonly expected: OuterRecord["opId"] | null;
    readonly seen: Seq | null;
    readonly epoch: number;
    readonly keys: ReturnType<typeof capabilityKeysOf>;
    readonly record: OuterRecord;
  };
  /** The space when the server has taken it. */
  readonly next: SpaceRow;
}

/**
 * `heads`: newest place of every chain that is known. `seen`: the server's head up to which they say all; null: taken as it
 * is. @throws VaultFailure not-allowed for a space of others
 */
export function createOwnRotation(row: SpaceRow, heads: readonly KnownHead[], seen: Seq | null): OwnRotation {
  const { space, roster, ownerPrivate } = row;
  if (ownerPrivate === null || row.right !== "own") throw new VaultFailure("not-allowed");
  const epoch = (row.epochs.at(-1)?.epoch ?? 0) + 1;
  const seed = createOwnSeed();
  const author = deriveAuthorKeys(seed, { space, epoch });
  const ladder = deriveLadder({ right: "own", seed, space, epoch });
  const number = (roster?.number ?? -1) + 1;
  const checkpoint = signCheckpoint(
    {
      space,
      epoch,
      number,
      previous: roster?.hash ?? NO_CHECKPOINT,
      owner: row.ownerPublic,
      // The person: its id is the space's own.
      members: [{ author: author.publicKey, role: "owner", memberId: space as string as MemberId }],
      frontier: heads,
    },
    ownerPrivate,
  );
  // The last thing that the ended key signs; who reads it knows that key.
  const previous = roster?.head.hash ?? null;
  const { record, head } = sealCheckpoint(checkpoint, previous, row.author.privateKey, ladder.contentKey);
  const retired = retire(row.retired ?? [], heads, [row.author.publicKey], space, number, () => true);
  return {
    ask: {
      type: "rotate",
      space,
      expected: roster?.head.op ?? null,
      seen,
      epoch,
      keys: capabilityKeysOf(ladder),
      record,
    },
    next: {
      ...row,
      epochs: [...row.epochs, { epoch, seed }],
      author,
      retired,
      roster: { number, hash: hashCheckpoint(checkpoint), head },
    },
  };
}

/**
 * What ended author keys may stand for after checkpoint `number`: their chains as far as the frontier (of theirs) says, and
 * for `signers`, whose last act it was, the record of that checkpoint.
 */
export function retire(
  before: readonly Retired[],
  frontier: readonly KnownHead[],
  signers: readonly AuthorPublicKey[],
  space: SpaceId,
  number: number,
  isOwner: (author: AuthorPublicKey) => boolean,
): readonly Retired[] {
  return mergeRetired(
    before,
    frontier.map((head) => ({ ...head, owner: isOwner(head.author) })),
    signers.map((author) => ({
      chain: checkpointChain(space),
      counter: number + 1,
      hash: UNKNOWN_PLACE,
      author,
      owner: isOwner(author),
    })),
  );
}
