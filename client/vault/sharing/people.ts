/** The people one is paired with, or about to be. */
import { openContactCard } from "../../../crypto/identity.ts";
import type { BoxPublicKey, IdentityPublicKey } from "../../../crypto/types.ts";
import type { Person, PersonId, Role } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import type { Ledger, PersonRow } from "./ledger.ts";

/** Bytes that may lie undelivered from one person: pairing messages and introductions, with much to spare. */
export const CONTACT_QUOTA_BYTES = 1024 * 1024;

export const laneOf = (person: PersonId): string => `person-${person}`;

const toPerson = (
  { id, name, role, state, pictures, circle }: PersonRow,
  maybeAgain: Person["maybeAgain"],
): Person => ({
  id,
  name,
  role,
  state,
  safetyPictures: pictures,
  circle,
  maybeAgain,
});

export async function listPeople(ledger: Ledger): Promise<readonly Person[]> {
  const people = await ledger.people.all();
  return Promise.all(people.map(async ({ row }) => toPerson(row, await openQuestion(ledger, row))));
}

/** Whom the child may still say that this person is again; nobody once it has answered. */
export async function openQuestion(ledger: Ledger, person: PersonRow): Promise<readonly PersonId[]> {
  const { state, maybeAgain = [], again } = person;
  if (state !== "paired" || maybeAgain.length === 0 || again !== undefined) return [];
  const still = await findEarlier(ledger, person);
  return maybeAgain.filter((id) => still.includes(id));
}

/** Others of the same role to whom something is shown that was not taken back. */
export async function findEarlier(ledger: Ledger, person: PersonRow): Promise<readonly PersonId[]> {
  const shares = await ledger.shares.all();
  const shownTo = new Set(shares.flatMap(({ row }) => (row.takeBack === null ? [row.person] : [])));
  const isEarlier = ({ id, state, role }: PersonRow): boolean =>
    id !== person.id && state === "paired" && role === person.role && shownTo.has(id);
  return (await ledger.people.all()).flatMap(({ row }) => (isEarlier(row) ? [row.id] : []));
}

/** @throws unknown-person */
export async function getPerson(ledger: Ledger, id: PersonId): Promise<PersonRow> {
  const person = await ledger.people.get(id);
  if (person === null) throw new VaultFailure("unknown-person");
  return person;
}

/** Whether records and drops of this person still count. */
export const isWithUs = (person: PersonRow): boolean => person.state === "paired";

/** The child owns the circle; between two children or two adults, whoever invited. */
export const ownsCircle = (me: Role, person: PersonRow): boolean =>
  me === "child" && person.role !== "child"
    ? true
    : me !== "child" && person.role === "child"
      ? false
      : person.side === "inviter";

/** Keys of the card that was pinned when we paired. */
export function cardKeys(person: PersonRow): { readonly identity: IdentityPublicKey; readonly box: BoxPublicKey } {
  const { identity, box } = openContactCard(person.card);
  return { identity, box };
}
