/**
 * Circles: one space per relationship, owned by the child. It is founded the moment the two are paired, by the child's
 * own device: then a first showing is one act that needs no round trip, writing together has a place, and the other's
 * Lomme has the keys while both still sit in one room. Founding says nothing but that the two are paired, and the server
 * can tell that from the drops already. Spec: docs/protocol/circles.md §3.
 */
import { createOwnerKeys } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { createOwnSeed, deriveLadder } from "../../../crypto/ladder.ts";
import {
  hashCheckpoint,
  NO_CHECKPOINT,
  parseCheckpoint,
  type RosterMember,
  signCheckpoint,
} from "../../../crypto/rosters.ts";
import { equalBytes, KEY_BYTES, randomBytes } from "../../../crypto/sodium.ts";
import type { AuthorPublicKey, Checkpoint, Hash32, MemberId, PairKey, SpaceId } from "../../../crypto/types.ts";
import { clientTag } from "../../documents/client-ids.ts";
import { readRoster, sealCheckpoint } from "./checkpoints.ts";
import { attachCircle, attachNewCircle } from "./circle-keys.ts";
import { wrapForMember } from "./circle-wraps.ts";
import { parseControl } from "./control.ts";
import type { Errand, Errands } from "./errands.ts";
import { introduceCircle } from "./introductions.ts";
import type { CircleRow, Dropped, Ledger, PersonRow } from "./ledger.ts";
import { findEarlier, laneOf, ownsCircle } from "./people.ts";
import type { OpenedRecord, SharingCore } from "./ports.ts";

const FIRST_EPOCH = 1;

/** Errands of a circle that must keep their order: its checkpoints and deletions. */
export const circleLane = (space: SpaceId): string => `circle-${space}`;

/**
 * Writes a paired person's row with the errands that are due first; where the circle is ours to found, founds it in the
 * same write. Idempotent: a person has one circle.
 *
 * The other is introduced when the server has the circle, since whoever is told of one that isn't there yet can only ask
 * for it again and again. So its beginning stands in the person's lane too: asked twice, it is answered twice the same.
 */
export async function foundCircle(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  person: PersonRow,
  first: readonly Errand[],
): Promise<void> {
  const self = await core.self();
  if (person.circle !== null || person.theirAuthor === null || !ownsCircle(self.role, person)) {
    await core.writeState([ledger.people.entry(person.id, person), ...(await errands.plan(laneOf(person.id), first))]);
    return;
  }
  const { circle, genesisErrand } = createCircle(person, person.theirAuthor, self.pocketEpoch);
  // An adult whose browser was emptied comes back as somebody new; only the child can say who it is (again.ts).
  const maybeAgain = person.role === "child" ? [] : await findEarlier(ledger, person);
  const paired: PersonRow = { ...person, circle: circle.space, ...(maybeAgain.length > 0 && { maybeAgain }) };
  const wraps = [wrapForMember(self, paired, circle, circle.newest.hash)];
  const introduce: Dropped[] =
    person.theirDrop === null
      ? []
      : [{ do: "drop", seed: person.theirDrop, sealed: introduceCircle(self, paired, circle), person: person.id }];
  await core.writeState([
    ledger.people.entry(person.id, { ...paired, unheard: [...(person.unheard ?? []), ...introduce] }),
    ledger.circles.entry(circle.space, circle),
    ...(await errands.plan(laneOf(person.id), [...first, genesisErrand, ...introduce])),
    ...(await errands.plan(circleLane(circle.space), [genesisErrand])),
  ]);
  await attachNewCircle(core, ledger, circle, paired, wraps);
}

/** No two begin alike: the beginning says whose a client id of Yjs is (documents/client-ids.ts). */
function memberIds(): readonly [MemberId, MemberId] {
  const [mine, theirs] = [randomId<MemberId>(), randomId<MemberId>()];
  return clientTag(mine) === clientTag(theirs) ? memberIds() : [mine, theirs];
}

function createCircle(
  person: PersonRow,
  theirAuthor: AuthorPublicKey,
  pocketEpoch: number,
): { readonly circle: CircleRow; readonly genesisErrand: Errand } {
  const space = randomId<SpaceId>();
  const owner = createOwnerKeys();
  const seed = createOwnSeed();
  const [mine, theirs] = memberIds();
  const genesis = signCheckpoint(
    {
      space,
      epoch: FIRST_EPOCH,
      number: 0,
      previous: NO_CHECKPOINT,
      owner: owner.publicKey,
      members: [
        { author: person.myAuthor.publicKey, role: "owner", memberId: mine },
        { author: theirAuthor, role: "member", memberId: theirs },
      ],
      frontier: [],
    },
    owner.privateKey,
  );
  const { contentKey } = deriveLadder({ right: "own", seed, space, epoch: FIRST_EPOCH });
  const { record, head } = sealCheckpoint(genesis, null, person.myAuthor.privateKey, contentKey);
  const circle: CircleRow = {
    space,
    person: person.id,
    mine: true,
    owner: owner.publicKey,
    ownerPrivate: owner.privateKey,
    ownKey: randomBytes(KEY_BYTES) as PairKey,
    genesis,
    epochs: [{ epoch: FIRST_EPOCH, seed }],
    under: pocketEpoch,
    told: pocketEpoch,
    newest: { number: 0, hash: hashCheckpoint(genesis) },
    head,
    tombstones: 0,
    rotation: null,
    attached: false,
    problem: null,
  };
  return { circle, genesisErrand: { do: "ask", ask: { type: "checkpoint", space, expected: null, record } } };
}

