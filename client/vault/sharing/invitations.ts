/**
 * Making an invitation, and taking one up: up to the first of the three messages of crypto/pairing.ts (the other two are
 * in pairing.ts). Spec: docs/protocol/circles.md §1.
 */
import { createDropKey, dropKeyFromSeed } from "../../../crypto/capabilities.ts";
import { CryptoError } from "../../../crypto/errors.ts";
import {
  type Role as CardRole,
  createAuthorKeys,
  hashCard,
  openContactCard,
  signContactCard,
} from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import {
  createQrSecret,
  encodeInvitation,
  openInvitedCard,
  parseInvitation,
  sealInvitedCard,
} from "../../../crypto/invitation.ts";
import { createJoin } from "../../../crypto/pairing.ts";
import { toHex } from "../../../crypto/sodium.ts";
import type { ContactCard, DropKeyPair } from "../../../crypto/types.ts";
import type { Invitation, PersonId, Role } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import type { Errand, Errands } from "./errands.ts";
import type { Dropped, HandedOver, InvitationRow, Ledger, PersonRow } from "./ledger.ts";
import { encodeExtra } from "./pairing-extra.ts";
import { CONTACT_QUOTA_BYTES, laneOf } from "./people.ts";
import type { Self, SharingCore } from "./ports.ts";

/**
 * scan: both are in one room; ten minutes outlast a phone that must first install Lomme, and a photo taken of the screen
 * is worthless by the afternoon. link: it waits in a mailbox until somebody reads their mail, over a weekend too; the
 * seven pictures protect it meanwhile.
 */
const LIFETIME_SECONDS: Readonly<Record<HandedOver, number>> = { scan: 10 * 60, link: 3 * 24 * 3600 };
/** One join request; the largest drop there is. */
const INVITATION_QUOTA_BYTES = 64 * 1024;
/** How long an unused invitation is remembered past its end: its request may lie in the mailbox while we are away. */
const KEEP_EXPIRED_MS = 30 * 24 * 3600 * 1000;

export const invitationLane = (key: string): string => `invitation-${key}`;

/** @throws offline */
export async function createInvitation(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  by: HandedOver,
): Promise<Invitation & { readonly lane: string }> {
  if (!core.isOnline()) throw new VaultFailure("offline");
  const self = await core.self();
  const card = cardOf(self);
  const drop = createDropKey();
  const key = toHex(drop.publicKey);
  const expires = Math.floor(core.now() / 1000) + LIFETIME_SECONDS[by];
  const invitation = {
    mailbox: self.mailbox,
    dropSeed: drop.seed,
    qrSecret: createQrSecret(),
    cardHash: hashCard(card),
    expires,
  };
  const row: InvitationRow = { ...invitation, card, key, by, device: self.device, person: null };
  const lane = invitationLane(key);
  await core.writeState([ledger.invitations.entry(key, row), ...(await errands.plan(lane, [registerInvitation(row)]))]);
  return { payload: encodeInvitation(invitation), expiresAt: expires * 1000, lane };
}

/** Registers the key with which whoever is invited drops one request, with my card behind it. */
export const registerInvitation = (row: InvitationRow): Errand => ({
  do: "ask",
  ask: {
    type: "registerDrop",
    space: row.mailbox,
    drop: {
      key: dropKeyFromSeed(row.dropSeed).publicKey,
      expires: row.expires,
      singleUse: true,
      quotaBytes: INVITATION_QUOTA_BYTES,
      attachment: sealInvitedCard(row, row.card),
    },
  },
});

/** Invitations that have done their work, and those nobody came through, long after their end. */
export async function forgetOldInvitations(core: SharingCore, ledger: Ledger): Promise<void> {
  const old: string[] = [];
  for (const { id, row } of await ledger.invitations.all()) {
    const person = row.person === null ? null : await ledger.people.get(row.person);
    const isOver =
      row.person === null ? row.expires * 1000 + KEEP_EXPIRED_MS < core.now() : person?.state !== "joining";
    if (isOver) old.push(id);
  }
  if (old.length > 0) await core.writeState(old.map((id) => ledger.invitations.entry(id, null)));
}

