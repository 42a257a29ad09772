/** Pairing with people, and parting from them. The list itself is in lists.ts. */
import type { Invitation, Person, PersonId, ShownCopy } from "../vault/api.ts";
import { vault } from "./vault.ts";

export type { Invitation, Person, PersonId };

/** A new invitation: single use, expires; the old one ends. */
export const invite = (by: "scan" | "link"): Promise<Invitation> => vault().invite(by);

/** @throws VaultError invitation-used, invitation-expired, invitation-broken, offline */
export const join = (payload: string, by: "scan" | "link"): Promise<PersonId> => vault().join(payload, by);

export const confirmPictures = (person: PersonId, same: boolean): Promise<void> =>
  vault().confirmPictures(person, same);

export const removePerson = (person: PersonId): Promise<void> => vault().removePerson(person);

/** What the adult would get again: the copies as they were shown to `earlier`. */
export const previewAgain = (earlier: PersonId): Promise<readonly ShownCopy[]> => vault().previewAgain(earlier);

/** The child's one answer to `maybeAgain`: the same adult as `earlier`, or (null) somebody else. */
export const sameAgain = (person: PersonId, earlier: PersonId | null): Promise<void> =>
  vault().sameAgain(person, earlier);

export const writeMyName = (name: string): Promise<void> => vault().setName(name);

/** Those one is together with now. */
export const isPaired = (person: Person): boolean => person.state === "paired";

/** Those of them to whom I can show something. */
export const canSee = (person: Person): boolean => isPaired(person) && person.maySee;

/** The code of an error that crossed from the vault; "failed" for anything else. */
export const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : "failed";
