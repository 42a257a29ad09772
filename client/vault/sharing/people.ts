/** The people one is paired with, or about to be. */
import { openContactCard } from "../../../crypto/identity.ts";
import { toHex } from "../../../crypto/sodium.ts";
import type { BoxPublicKey, IdentityPublicKey } from "../../../crypto/types.ts";
import type { Person, PersonId, Role } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import type { Ledger, PersonRow } from "./ledger.ts";

/** Bytes that may lie undelivered from one person: pairing messages and introductions, with much to spare. */
export const CONTACT_QUOTA_BYTES = 1024 * 1024;

export const laneOf = (person: PersonId): string => `person-${person}`;

const toPerson = (
  me: Role,
  row: PersonRow,
  maybeAgain: Person["maybeAgain"],
  sameAs: Person["sameAs"],
  now: number,
): Person => {
  const { id, name, role, pictures, circle, begun = null } = row;
  const maySee = me === "child" && ownsCircle(me, row);
  return {
    id,
    name,
    role,
    state: shownState(row, now),
    safetyPictures: pictures,
    circle,
    metAt: begun,
    maySee,
    sameAs,
    maybeAgain,
  };
};

/**
 * What was begun and where nothing more came of for so long. In one room both devices are open and have net; a link waits
 * until somebody reads their mail. Should it go on after all, it does.
 */
const UNFINISHED_AFTER_MS = { scan: 24 * 3600 * 1000, link: 7 * 24 * 3600 * 1000 } as const;

/** The other's next step is due: the last message, or the introduction to the circle. */
const waits = ({ state, side, circle }: PersonRow): boolean =>
  (state === "joining" && side === "inviter") || (state === "paired" && circle === null);

const shownState = (row: PersonRow, now: number): Person["state"] =>
  waits(row) && row.begun !== undefined && row.begun + UNFINISHED_AFTER_MS[row.by] < now ? "unfinished" : row.state;

export async function listPeople(ledger: Ledger, me: Role, now: number): Promise<readonly Person[]> {
  const people = (await ledger.people.all()).map(({ row }) => row);
  const sameAs = otherWayOf(me, people);
  return Promise.all(
    people.map(async (row) => toPerson(me, row, await openQuestion(ledger, row), sameAs.get(row.id) ?? null, now)),
  );
}

/** Two children who each invited the other: one identity in two rows, a circle of mine and one of theirs. */
function otherWayOf(me: Role, people: readonly PersonRow[]): ReadonlyMap<PersonId, PersonId> {
  const found = new Map<PersonId, PersonId>();
  if (me !== "child") return found;
  const children = people
    .filter((row) => row.role === "child" && isWithUs(row))
    .map((row) => ({
      id: row.id,
      begun: row.begun ?? 0,
      mine: ownsCircle(me, row),
      who: toHex(cardKeys(row).identity),
    }))
    .toSorted((a, b) => b.begun - a.begun);
  for (const { id, mine, who } of children) {
    const other = children.find((one) => one.who === who && one.mine !== mine);
    if (other !== undefined) found.set(id, other.id);
  }
  return found;
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
