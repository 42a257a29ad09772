/**
 * After a device of mine was lost: every circle of mine gets a new epoch, author key and pair key, and the other hears of my
 * new card. What is due follows from the rows: the pocket's epoch has risen above that under which a circle was rotated.
 * So nothing is planned, any device of mine can do it, and what was broken off is begun again.
 *
 * From the moment the person removes the device until the circle's rotation is acknowledged, nothing of it leaves. The
 * device that removed goes first; another steps in when it doesn't come. Spec: docs/protocol/devices.md §6.
 */
import { dropKeyFromSeed } from "../../../crypto/capabilities.ts";
import { hashCheckpoint, parseCheckpoint } from "../../../crypto/rosters.ts";
import { equalBytes } from "../../../crypto/sodium.ts";
import type { SpaceId } from "../../../crypto/types.ts";
import { VaultFailure } from "../failure.ts";
import { capabilityKeysOf } from "../keyring.ts";
import { MAX_TRIES } from "../reached.ts";
import type { Turn } from "../turns.ts";
import { attachCircle, rekeyCircle } from "./circle-keys.ts";
import { wrapForMember, wrapForOwn } from "./circle-wraps.ts";
import type { Errand, Errands } from "./errands.ts";
import type { CircleRow, Ledger, PersonRow } from "./ledger.ts";
import { sayCard, tellOwners } from "./new-cards.ts";
import { leaveUnfinished } from "./pairing.ts";
import type { RotateAsk, Self, SharingCore } from "./ports.ts";
import { createCircleRotation, pauseAfterMoved } from "./rotation.ts";

/** Longer than the device that removed needs when it has net. */
const STEP_IN_MS = 60_000;

export interface Renewals {
  /** Holds what must wait, and does what is due. @throws VaultFailure, TransportError: to be called again */
  run(): Promise<void>;
}

const isDue = ({ pocketEpoch }: Self, { under }: CircleRow, { theirNext }: PersonRow): boolean =>
  (under ?? 1) < pocketEpoch || theirNext !== undefined;

/** Circles of mine with somebody. */
async function ownCircles(
  ledger: Ledger,
): Promise<readonly { readonly circle: CircleRow; readonly person: PersonRow }[]> {
  const circles = (await ledger.circles.all()).filter(({ row }) => row.mine && row.problem === null);
  const pairs = await Promise.all(
    circles.map(async ({ row: circle }) => ({ circle, person: await ledger.people.get(circle.person) })),
  );
  return pairs.flatMap(({ circle, person }) => (person?.state === "paired" ? [{ circle, person }] : []));
}

/** After a restart too, before anything can be sent. In a turn. */
export async function holdForRenewal(core: SharingCore, ledger: Ledger): Promise<void> {
  const self = await core.self();
  for (const { circle, person } of await ownCircles(ledger)) {
    if (self.losing || isDue(self, circle, person)) await core.holdOutbox(circle.space, true);
  }
}

export function createRenewals(core: SharingCore, ledger: Ledger, turn: Turn): Renewals {
  let waited: number | null = null;
  let running: Promise<void> | null = null;
  let again = false;

  async function renewAll(): Promise<void> {
    do {
      again = false;
      await turn(() => holdForRenewal(core, ledger));
      const self = await core.self();
      if (self.losing) return;
      const told = await tellOwners(core, ledger, turn, () => isOurTurn(self));
      if (!told) core.after(STEP_IN_MS, () => void run().catch(() => undefined));
      for (const { circle, person } of await ownCircles(ledger)) {
        // What the other asked for any device of mine does at once: the server takes one.
        const waits = person.theirNext === undefined && isDue(self, circle, person);
        if (waits && !(await isOurTurn(self))) {
          core.after(STEP_IN_MS, () => void run().catch(() => undefined));
          return;
        }
        // Also when another device did it: what was held here goes on.
        await renewCircle(core, ledger, turn, circle.space);
      }
    } while (again);
  }

  async function isOurTurn(self: Self): Promise<boolean> {
    if (self.renews) return true;
    waited ??= core.now();
    return core.now() - waited >= STEP_IN_MS;
  }

  function run(): Promise<void> {
    if (running !== null) {
      again = true;
      return running;
    }
    running = renewAll().finally(() => {
      running = null;
    });
    return running;
  }

  return { run };
}

async function renewCircle(core: SharingCore, ledger: Ledger, turn: Turn, space: SpaceId): Promise<void> {
  for (let tries = 0; ; tries++) {
    const prepared = await turn(() => prepare(core, ledger, space));
    if (prepared === null) break;
    const { ask, incarnation, next } = prepared;
    const answer = await core.ask(tries < MAX_TRIES ? ask : { ...ask, seen: null }, { incarnation });
    if (answer !== "head-moved") {
      await turn(() => settle(core, ledger, space, next, answer));
      break;
    }
    // What another device of mine had shown by now is to be named, or the other person would lose it.
    await pauseAfterMoved(core);
  }
  await turn(() => tell(core, ledger, space));
}

