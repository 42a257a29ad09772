/**
 * Parting from a person. Where the circle is mine it is rotated: new ladder, old capabilities refused, no wrap for the
 * other. Until the server has acknowledged that, nothing of this circle leaves ("takes effect when there is net").
 * Where the circle is theirs I can only leave it. Spec: docs/protocol/circles.md §6.
 */
import { deriveLadder } from "../../../crypto/ladder.ts";
import { hashCheckpoint, parseCheckpoint } from "../../../crypto/rosters.ts";
import { equalBytes } from "../../../crypto/sodium.ts";
import type { SpaceId } from "../../../crypto/types.ts";
import type { PersonId } from "../api.ts";
import { capabilityKeysOf } from "../keyring.ts";
import { MAX_TRIES } from "../reached.ts";
import type { Turn } from "../turns.ts";
import { readRoster } from "./checkpoints.ts";
import { attachCircle, rekeyCircle } from "./circle-keys.ts";
import { beforeEpoch, memberTag, wrapForOwn } from "./circle-wraps.ts";
import { circleLane } from "./circles.ts";
import type { Errand, Errands, Outcome } from "./errands.ts";
import type { CircleRow, Ledger, PersonRow, Rotation } from "./ledger.ts";
import { forgetPerson } from "./pairing.ts";
import { getPerson, laneOf } from "./people.ts";
import type { RotateAsk, SharingCore } from "./ports.ts";
import { createCircleRotation, pauseAfterMoved } from "./rotation.ts";
import { takeBack } from "./take-back.ts";

/** Decides it, strictly; the rest follows when there is net. @throws unknown-person */
export async function removePerson(core: SharingCore, ledger: Ledger, errands: Errands, id: PersonId): Promise<void> {
  const person = await getPerson(ledger, id);
  if (person.state === "joining" || person.state === "compare") return forgetPerson(core, ledger, errands, person);
  if (person.state === "unfinished" && person.circle === null) {
    return core.writeState([ledger.people.entry(id, null)]);
  }
  if (person.state !== "paired" && person.state !== "unfinished") return;
  const { mailbox } = await core.self();
  const revoke: Errand = { do: "ask", ask: { type: "revokeDrop", space: mailbox, key: person.myDrop.publicKey } };
  const circle = person.circle === null ? null : await ledger.circles.get(person.circle);
  const ends = [...(await errands.drop(laneOf(id))), ...(await errands.plan(`gone-${id}`, [revoke]))];
  if (circle === null || !circle.mine) {
    const { device } = await core.self();
    const removed: PersonRow = { ...person, state: "removed", ...(circle !== null && { leftOn: device }) };
    await core.writeState([ledger.people.entry(id, removed), ...ends]);
    // It is decided; what can't go now (a full disk) goes at the next start.
    return leaveCircle(core, removed).catch(() => undefined);
  }
  await core.writeState([
    ledger.people.entry(id, { ...person, state: "removing" }),
    ...(await giveUpWaiting(ledger, id)),
    ...ends,
    ...(await errands.plan(circleLane(circle.space), [{ do: "rotate", person: id }])),
  ]);
  await stopSending(core, ledger, errands, id, circle.space);
}

/** Their circle goes from this device. What a child wrote together with them there stays, as the child's own. */
async function leaveCircle(core: SharingCore, { circle, name, begun = 0 }: PersonRow): Promise<void> {
  if (circle === null) return;
  const { role } = await core.self();
  await core.forgetSpace(circle, role === "child" ? { together: name, met: begun } : null);
}

/** After a restart: what a closing broke off. */
export async function finishLeaving(core: SharingCore, ledger: Ledger): Promise<void> {
  const { device } = await core.self();
  for (const { row } of await ledger.people.all()) {
    if (row.state === "removed" && row.leftOn === device) await leaveCircle(core, row);
  }
}

/** Nothing more leaves; what hadn't left yet is taken back, so that it never will. */
async function stopSending(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  person: PersonId,
  space: SpaceId,
): Promise<void> {
  await core.holdOutbox(space, true);
  const records = await core.records(space);
  for (const { row } of await ledger.shares.all()) {
    const unsent = records.some(({ document, state }) => document === row.id && state === "pending");
    if (row.person === person && unsent) await takeBack(core, ledger, errands, row.id);
  }
}

/** Nobody is left who could confirm. */
async function giveUpWaiting(ledger: Ledger, person: PersonId) {
  return (await ledger.shares.all()).flatMap(({ id, row }) =>
    row.person === person && row.takeBack?.state === "waiting"
      ? [ledger.shares.entry(id, { ...row, takeBack: { ...row.takeBack, state: "unknown" as const } })]
      : [],
  );
}

/** After a restart, before anything can be sent: what was to be held is held. */
export async function holdRemovals(core: SharingCore, ledger: Ledger, errands: Errands): Promise<void> {
  for (const { row } of await ledger.people.all()) {
    if (row.state === "removing" && row.circle !== null) await stopSending(core, ledger, errands, row.id, row.circle);
  }
}

/** The errand. Asks outside the turns: the answer may take days. */
export async function rotateWithout(core: SharingCore, ledger: Ledger, turn: Turn, id: PersonId): Promise<Outcome> {
  for (let tries = 0; ; tries++) {
    const prepared = await turn(() => prepareRotation(core, ledger, id));
    if (prepared === null) return "done";
    const { ask, rotation } = prepared;
    const { incarnation } = rotation;
    const answer = await core.ask(tries < MAX_TRIES ? ask : { ...ask, seen: null }, { incarnation });
    const isRestored = answer === "connection-lost" && !(await isOfThisServer(core, ask.space, rotation));
    if (answer !== "head-moved" && !isRestored) return turn(() => settleRotation(core, ledger, id, rotation, answer));
    await turn(() => decideAnew(core, ledger, id));
    await pauseAfterMoved(core);
  }
}

