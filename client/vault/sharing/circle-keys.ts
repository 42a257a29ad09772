/** Handing a circle's keys to the core, and taking newer ones from a wrap. */
import type { EpochKeys } from "../../../crypto/epoch-keys.ts";
import { CryptoError } from "../../../crypto/errors.ts";
import { deriveLadder } from "../../../crypto/ladder.ts";
import { parseCheckpoint } from "../../../crypto/rosters.ts";
import { equalBytes } from "../../../crypto/sodium.ts";
import type { SpaceId } from "../../../crypto/types.ts";
import type { TaggedWrap } from "../../../protocol/frames.ts";
import type { Rekeyed } from "../../sync/ports.ts";
import { capabilityKeysOf } from "../keyring.ts";
import {
  beforeEpoch,
  memberTag,
  myAuthorIn,
  openMemberWrap,
  openOwnWrap,
  ownKeyIn,
  ownTag,
  wrapForMember,
  wrapForOwn,
} from "./circle-wraps.ts";
import type { CircleRow, Ledger, PersonRow } from "./ledger.ts";
import type { RotationWraps, SharingCore, SpaceKeys } from "./ports.ts";

/** As `attachCircle`, and notes that it was done. */
export async function attachNewCircle(
  core: SharingCore,
  ledger: Ledger,
  circle: CircleRow,
  person: PersonRow,
  wraps: readonly TaggedWrap[] | null,
): Promise<void> {
  await attachCircle(core, circle, person, wraps);
  await core.writeState([ledger.circles.entry(circle.space, { ...circle, attached: true })]);
}

/**
 * Gives the core every epoch of the circle; again after a closing that came between our row and the core's, and on a new
 * device. `wraps`: the circle is new and is created with them; null where it is somebody else's or was created before.
 */
export async function attachCircle(
  core: SharingCore,
  circle: CircleRow,
  person: PersonRow,
  wraps: readonly TaggedWrap[] | null,
): Promise<void> {
  const authorPrivate = myAuthorIn(person, circle).privateKey;
  for (const { epoch, seed } of circle.epochs) {
    const { space } = circle;
    const right = circle.mine ? "own" : "write";
    const keys: SpaceKeys = {
      space,
      epoch,
      right,
      seed,
      authorPrivate,
      ownerPrivate: circle.ownerPrivate,
      ownerPublic: circle.owner,
    };
    const creation =
      wraps === null || epoch > 1
        ? null
        : { keys: capabilityKeysOf(deriveLadder({ right, seed, space, epoch })), wraps };
    await core.addSpace(keys, creation);
  }
  // The checkpoint we joined with says where the chains stood then: what lies before is not missing.
  await core.setAuthors(circle.space, parseCheckpoint(circle.genesis), true);
  if (circle.latest !== undefined) await core.setAuthors(circle.space, parseCheckpoint(circle.latest));
}

/**
 * The server has moved to a newer epoch than `refused`, in which we tried to open the circle. Only the wrap that follows that
 * very epoch says whether we were removed: rows of another device of mine may have brought later keys by now, and of the
 * wrap after those nothing can be known yet. @throws TransportError offline; CryptoError for a wrap that isn't ours
 */
export async function rekeyCircle(
  core: SharingCore,
  ledger: Ledger,
  space: SpaceId,
  refused: number,
): Promise<Rekeyed> {
  const found = await findCircle(ledger, space);
  if (found === null) return asBefore(core, space);
  if (found.circle.mine) return adoptRotation(core, ledger, found);
  const later = await takeLater(core, found, refused);
  if (later !== null) return later;
  const wrap = await core.getWrap(memberTag(found.person, found.circle));
  // Rows may have come while the server was asked: what they brought is never written over.
  const now = await findCircle(ledger, space);
  if (now === null) return asBefore(core, space);
  const { circle, person } = now;
  const keys = wrap === null ? null : openMemberWrap(await core.self(), found.person, found.circle, wrap);
  const ours = keys?.space === space && keys.right === "write" && equalBytes(keys.owner, circle.owner);
  const fresh = ours ? keys.epochs.filter(({ epoch }) => epoch > newestEpoch(circle)) : [];
  const newest = fresh.at(-1);
  if (newest === undefined) {
    const came = await takeLater(core, now, refused);
    if (came !== null) return came;
    return wrap === null && newestEpoch(found.circle) === refused ? { state: "removed" } : asBefore(core, space);
  }
  const next: CircleRow = { ...circle, epochs: [...circle.epochs, ...fresh] };
  await core.writeState([ledger.circles.entry(space, next)]);
  await attachCircle(core, next, person, null);
  return { state: "rekeyed", epoch: newest.epoch, right: "write" };
}

