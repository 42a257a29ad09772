/** The one thing to look at now: an answer that was not read here yet, then something left at the door, then an opened link. */
import { waits } from "../../../state/devices.ts";
import { openedInvitation } from "../../../state/invitation-link.ts";
import { doorItems, people, received, shares } from "../../../state/lists.ts";
import type { Person, Received, Share } from "../../../state/types.ts";
import { findPerson } from "../../names.ts";
import { useList } from "../../use-list.ts";

export type News =
  | { readonly kind: "answer"; readonly share: Share; readonly person: Person | undefined }
  /** Somebody waits with the card: before everything else, it can be stopped only in time. */
  | { readonly kind: "wait" }
  /** Another child has shown something that was not opened yet. */
  | { readonly kind: "shown"; readonly item: Received; readonly person: Person | undefined }
  | { readonly kind: "left" }
  | { readonly kind: "link" };

export const useNews = (): News | null => {
  const shown = useList(shares);
  const persons = useList(people);
  const came = useList(received);
  const left = useList(doorItems);
  const waiting = useList(waits);
  if (waiting !== null && waiting.length > 0) return { kind: "wait" };
  if (openedInvitation.value !== null) return { kind: "link" };
  const answered = (shown ?? [])
    .filter((share) => share.takeBack === null && share.answers.length > share.answersSeen)
    .sort((a, b) => (b.answers.at(-1)?.at ?? 0) - (a.answers.at(-1)?.at ?? 0));
  const [newest] = answered;
  if (newest !== undefined) return { kind: "answer", share: newest, person: findPerson(persons, newest.person) };
  const [item] = (came ?? []).filter(({ openedAt }) => openedAt === null);
  if (item !== undefined) return { kind: "shown", item, person: findPerson(persons, item.person) };
  return left !== null && left.length > 0 ? { kind: "left" } : null;
};