/** What it names was there on the server that is caught up with now. */
const isOfThisServer = async (core: SharingCore, space: SpaceId, { incarnation }: Rotation): Promise<boolean> =>
  (await core.reached(space)).incarnation === incarnation;

/** What came in between is to be named as well. */
async function decideAnew(core: SharingCore, ledger: Ledger, id: PersonId): Promise<void> {
  const { circle } = await removalOf(ledger, id);
  if (circle !== null) await core.writeState([ledger.circles.entry(circle.space, { ...circle, rotation: null })]);
}

/**
 * Null when there is nothing left to rotate. The rotation is kept before it is asked, and asked again unchanged; but not of a
 * server that was restored since.
 */
async function prepareRotation(
  core: SharingCore,
  ledger: Ledger,
  id: PersonId,
): Promise<{ readonly ask: RotateAsk; readonly rotation: Rotation } | null> {
  const { person, circle } = await removalOf(ledger, id);
  if (person === null || circle === null || circle.ownerPrivate === null) return null;
  const { space } = circle;
  const kept =
    circle.rotation !== null && (await isOfThisServer(core, space, circle.rotation)) ? circle.rotation : null;
  const rotation = kept ?? (await createRotation(core, circle, person));
  if (kept === null) await core.writeState([ledger.circles.entry(space, { ...circle, rotation })]);
  const { epoch, seed, seen, record } = rotation;
  const ask: RotateAsk = {
    type: "rotate",
    space,
    expected: circle.head?.op ?? null,
    seen,
    epoch,
    keys: capabilityKeysOf(deriveLadder({ right: "own", seed, space, epoch })),
    wraps: wrapForOwn(await core.self(), beforeEpoch(circle, epoch), withEpoch(circle, rotation)),
    removedTags: [memberTag(person, beforeEpoch(circle, epoch))],
    record,
  };
  return { ask, rotation };
}

/** Its epochs and the rotation's, which may stand there already. */
const withEpoch = ({ epochs }: CircleRow, { epoch, seed }: Rotation): CircleRow["epochs"] => [
  ...epochs.filter((known) => known.epoch < epoch),
  { epoch, seed },
];

async function createRotation(core: SharingCore, circle: CircleRow, person: PersonRow): Promise<Rotation> {
  const { ladder: _, ...rotation } = await createCircleRotation(core, circle, person, (members, mine) =>
    members.filter(({ role }) => role === "owner").map((member) => ({ ...member, author: mine })),
  );
  return rotation;
}

/** `rotation`: what was asked; another device of mine may have written another one into the row meanwhile. */
async function settleRotation(
  core: SharingCore,
  ledger: Ledger,
  id: PersonId,
  rotation: Rotation,
  answer: string,
): Promise<Outcome> {
  const { person, circle } = await removalOf(ledger, id);
  if (person === null || circle === null) return "done";
  const { space } = circle;
  if (answer === "stale-checkpoint" || answer === "stale-epoch") {
    // Another device of mine came first: what it did is in the wrap it left for us, or comes with its rows.
    await rekeyCircle(core, ledger, space, rotation.epoch - 1);
    const now = await removalOf(ledger, id);
    if (now.circle === null) return "done";
    const isDone = await isOut(core, now.circle, rotation);
    await core.writeState([ledger.circles.entry(space, { ...now.circle, rotation: null })]);
    if (!isDone || now.person === null) return "later";
    return partDone(core, ledger, now.person, now.circle);
  }
  if (answer !== "done") return "later";
  const { checkpoint, head } = rotation;
  const next: CircleRow = {
    ...circle,
    epochs: withEpoch(circle, rotation),
    newest: { number: parseCheckpoint(checkpoint).number, hash: hashCheckpoint(checkpoint) },
    latest: checkpoint,
    head,
    rotation: null,
  };
  await attachCircle(core, next, person, null);
  return partDone(core, ledger, person, next);
}

/**
 * Whether the other has no part in that epoch: it is the one that was asked for, or the roster since names the owner alone. That
 * there is such an epoch says nothing by itself: a renewal (renew.ts) makes one with the other in it.
 */
async function isOut(core: SharingCore, circle: CircleRow, { epoch, seed }: Rotation): Promise<boolean> {
  const stands = circle.epochs.find((known) => known.epoch === epoch);
  if (stands !== undefined && equalBytes(stands.seed, seed)) return true;
  const roster = readRoster(circle, await core.records(circle.space));
  return typeof roster !== "string" && roster.epoch >= epoch && roster.members.every(({ role }) => role === "owner");
}

/** The other has no part in this epoch any more: what is left goes on without them. */
async function partDone(core: SharingCore, ledger: Ledger, person: PersonRow, circle: CircleRow): Promise<Outcome> {
  const { space } = circle;
  // Another device of mine may have made it: its checkpoint comes with the records.
  if (circle.latest !== undefined) await core.setAuthors(space, parseCheckpoint(circle.latest));
  await core.writeState([
    ledger.circles.entry(space, { ...circle, rotation: null }),
    ledger.people.entry(person.id, { ...person, state: "removed" }),
  ]);
  await core.holdOutbox(space, false);
  core.changed("people");
  return "done";
}

async function removalOf(ledger: Ledger, id: PersonId) {
  const person = await ledger.people.get(id);
  if (person === null || person.state !== "removing" || person.circle === null) return { person: null, circle: null };
  return { person, circle: await ledger.circles.get(person.circle) };
}
