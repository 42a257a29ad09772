/** The next epoch of a circle of mine: what a removal of a person and the loss of a device both begin with. */
import { createOwnSeed, deriveLadder } from "../../../crypto/ladder.ts";
import { deriveAuthorKeys } from "../../../crypto/renewed.ts";
import { signCheckpoint } from "../../../crypto/rosters.ts";
import type { AuthorPublicKey } from "../../../crypto/types.ts";
import { VaultFailure } from "../failure.ts";
import { readRoster, sealCheckpoint } from "./checkpoints.ts";
import { myAuthorIn } from "./circle-wraps.ts";
import type { CircleRow, PersonRow } from "./ledger.ts";
import type { SharingCore } from "./ports.ts";

/** What came in between is fetched meanwhile. */
const AFTER_MOVED_MS = 1_000;

export const pauseAfterMoved = (core: SharingCore): Promise<void> =>
  new Promise((resolve) => core.after(AFTER_MOVED_MS, resolve));

type Members = Parameters<typeof signCheckpoint>[0]["members"];

/**
 * A new own seed, my author key of its epoch, and the checkpoint that says so, with `membersOf` its roster. Nothing is asked
 * or kept yet. @throws VaultFailure failed for a circle of somebody else, or one whose roster doesn't hold
 */
export async function createCircleRotation(
  core: SharingCore,
  circle: CircleRow,
  person: PersonRow,
  membersOf: (members: Members, mine: AuthorPublicKey) => Members,
) {
  const { space, ownerPrivate } = circle;
  const roster = readRoster(circle, await core.records(space));
  if (ownerPrivate === null || typeof roster === "string") throw new VaultFailure("failed");
  const epoch = (circle.epochs.at(-1)?.epoch ?? 0) + 1;
  const seed = createOwnSeed();
  const { heads, seen, incarnation } = await core.reached(space);
  const checkpoint = signCheckpoint(
    {
      space,
      epoch,
      number: circle.newest.number + 1,
      previous: circle.newest.hash,
      owner: circle.owner,
      members: membersOf(roster.members, deriveAuthorKeys(seed, { space, epoch }).publicKey),
      frontier: heads,
    },
    ownerPrivate,
  );
  const ladder = deriveLadder({ right: "own", seed, space, epoch });
  const before = myAuthorIn(person, circle).privateKey;
  const sealed = sealCheckpoint(checkpoint, circle.head?.hash ?? null, before, ladder.contentKey);
  return { epoch, seed, seen, incarnation, ladder, checkpoint, ...sealed };
}
