/**
 * The pairing as its drops arrive: join request, answer, finish, and the pictures that both compare. Each step reads one
 * row and writes the next state together with the errands that follow from it, so a drop that comes twice, or an app that
 * was closed in between, changes nothing. @throws CryptoError for what doesn't open: the caller discards the drop, and
 * who dropped it gets no sign. Spec: docs/protocol/circles.md §2.
 */
import { createDropKey, dropKeyFromSeed } from "../../../crypto/capabilities.ts";
import { CryptoError } from "../../../crypto/errors.ts";
import { createAuthorKeys, openContactCard } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { acceptJoin, completeJoin, finishJoin, type Paired } from "../../../crypto/pairing.ts";
import { equalBytes } from "../../../crypto/sodium.ts";
import type { PersonId } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import { foundCircle } from "./circles.ts";
import type { Errand, Errands } from "./errands.ts";
import { endPairing, takeIntroduction } from "./introductions.ts";
import { registerContact, roleOf } from "./invitations.ts";
import type { Dropped, HandedOver, InvitationRow, Ledger, PersonRow } from "./ledger.ts";
import { encodeExtra, parseExtra } from "./pairing-extra.ts";
import { getPerson, laneOf } from "./people.ts";
import type { SharingCore } from "./ports.ts";

/** Inviter, first message. Only the first request of an invitation counts, whatever the server lets through. */
export async function receiveRequest(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  invitation: InvitationRow,
  message: Uint8Array,
): Promise<void> {
  if (invitation.person !== null) return;
  const self = await core.self();
  const myDrop = createDropKey();
  const myAuthor = createAuthorKeys();
  const step = acceptJoin(
    {
      invitation,
      inviterBox: self.box.seed,
      replyDropSeed: myDrop.seed,
      extra: encodeExtra({ by: invitation.by, author: myAuthor.publicKey }),
    },
    message,
  );
  const { fields, card, replyDropSeed, extra } = step.request;
  const { by, author } = parseExtra(extra);
  const id = randomId<PersonId>();
  const answer: Dropped = { do: "drop", seed: replyDropSeed, sealed: step.message, person: id };
  const person: PersonRow = {
    id,
    name: fields.name.trim(),
    role: roleOf(fields.role),
    state: "joining",
    begun: core.now(),
    side: "inviter",
    device: self.device,
    by: strictest(by, invitation.by),
    invitation: invitation.key,
    card,
    pairing: step.state,
    pairKey: null,
    pictures: null,
    theirDrop: replyDropSeed,
    myDrop,
    unheard: [answer],
    myAuthor,
    theirAuthor: author,
    circle: null,
    waiting: null,
    seen: [],
  };
  const steps: Errand[] = [registerContact(self, myDrop), answer];
  await core.writeState([
    ledger.people.entry(person.id, person),
    ledger.invitations.entry(invitation.key, { ...invitation, person: person.id }),
    ...(await errands.plan(laneOf(person.id), steps)),
  ]);
}

/** Joiner, second message: has the pair key now, and sends the third. */
export async function receiveAnswer(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  person: PersonRow,
  message: Uint8Array,
): Promise<void> {
  if (person.pairing === null) return;
  const self = await core.self();
  const extra = encodeExtra({ by: person.by, author: person.myAuthor.publicKey });
  const step = finishJoin(person.pairing, self.box.seed, message, extra);
  const { by, author } = parseExtra(step.extra);
  const finish: Dropped = { do: "drop", seed: step.replyDropSeed, sealed: step.message, person: person.id };
  const heard = { ...person, theirDrop: step.replyDropSeed, theirAuthor: author, unheard: [finish] };
  const next = withPairKey(heard, step, by);
  await writePaired(core, ledger, errands, next, [finish]);
}

/** Inviter, third message: the pairing is complete, and the invitation ends for good. */
export async function receiveFinish(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  person: PersonRow,
  message: Uint8Array,
): Promise<void> {
  if (person.pairing === null) return;
  const next = withPairKey({ ...person, unheard: [] }, completeJoin(person.pairing, message), person.by);
  const invitation = await ledger.invitations.get(person.invitation);
  const { mailbox } = await core.self();
  const end: Errand[] =
    invitation === null
      ? []
      : [
          {
            do: "ask",
            ask: { type: "revokeDrop", space: mailbox, key: dropKeyFromSeed(invitation.dropSeed).publicKey },
          },
        ];
  await writePaired(core, ledger, errands, next, end);
  // Its secrets have done their work; a request that comes once more finds nothing.
  if (invitation !== null) await core.writeState([ledger.invitations.entry(invitation.key, null)]);
}