export interface Invited {
  readonly invitation: ReturnType<typeof parseInvitation>;
  readonly card: ContactCard;
  readonly drop: DropKeyPair;
}

/** Reads an invitation and fetches who invites. @throws invitation-broken, -expired, -used, not-allowed, offline */
export async function fetchInvited(core: SharingCore, payload: string): Promise<Invited> {
  const invitation = orBroken(() => parseInvitation(payload));
  if (invitation.mailbox === (await core.self()).mailbox) throw new VaultFailure("not-allowed");
  if (invitation.expires * 1000 <= core.now()) throw new VaultFailure("invitation-expired");
  const drop = dropKeyFromSeed(invitation.dropSeed);
  const sealed = await core.dropAttachment(drop);
  // The server doesn't tell apart what never was, is revoked or is over; by our clock it isn't over.
  if (sealed === null) throw new VaultFailure("invitation-used");
  return { invitation, card: orBroken(() => openInvitedCard(invitation, sealed)).card, drop };
}

/** Writes the person and its first message; a link opened twice is one person. */
export async function startJoin(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  { invitation, card, drop }: Invited,
  by: HandedOver,
): Promise<PersonId> {
  const key = toHex(drop.publicKey);
  const known = (await ledger.people.all()).find(({ row }) => row.invitation === key);
  if (known !== undefined) return known.row.id;
  const self = await core.self();
  const myDrop = createDropKey();
  const myAuthor = createAuthorKeys();
  const { message, state } = createJoin({
    invitation,
    inviterCard: card,
    joinerCard: cardOf(self),
    replyDropSeed: myDrop.seed,
    extra: encodeExtra({ by, author: myAuthor.publicKey }),
  });
  const fields = openContactCard(card);
  const id = randomId<PersonId>();
  const request: Dropped = { do: "request", seed: drop.seed, sealed: message, person: id };
  const person: PersonRow = {
    id,
    name: fields.name.trim(),
    role: roleOf(fields.role),
    state: "joining",
    begun: core.now(),
    side: "joiner",
    device: self.device,
    by,
    invitation: key,
    card,
    pairing: state,
    pairKey: null,
    pictures: null,
    theirDrop: null,
    myDrop,
    unheard: [request],
    myAuthor,
    theirAuthor: null,
    circle: null,
    waiting: null,
    seen: [],
  };
  // Registered first: whoever reads the request can answer at once.
  const steps: Errand[] = [registerContact(self, myDrop), request];
  await core.writeState([ledger.people.entry(person.id, person), ...(await errands.plan(laneOf(person.id), steps))]);
  return person.id;
}

/** Registers the key with which one person reaches my mailbox, until it is revoked. */
export const registerContact = (self: Pick<Self, "mailbox">, drop: DropKeyPair): Errand => ({
  do: "ask",
  ask: {
    type: "registerDrop",
    space: self.mailbox,
    drop: {
      key: drop.publicKey,
      expires: 0,
      singleUse: false,
      quotaBytes: CONTACT_QUOTA_BYTES,
      attachment: new Uint8Array(0),
    },
  },
});

/** A card needs one visible or blank character at least; who has not said a name yet is a blank. */
export const cardOf = ({
  identity,
  box,
  mailbox,
  role,
  name,
}: Pick<Self, "identity" | "box" | "mailbox" | "role" | "name">): ContactCard =>
  signContactCard(identity, { box: box.publicKey, mailbox, role, name: name.trim() || " " });

export const roleOf = (role: CardRole): Role => (role === "other" ? "carer" : role);

function orBroken<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof CryptoError) throw new VaultFailure("invitation-broken", undefined, error);
    throw error;
  }
}
