import { dayAndTime } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people, received } from "../../../state/lists.ts";
import type { RouteParams } from "../../../state/route.ts";
import type { Received } from "../../../state/types.ts";
import { colourOf, findPerson, nameOf } from "../../names.ts";
import { Word } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { ShownCopyView } from "../../parts/shown-copy.tsx";
import { Torn } from "../../parts/torn.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { useOnScreen } from "../../use-on-screen.ts";
import "../entry/entry.css";
import "../show/show.css";
import { Answer } from "./answer.tsx";
import "./received.css";

/** What another child showed to this one: to be read, and answered. Torn below, because it is a copy and the other's. */
export function ReceivedThing({ params }: { params: RouteParams }) {
  const all = useList(received);
  const persons = useList(people);
  const item = all?.find(({ id }) => id === params.share);
  if (item === undefined) return <Screen>{all === null ? null : <h1>{t("state.gone")}</h1>}</Screen>;
  const person = findPerson(persons, item.person);
  const name = nameOf(person);
  return (
    <Screen>
      <div class="person-head">
        <PersonMark name={name} colour={colourOf(item.person)} />
        <h1>{t("book.from", { name })}</h1>
      </div>
      <p class="meta">{dayAndTime(item.receivedAt, Date.now(), language.value)}</p>
      <Copy item={item} />
      <Word icon="eyeOff">{t("received.quiet", { name })}</Word>
      <Said item={item} name={name} />
      {person?.state === "paired" && <Answer key={item.id} share={item.id} name={name} />}
    </Screen>
  );
}

function Copy({ item }: { item: Received }) {
  const seen = useOnScreen(item);
  return (
    <div ref={seen} class="entry received">
      <Torn>
        <ShownCopyView copy={item.copy} />
      </Torn>
    </div>
  );
}

/** What was said about it, by either. */
function Said({ item, name }: { item: Received; name: string }) {
  const now = Date.now();
  if (item.answers.length === 0) return null;
  return (
    <ul class="received-said">
      {item.answers.map(({ id, from, text, at }) => (
        <li key={id}>
          <p class="voice">{text}</p>
          <p class="meta">
            {from === "me" ? t("book.me") : name}, {dayAndTime(at, now, language.value)}
          </p>
        </li>
      ))}
    </ul>
  );
}
