/** People's names as texts need them. */
import { language } from "../state/language.ts";
import type { Person, PersonId, PocketColour } from "../state/types.ts";
import { t } from "./text.ts";

export const nameOf = (person: Person | undefined): string => person?.name.trim() || t("people.unnamed");

export const findPerson = (people: readonly Person[] | null, id: PersonId | string | undefined): Person | undefined =>
  people?.find((person) => person.id === id);

/** "Mette, Sille og Noah"; for other words likewise. */
export const joinNames = (names: readonly string[]): string =>
  new Intl.ListFormat(language.value, { type: "conjunction" }).format(names);

export const namesOf = (people: readonly Person[] | null, ids: readonly PersonId[]): string =>
  joinNames(ids.map((id) => nameOf(findPerson(people, id))));

/** "Mettes", "Jens'" (da), "Hans" (sv), "Mette's" (en). */
export const genitive = (name: string): string => {
  if (language.value === "en") return `${name}'s`;
  if (!/[sxz]$/i.test(name)) return `${name}s`;
  return language.value === "da" ? `${name}'` : name;
};

const COLOURS: readonly PocketColour[] = ["moss", "brick", "plum", "denim"];

/** A person keeps one colour; it comes from the random id and says nothing. */
export const colourOf = (id: PersonId): PocketColour => COLOURS[Number.parseInt(id.slice(0, 2), 16) % 4] ?? "moss";