async function find(ledger: Ledger, space: SpaceId) {
  return (await ownCircles(ledger)).find(({ circle }) => circle.space === space) ?? null;
}

/** Made anew at each try: what the others had said by then counts. Null when it is done. */
async function prepare(
  core: SharingCore,
  ledger: Ledger,
  space: SpaceId,
): Promise<{ readonly ask: RotateAsk; readonly incarnation: string | null; readonly next: CircleRow } | null> {
  const self = await core.self();
  const found = await find(ledger, space);
  if (found === null || !isDue(self, found.circle, found.person)) return null;
  const { circle, person } = found;
  const { epoch, seed, seen, incarnation, ladder, checkpoint, record, head } = await createCircleRotation(
    core,
    circle,
    person,
    (members, mine) =>
      members.map((member) => ({
        ...member,
        author: member.role === "owner" ? mine : (person.theirNext ?? member.author),
      })),
  );
  const hash = hashCheckpoint(checkpoint);
  const next: CircleRow = {
    ...circle,
    epochs: [...circle.epochs, { epoch, seed }],
    under: self.pocketEpoch,
    newest: { number: circle.newest.number + 1, hash },
    latest: checkpoint,
    head,
  };
  const ask: RotateAsk = {
    type: "rotate",
    space,
    expected: circle.head?.op ?? null,
    seen,
    epoch,
    keys: capabilityKeysOf(ladder),
    wraps: [wrapForMember(self, person, next, hash, circle), ...wrapForOwn(self, circle, next.epochs)],
    removedTags: [],
    record,
  };
  return { ask, incarnation, next };
}

async function settle(
  core: SharingCore,
  ledger: Ledger,
  space: SpaceId,
  next: CircleRow,
  answer: string,
): Promise<void> {
  // Another device of mine came first, or our answer was lost: what counts lies in the wrap, or comes with the rows.
  const refused = (next.epochs.at(-1)?.epoch ?? 1) - 1;
  if (answer === "stale-checkpoint" || answer === "stale-epoch") await rekeyCircle(core, ledger, space, refused);
  if (answer !== "done") throw new VaultFailure("failed");
  const found = await find(ledger, space);
  if (found === null) return;
  const { theirNext, ...person } = found.person;
  const before = person.theirAuthor === null ? [] : [person.theirAuthor];
  const isNew =
    theirNext !== undefined &&
    parseCheckpoint(next.latest ?? next.genesis).members.some((member) => equalBytes(member.author, theirNext));
  const settled: PersonRow = isNew
    ? { ...person, theirAuthor: theirNext, theirEarlier: [...(person.theirEarlier ?? []), ...before] }
    : found.person;
  await core.writeState([ledger.circles.entry(space, next), ledger.people.entry(person.id, settled)]);
  await attachCircle(core, next, settled, null);
}

/** The other learns my new card, where nobody can say it but me; then everything goes on. */
async function tell(core: SharingCore, ledger: Ledger, space: SpaceId): Promise<void> {
  const self = await core.self();
  const found = await find(ledger, space);
  // Another device was taken out meanwhile: it reads this epoch, and what waits waits for the next.
  if (self.losing || found === null || isDue(self, found.circle, found.person)) return;
  const { circle } = found;
  if ((circle.told ?? 1) < self.pocketEpoch) {
    await sayCard(core, space, self);
    await core.writeState([ledger.circles.entry(space, { ...circle, told: self.pocketEpoch })]);
  }
  await core.holdOutbox(space, false);
}

/**
 * Invitations and pairings that a lost device knew the secrets of end; so do the keys with which contacts once dropped into
 * my mailbox, which they need no more. In a turn; harmless twice.
 */
export async function endUnfinished(core: SharingCore, ledger: Ledger, errands: Errands): Promise<void> {
  const { mailbox } = await core.self();
  const revoke = (key: Uint8Array): Errand => ({ do: "ask", ask: { type: "revokeDrop", space: mailbox, key } });
  for (const { id, row } of await ledger.invitations.all()) {
    const key = dropKeyFromSeed(row.dropSeed).publicKey;
    await core.writeState([ledger.invitations.entry(id, null), ...(await errands.plan(`gone-${id}`, [revoke(key)]))]);
  }
  for (const { row } of await ledger.people.all()) {
    if (row.state === "joining" || row.state === "compare") await leaveUnfinished(core, ledger, errands, row, true);
    else if (row.circle !== null) {
      await core.writeState([
        ledger.people.entry(row.id, { ...row, myDropClosed: true }),
        ...(await errands.plan(`gone-${row.id}`, [revoke(row.myDrop.publicKey)])),
      ]);
    }
  }
}
