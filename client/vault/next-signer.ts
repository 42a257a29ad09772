/**
 * Who may sign a circle's next checkpoint record. A rotation is signed with the owner's author key of the epoch before it, and
 * that key may have signed nothing else: where a device was stopped between two rotations, nothing was said in between. Whoever
 * comes later goes from the genesis to the newest roster in one step and has never heard of such a key. So each checkpoint that
 * came, and that the owner signed, names the keys for the one record after it. Spec: docs/protocol/circles.md §4.
 */
import type { OpenedRecord } from "../../crypto/records.ts";
import { parseCheckpoint, verifyCheckpoint } from "../../crypto/rosters.ts";
import type { AuthorPublicKey } from "../../crypto/types.ts";
import { checkpointChain } from "./sharing/checkpoints.ts";
import { parseControl } from "./sharing/control.ts";
import type { SpaceLog } from "./space-log.ts";
import type { Mutable, SpaceState } from "./space-rows.ts";

type Placed = Pick<OpenedRecord, "kind" | "chain" | "counter">;

/** Into `state`, of a record that took its place in its chain. */
export function noteNextSigner(
  log: SpaceLog,
  state: Mutable<Pick<SpaceState, "nextSigner">>,
  { kind, chain, counter, payload }: Placed & Pick<OpenedRecord, "payload">,
): void {
  const keys = log.keyring.space(log.space);
  if (kind !== "control" || keys?.kind !== "circle" || chain !== checkpointChain(log.space)) return;
  const control = parseControl(payload);
  if (control?.type !== "checkpoint" || !verifyCheckpoint(control.checkpoint, keys.ownerPublic)) return;
  const { members, number } = parseCheckpoint(control.checkpoint);
  if (number + 1 !== counter) return;
  const authors = members.filter(({ role }) => role === "owner").map(({ author }) => author);
  state.nextSigner = { counter: counter + 1, authors };
}

/** None for anything but that very record. */
export const nextSigners = (
  log: SpaceLog,
  { nextSigner }: Pick<SpaceState, "nextSigner">,
  { kind, chain, counter }: Placed,
): readonly AuthorPublicKey[] =>
  kind === "control" && chain === checkpointChain(log.space) && nextSigner?.counter === counter
    ? nextSigner.authors
    : [];
