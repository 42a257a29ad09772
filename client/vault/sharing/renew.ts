/**
 * After a device of mine was lost: every circle of mine gets a new epoch, author key and pair key, and the other hears of my
 * new card. What is due follows from the rows: the pocket's epoch has risen above that under which a circle was rotated.
 * So nothing is planned, any device of mine can do it, and what was broken off is begun again.
 *
 * From the moment the person removes the device until the circle's rotation is acknowledged, nothing of it leaves. The
 * device that removed goes first; another steps in when it doesn't come. Spec: docs/protocol/devices.md §6.
 */
import { dropKeyFromSeed } from "../../../crypto/capabilities.ts";
import { openContactCard } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { createOwnSeed, deriveLadder } from "../../../crypto/ladder.ts";
import { deriveAuthorKeys } from "../../../crypto/renewed.ts";
import { hashCheckpoint, signCheckpoint } from "../../../crypto/rosters.ts";
import { equalBytes, fromBase64Url, toBase64Url } from "../../../crypto/sodium.ts";
import type { ContactCard, DocumentTag, SpaceId } from "../../../crypto/types.ts";
import { VaultFailure } from "../failure.ts";
import { capabilityKeysOf } from "../keyring.ts";
import { readRoster, sealCheckpoint } from "./checkpoints.ts";
import { attachCircle, rekeyCircle } from "./circle-keys.ts";
import type { Heard } from "./circle-log.ts";
import { myAuthorIn, wrapForMember, wrapForOwn } from "./circle-wraps.ts";
import type { Errand, Errands } from "./errands.ts";
import { cardOf } from "./invitations.ts";
import type { CircleRow, Ledger, PersonRow } from "./ledger.ts";
import { forgetPerson } from "./pairing.ts";
import { encodeSaid } from "./payloads.ts";
import { cardKeys } from "./people.ts";
import type { Self, SharingAsk, SharingCore } from "./ports.ts";
import type { Turn } from "./turns.ts";

/** Longer than the device that removed needs when it has net. */
const STEP_IN_MS = 60_000;

export interface Renewals {
  /** Holds what must wait, and does what is due. @throws VaultFailure, TransportError: to be called again */
  run(): Promise<void>;
}

const isDue = ({ pocketEpoch }: Self, { under }: CircleRow): boolean => (under ?? 1) < pocketEpoch;

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
  if (!self.losing && self.pocketEpoch < 2) return;
  for (const { circle } of await ownCircles(ledger)) {
    if (self.losing || isDue(self, circle)) await core.holdOutbox(circle.space, true);
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
      if (self.losing || self.pocketEpoch < 2) return;
      for (const { circle } of await ownCircles(ledger)) {
        if (isDue(self, circle) && !(await isOurTurn(self))) {
          core.after(STEP_IN_MS, () => void run().catch(() => undefined));
          return;
        }
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
  const prepared = await turn(() => prepare(core, ledger, space));
  if (prepared !== null) {
    const answer = await core.ask(prepared.ask);
    await turn(() => settle(core, ledger, space, prepared.next, answer));
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
): Promise<{ readonly ask: SharingAsk; readonly next: CircleRow } | null> {
  const self = await core.self();
  const found = await find(ledger, space);
  if (found === null || !isDue(self, found.circle)) return null;
  const { circle, person } = found;
  const roster = readRoster(circle, await core.records(space));
  if (typeof roster === "string" || circle.ownerPrivate === null) throw new VaultFailure("failed");
  const epoch = (circle.epochs.at(-1)?.epoch ?? 0) + 1;
  const seed = createOwnSeed();
  const author = deriveAuthorKeys(seed, { space, epoch }).publicKey;
  const checkpoint = signCheckpoint(
    {
      space,
      epoch,
      number: circle.newest.number + 1,
      previous: circle.newest.hash,
      owner: circle.owner,
      members: roster.members.map((member) => (member.role === "owner" ? { ...member, author } : member)),
      frontier: await core.frontier(space),
    },
    circle.ownerPrivate,
  );
  const ladder = deriveLadder({ right: "own", seed, space, epoch });
  const before = myAuthorIn(person, circle).privateKey;
  const { record, head } = sealCheckpoint(checkpoint, circle.head?.hash ?? null, before, ladder.contentKey);
  const hash = hashCheckpoint(checkpoint);
  const next: CircleRow = {
    ...circle,
    epochs: [...circle.epochs, { epoch, seed }],
    under: self.pocketEpoch,
    newest: { number: circle.newest.number + 1, hash },
    latest: checkpoint,
    head,
  };
  const ask: SharingAsk = {
    type: "rotate",
    space,
    expected: circle.head?.op ?? null,
    epoch,
    keys: capabilityKeysOf(ladder),
    wraps: [wrapForMember(self, person, next, hash, circle), ...wrapForOwn(self, circle, next.epochs)],
    removedTags: [],
    record,
  };
  return { ask, next };
}

async function settle(
  core: SharingCore,
  ledger: Ledger,
  space: SpaceId,
  next: CircleRow,
  answer: string,
): Promise<void> {
  // Another device of mine came first, or our answer was lost: what counts lies in the wrap, or comes with the rows.
  if (answer === "stale-checkpoint" || answer === "stale-epoch") await rekeyCircle(core, ledger, space);
  if (answer !== "done") throw new VaultFailure("failed");
  const found = await find(ledger, space);
  if (found === null) return;
  await core.writeState([ledger.circles.entry(space, next)]);
  await attachCircle(core, next, found.person, null);
}

/** The other learns my new card, where nobody can say it but me; then everything goes on. */
async function tell(core: SharingCore, ledger: Ledger, space: SpaceId): Promise<void> {
  const self = await core.self();
  const found = await find(ledger, space);
  if (found === null || isDue(self, found.circle)) return;
  const { circle } = found;
  if ((circle.told ?? 1) < self.pocketEpoch) {
    const payload = encodeSaid({ type: "card", at: core.now(), card: toBase64Url(cardOf(self)) });
    await core.say(space, randomId<DocumentTag>(), "said", payload, []);
    await core.writeState([ledger.circles.entry(space, { ...circle, told: self.pocketEpoch })]);
  }
  await core.holdOutbox(space, false);
}

/** Their newest card, when it is the same person's: from then on what is for them is sealed for its box. In a turn. */
export async function followCard(
  ledger: Ledger,
  core: SharingCore,
  { person, utterances }: Pick<Heard, "person" | "utterances">,
): Promise<void> {
  const said = utterances.flatMap(({ from, payload }) =>
    from === "them" && payload.type === "card" ? [payload.card] : [],
  );
  const newest = said.at(-1);
  if (newest === undefined) return;
  const card = fromBase64Url(newest) as ContactCard;
  const now = await ledger.people.get(person.id);
  if (now === null || equalBytes(card, now.card)) return;
  try {
    if (!equalBytes(openContactCard(card).identity, cardKeys(now).identity)) return;
  } catch {
    return; // No card.
  }
  await core.writeState([ledger.people.entry(now.id, { ...now, card })]);
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
    if (row.state === "joining" || row.state === "compare") await forgetPerson(core, ledger, errands, row);
    else if (row.circle !== null) {
      await core.writeState(await errands.plan(`gone-${row.id}`, [revoke(row.myDrop.publicKey)]));
    }
  }
}