interface Found {
  readonly circle: CircleRow;
  readonly person: PersonRow;
}

async function findCircle(ledger: Ledger, space: SpaceId): Promise<Found | null> {
  const circle = await ledger.circles.get(space);
  const person = circle === null ? null : await ledger.people.get(circle.person);
  return circle === null || person === null || person.pairKey === null ? null : { circle, person };
}

const newestEpoch = ({ epochs }: CircleRow): number => epochs.at(-1)?.epoch ?? 0;

/** Keys of a later epoch than `refused` are here, in the row or with the core: those are to be tried. Null: there are none. */
async function takeLater(core: SharingCore, { circle, person }: Found, refused: number): Promise<Rekeyed | null> {
  const inRow = newestEpoch(circle);
  const held = (await core.spaceKeys(circle.space))?.epoch ?? 0;
  const epoch = Math.max(inRow, held);
  if (epoch <= refused) return null;
  if (inRow > held) await attachCircle(core, circle, person, null);
  return { state: "rekeyed", epoch, right: "write" };
}

/**
 * Our own rotation may have reached the server while its answer did not reach us, or another device of mine rotated. Its
 * rows may bring the keys; the wrap that it left in the same step has them in any case.
 */
async function adoptRotation(core: SharingCore, ledger: Ledger, before: Found): Promise<Rekeyed> {
  const { space } = before.circle;
  const opened = await fetchOwnWrap(core, before.circle);
  // Read after the server was asked: rows may have come meanwhile.
  const { circle, person } = (await findCircle(ledger, space)) ?? before;
  const held = (await core.spaceKeys(space))?.epoch ?? 0;
  const ours = opened !== null && opened.space === space && opened.right === "own";
  const known = new Map(circle.epochs.map((one) => [one.epoch, one]));
  // What the server has is what counts: of two rotations made at once only one was taken.
  if (ours) for (const one of opened.epochs) known.set(one.epoch, one);
  const epochs = [...known.values()].toSorted((a, b) => a.epoch - b.epoch);
  const newest = epochs.at(-1)?.epoch ?? 0;
  if (newest <= held && newest <= newestEpoch(circle)) return asBefore(core, space);
  const next: CircleRow = { ...circle, epochs };
  await core.writeState([ledger.circles.entry(space, next)]);
  await attachCircle(core, next, person, null);
  return { state: "rekeyed", epoch: newest, right: "own" };
}

/** What the rotation after `epoch` leaves, made again with all that may be read now (SharingEvents.wrapsAfter). */
export async function wrapsAfter(
  core: SharingCore,
  ledger: Ledger,
  space: SpaceId,
  epoch: number,
): Promise<RotationWraps | null> {
  const circle = await ledger.circles.get(space);
  const person = circle === null ? null : await ledger.people.get(circle.person);
  if (circle === null || person === null || !circle.mine) return null;
  const self = await core.self();
  const before = beforeEpoch(circle, epoch + 1);
  const own = wrapForOwn(self, before, circle.epochs);
  // Whoever was removed since, or is about to be, gets nothing of what was between either.
  if (person.state !== "paired") return { wraps: own, removedTags: [memberTag(person, before)] };
  return { wraps: [wrapForMember(self, person, circle, circle.newest.hash, before), ...own], removedTags: [] };
}

async function fetchOwnWrap(core: SharingCore, circle: CircleRow): Promise<EpochKeys | null> {
  const ownKey = ownKeyIn(circle);
  const wrap = ownKey === null ? null : await core.getWrap(ownTag(ownKey, circle.space));
  if (wrap === null || ownKey === null) return null;
  try {
    return openOwnWrap(await core.self(), ownKey, circle.space, wrap);
  } catch (error) {
    // For the box of another removal than the one this device has heard of: rows of the pocket will bring the keys.
    if (error instanceof CryptoError) return null;
    throw error;
  }
}

async function asBefore(core: SharingCore, space: SpaceId): Promise<Rekeyed> {
  const keys = await core.spaceKeys(space);
  return keys === null ? { state: "removed" } : { state: "unchanged", epoch: keys.epoch, right: keys.right };
}
