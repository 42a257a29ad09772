/**
 * Cards after a device was lost: mine is said in every circle, and theirs is followed. The rotation that follows from them
 * is renew.ts. Spec: docs/protocol/devices.md §6.
 */
import { openContactCard } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { equalBytes, fromBase64Url, toBase64Url } from "../../../crypto/sodium.ts";
import type { AuthorPublicKey, ContactCard, DocumentTag, SpaceId } from "../../../crypto/types.ts";
import { VaultFailure } from "../failure.ts";
import type { Turn } from "../turns.ts";
import type { Heard } from "./circle-log.ts";
import { cardOf } from "./invitations.ts";
import type { Ledger, PersonRow } from "./ledger.ts";
import { encodeSaid } from "./payloads.ts";
import { cardKeys } from "./people.ts";
import type { Self, SharingCore } from "./ports.ts";

/**
 * Circles of others: only their owner can rotate them. It hears, in the epoch that the lost device still reads, my new card
 * and with which key I shall sign; both are no secret. False when another device of mine goes first. Until its next device has net, the lost one reads and acts there.
 */
export async function tellOwners(
  core: SharingCore,
  ledger: Ledger,
  turn: Turn,
  isOurTurn: () => Promise<boolean>,
): Promise<boolean> {
  return turn(async () => {
    const self = await core.self();
    for (const { row: circle } of await ledger.circles.all()) {
      const person = await ledger.people.get(circle.person);
      if (circle.mine || person?.state !== "paired" || (circle.told ?? 1) >= self.pocketEpoch) continue;
      if (!(await isOurTurn())) return false;
      // The same on each of my devices: should two of them say it, the owner hears of one key, and each can sign with it.
      const [next] = await core.renewedAuthors(circle.space);
      if (next === undefined) throw new VaultFailure("failed");
      await sayCard(core, circle.space, self, toBase64Url(next.publicKey));
      await core.writeState([ledger.circles.entry(circle.space, { ...circle, told: self.pocketEpoch })]);
    }
    return true;
  });
}

/** `author`: the key with which I shall sign there, as base64url. */
export async function sayCard(core: SharingCore, space: SpaceId, self: Self, author?: string): Promise<void> {
  const card = toBase64Url(cardOf(self));
  const payload = encodeSaid({ type: "card", at: core.now(), card, ...(author !== undefined && { author }) });
  await core.say(space, randomId<DocumentTag>(), "said", payload, []);
}

/**
 * Their newest card, when it is the same person's: from then on what is for them is sealed for its box. In a circle of mine
 * also the key with which they shall sign: true when that takes a rotation. In a turn.
 */
export async function followCard(
  ledger: Ledger,
  core: SharingCore,
  { person, circle, utterances }: Pick<Heard, "person" | "circle" | "utterances">,
): Promise<boolean> {
  const newest = utterances
    .flatMap(({ from, payload }) => (from === "them" && payload.type === "card" ? [payload] : []))
    .at(-1);
  const now = newest === undefined ? null : await ledger.people.get(person.id);
  if (newest === undefined || now === null) return false;
  const card = fromBase64Url(newest.card) as ContactCard;
  const author = newest.author === undefined ? null : (fromBase64Url(newest.author) as AuthorPublicKey);
  const known = [now.theirAuthor, now.theirNext, ...(now.theirEarlier ?? [])];
  const isNew = circle.mine && author !== null && !known.some((one) => one != null && equalBytes(one, author));
  if (!isNew && equalBytes(card, now.card)) return false;
  try {
    if (!equalBytes(openContactCard(card).identity, cardKeys(now).identity)) return false;
  } catch {
    return false; // No card.
  }
  const next: PersonRow = { ...now, card, ...(isNew && { theirNext: author }) };
  await core.writeState([ledger.people.entry(now.id, next)]);
  return isNew;
}