/**
 * Circles, or epochs of one, that stand in our rows and not yet with the core: a closing came in between, this device is
 * new, or another of mine founded or rotated one.
 */
export async function reattachCircles(core: SharingCore, ledger: Ledger): Promise<void> {
  for (const { row: circle } of await ledger.circles.all()) {
    const person = await ledger.people.get(circle.person);
    if (person === null || person.state === "removed") continue;
    const newest = circle.epochs.at(-1)?.epoch ?? 0;
    const held = (await core.spaceKeys(circle.space))?.epoch ?? 0;
    if (circle.attached && held >= newest) continue;
    // It is created with its first epoch; a later one is with the server already.
    const isNew = circle.mine && newest === FIRST_EPOCH;
    const wraps = isNew ? [wrapForMember(await core.self(), person, circle, circle.newest.hash)] : null;
    await attachNewCircle(core, ledger, circle, person, wraps);
  }
}

/**
 * Follows the roster to the newest checkpoint. Two histories: the circle is read-only from then on, and both are kept.
 * A server that holds checkpoints back can't take us to an older roster than we have seen.
 */
export async function followRoster(
  core: SharingCore,
  ledger: Ledger,
  circle: CircleRow,
  records: readonly OpenedRecord[],
): Promise<CircleRow> {
  const roster = readRoster(circle, records);
  if (roster === "fork" && circle.problem === null) {
    const forked: CircleRow = { ...circle, problem: roster };
    await core.holdOutbox(circle.space, true);
    await core.writeState([ledger.circles.entry(circle.space, forked)]);
    return forked;
  }
  if (typeof roster === "string") return circle;
  const latest = checkpointOf(records, roster.hash);
  await takeMyNext(core, ledger, circle, roster.members);
  // On a new device the row knows it already, and the core doesn't.
  if (latest !== null) await core.setAuthors(circle.space, parseCheckpoint(latest));
  await followAuthors(core, ledger, circle, roster.members);
  if (latest === null || roster.number <= circle.newest.number) return circle;
  const newest = { number: roster.number, hash: roster.hash };
  const next: CircleRow = { ...circle, newest, latest, head: circle.mine ? headOf(records, roster.hash) : null };
  await core.writeState([ledger.circles.entry(circle.space, next)]);
  return next;
}

/** The owner has put the key into the roster that I said I should sign with: from here on I do. */
async function takeMyNext(
  core: SharingCore,
  ledger: Ledger,
  circle: CircleRow,
  members: readonly RosterMember[],
): Promise<void> {
  const person = await ledger.people.get(circle.person);
  if (circle.mine || person === null) return;
  const renewed = await core.renewedAuthors(circle.space);
  const at = renewed.findIndex(({ publicKey }) => members.some(({ author }) => equalBytes(author, publicKey)));
  const noted = renewed.findIndex(({ publicKey }) => equalBytes(publicKey, person.myAuthor.publicKey));
  const next = renewed[at];
  // Another device of mine may have come further: never back.
  if (next === undefined || (noted >= 0 && noted < at)) return;
  // Or as far, and noted it in the row that we share: here too it is signed with from now on.
  const isNoted = noted === at;
  const held = (await core.spaceKeys(circle.space))?.authorPrivate;
  if (isNoted && held !== undefined && equalBytes(held, next.privateKey)) return;
  const myEarlier = [...(person.myEarlier ?? []), person.myAuthor.publicKey];
  const signing: PersonRow = isNoted ? person : { ...person, myAuthor: next, myEarlier };
  if (!isNoted) await core.writeState([ledger.people.entry(person.id, signing)]);
  await attachCircle(core, circle, signing, null);
}

/** The owner signs with another key after each rotation; what they said before stays theirs. */
async function followAuthors(
  core: SharingCore,
  ledger: Ledger,
  circle: CircleRow,
  members: readonly RosterMember[],
): Promise<void> {
  const person = await ledger.people.get(circle.person);
  const theirs = members.find(({ role }) => (role === "owner") !== circle.mine)?.author;
  if (person === null || person.theirAuthor === null || theirs === undefined) return;
  if (equalBytes(theirs, person.theirAuthor)) return;
  const theirEarlier = [...(person.theirEarlier ?? []), person.theirAuthor];
  const { theirNext, ...rest } = person;
  // Another device of mine put in what they asked for.
  const isAsked = theirNext !== undefined && equalBytes(theirNext, theirs);
  const next: PersonRow = { ...(isAsked ? rest : person), theirAuthor: theirs, theirEarlier };
  await core.writeState([ledger.people.entry(person.id, next)]);
}

function checkpointOf(records: readonly OpenedRecord[], hash: Hash32): Checkpoint | null {
  for (const { kind, payload } of records) {
    const control = kind === "control" ? parseControl(payload) : null;
    if (control?.type === "checkpoint" && equalBytes(hashCheckpoint(control.checkpoint), hash))
      return control.checkpoint;
  }
  return null;
}

/** Another device of mine made the newest checkpoint: ours continues from its record. */
function headOf(records: readonly OpenedRecord[], checkpoint: Hash32): CircleRow["head"] {
  const record = records.find(({ kind, payload }) => {
    const control = kind === "control" ? parseControl(payload) : null;
    return control?.type === "checkpoint" && equalBytes(hashCheckpoint(control.checkpoint), checkpoint);
  });
  return record === undefined || record.opId === null || record.place === null
    ? null
    : { op: record.opId, hash: record.place.hash };
}
