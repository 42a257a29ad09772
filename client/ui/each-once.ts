import type { Person } from "../state/types.ts";

/**
 * Each one once: two children who both show each other are two persons to the vault. The one I can show to stands for both.
 */
export const eachOnce = (persons: readonly Person[]): readonly Person[] =>
  persons.filter((person) => standsFor(person, persons) === person);

/** The one of two rows of a person under whom both stand; a person with one row is it. */
export function standsFor(person: Person, persons: readonly Person[]): Person {
  const other = persons.find(({ id }) => id === person.sameAs);
  return other !== undefined && other.sameAs === person.id && other.maySee ? other : person;
}
