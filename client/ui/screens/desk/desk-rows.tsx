import { dayInWords, waited } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import type { Person, Received } from "../../../state/types.ts";
import { headOfCopy, subjectWord } from "../../heads.ts";
import { findPerson, nameOf } from "../../names.ts";
import { Icon } from "../../parts/icon.tsx";
import { SubjectMark } from "../../parts/subject-mark.tsx";
import { t } from "../../text.ts";
import { hasWaitedLong, waitingShare } from "./desk-order.ts";

interface ItemProps {
  readonly item: Received;
  readonly persons: readonly Person[] | null;
  readonly chosen: boolean;
  readonly onChoose: (id: Received["id"]) => void;
}

const titleOf = ({ copy }: Received): string => headOfCopy(copy);

/** Someone who waits: how long, in a number, a unit and a bar. */
export function Waiting({ item, persons, chosen, onChoose, now }: ItemProps & { readonly now: number }) {
  const { count, unit } = waited(item.receivedAt, now);
  const word = t(unit === "minute" ? "desk.minutes" : unit === "hour" ? "desk.hours" : "desk.days", { count });
  const late = hasWaitedLong(item.receivedAt, now);
  const title = titleOf(item);
  const justCame = unit === "minute" && count === 0;
  return (
    <li>
      <button type="button" aria-current={chosen} onClick={() => onChoose(item.id)}>
        <span class="w" role="img" aria-label={justCame ? t("state.now") : t("desk.waited", { count, unit: word })}>
          {justCame ? t("state.now") : count}
          {!justCame && <span>{word}</span>}
        </span>
        <span class="desk-what">
          <b>{nameOf(findPerson(persons, item.person))}</b>
          <span>{t(item.copy.kind === "wish" ? "desk.wish" : "desk.shown", { title })}</span>
          {item.copy.subject !== null && subjectWord(item.copy.subject) !== title && (
            <SubjectMark subject={item.copy.subject} />
          )}
          {item.copy.notSafeForParents && (
            <span class="mark">
              <Icon name="shield" small />
              {t("desk.notSafe")}
            </span>
          )}
          <span class="wait" data-late={late} aria-hidden="true">
            <i style={{ width: `${waitingShare(item.receivedAt, now) * 100}%` }} />
          </span>
        </span>
      </button>
    </li>
  );
}

export function Answered({ item, persons, chosen, onChoose }: ItemProps) {
  const last = item.answers.at(-1)?.at ?? item.receivedAt;
  return (
    <li>
      <button type="button" class="done" aria-current={chosen} onClick={() => onChoose(item.id)}>
        <span class="meta">{dayInWords(last, Date.now(), language.value)}</span>
        <span class="desk-what">
          <b>{nameOf(findPerson(persons, item.person))}</b>
          <span>{titleOf(item)}</span>
        </span>
      </button>
    </li>
  );
}