/** What the person answered after comparing the seven pictures. @throws unknown-person, not-allowed */
export async function confirmPictures(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  id: PersonId,
  same: boolean,
): Promise<void> {
  const person = await getPerson(ledger, id);
  if (person.state === "paired" && same) return;
  if (person.state !== "compare") throw new VaultFailure("not-allowed");
  if (!same) return forgetPerson(core, ledger, errands, person);
  await writePaired(core, ledger, errands, { ...person, state: "paired" }, []);
}

/** Ends a pairing that came to nothing: no row is left, and the key they had to my mailbox is revoked. */
export async function forgetPerson(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  person: PersonRow,
): Promise<void> {
  const { mailbox } = await core.self();
  const revoke: Errand = { do: "ask", ask: { type: "revokeDrop", space: mailbox, key: person.myDrop.publicKey } };
  await core.writeState([
    ledger.people.entry(person.id, null),
    ...(await errands.drop(laneOf(person.id))),
    ...(await errands.plan(`gone-${person.id}`, [revoke])),
  ]);
}

/**
 * A pairing that can't come to its end: a device that had its secrets was lost, or the other has forgotten it. The row stays,
 * so that the person is told and can find the other again; the key they had to my mailbox is revoked. `tells`: the other is
 * told, where both have the pair key.
 */
export async function leaveUnfinished(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  person: PersonRow,
  tells = false,
): Promise<void> {
  if (person.state !== "joining" && person.state !== "compare" && person.state !== "paired") return;
  const self = await core.self();
  const revoke: Errand = { do: "ask", ask: { type: "revokeDrop", space: self.mailbox, key: person.myDrop.publicKey } };
  const word = tells ? endPairing(self, person) : null;
  const told: Errand[] =
    word === null || person.theirDrop === null
      ? []
      : [{ do: "drop", seed: person.theirDrop, sealed: word, person: person.id }];
  const ended: PersonRow = {
    ...person,
    state: "unfinished",
    pairing: null,
    pictures: null,
    waiting: null,
    unheard: [],
  };
  await core.writeState([
    ledger.people.entry(person.id, person.circle === null ? { ...ended, pairKey: null } : ended),
    ...(await errands.drop(laneOf(person.id))),
    ...(await errands.plan(`gone-${person.id}`, [revoke, ...told])),
  ]);
}

/** Found again: what came to nothing before is no longer worth a line. */
async function forgetUnfinished(core: SharingCore, ledger: Ledger, { id, card }: PersonRow): Promise<void> {
  const { identity } = openContactCard(card);
  for (const { row } of await ledger.people.all()) {
    const isThem = row.state === "unfinished" && row.circle === null && row.id !== id;
    if (isThem && equalBytes(openContactCard(row.card).identity, identity)) {
      await core.writeState([ledger.people.entry(row.id, null)]);
    }
  }
}

/** Writes the row; once it is paired, founds the circle or takes in the introduction that waited. */
async function writePaired(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  person: PersonRow,
  first: readonly Errand[],
): Promise<void> {
  if (person.state !== "paired") {
    await core.writeState([ledger.people.entry(person.id, person), ...(await errands.plan(laneOf(person.id), first))]);
    return;
  }
  await foundCircle(core, ledger, errands, person, first);
  await forgetUnfinished(core, ledger, person);
  if (person.waiting === null) return;
  try {
    await takeIntroduction(core, ledger, person, person.waiting);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    await core.writeState([ledger.people.entry(person.id, { ...person, waiting: null })]);
  }
}

function withPairKey(person: PersonRow, { pairKey, pictures }: Paired, by: HandedOver): PersonRow {
  const strict = strictest(person.by, by);
  return {
    ...person,
    by: strict,
    pairing: null,
    pairKey,
    pictures,
    state: strict === "link" ? "compare" : "paired",
  };
}

/**
 * Either side's "link" makes both compare. A stranger in the middle of a link can say "scan" to one side, but not to the
 * side that knows better: who invited knows how it handed the invitation over, who joined knows how it got it.
 */
const strictest = (a: HandedOver, b: HandedOver): HandedOver => (a === "link" || b === "link" ? "link" : "scan");
