import { dayAndTime } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people, shares, shownSummaries } from "../../../state/lists.ts";
import { go, type RouteParams } from "../../../state/route.ts";
import type { Person } from "../../../state/types.ts";
import { headOf, subjectWord } from "../../heads.ts";
import { colourOf, findPerson, nameOf } from "../../names.ts";
import { openOwn } from "../../open-own.ts";
import { Button } from "../../parts/button.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SubjectMark } from "../../parts/subject-mark.tsx";
import { WishMark } from "../../parts/wish-mark.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { shareWords } from "../show/share-words.ts";
import "../show/show.css";
import "./case.css";
import { type Happened, happenedWith, thingsWithOthers } from "./case-plan.ts";

/** One thing of mine with others: all that happened with it, whoever has it, in its order. */
export function CaseThing({ params }: { params: RouteParams }) {
  const all = useList(shares);
  const persons = useList(people);
  const own = useList(shownSummaries);
  if (all === null || own === null) return <Screen>{null}</Screen>;
  const thing = thingsWithOthers(all, own).find(({ document }) => document === params.document);
  if (thing === undefined) {
    return (
      <Screen>
        <h1>{t("state.gone")}</h1>
      </Screen>
    );
  }
  const { summary, wish } = thing;
  const subject = summary?.marks.subject ?? null;
  return (
    <Screen
      hem={
        <>
          {summary !== null && (
            <Button kind="quiet" onPress={() => openOwn(summary)}>
              {t("state.toEntry")}
            </Button>
          )}
          <Button kind="line" onPress={() => void writeNew("entry", { about: "case" })}>
            {t("case.say")}
          </Button>
        </>
      }
    >
      <h1 class="share-title">{summary === null ? t("state.gone") : headOf(summary)}</h1>
      {subject !== null && subjectWord(subject) !== (summary && headOf(summary)) && <SubjectMark subject={subject} />}
      {wish !== null && (
        <p class="case-now">
          <WishMark answer={wish} />
        </p>
      )}
      <h2 class="case-head">{t("case.happened")}</h2>
      <ol class="happened">
        {happenedWith(thing).map((one, index) => (
          <Event key={index} one={one} persons={persons} />
        ))}
      </ol>
      <h2 class="case-head">{t("case.has")}</h2>
      <ul class="rows">
        {thing.shares.map((share) => {
          const person = findPerson(persons, share.person);
          const name = nameOf(person);
          return (
            <Row
              key={share.id}
              title={name}
              under={shareWords(share, person)}
              start={<PersonMark name={name} colour={colourOf(share.person)} />}
              onPress={() => go("share", { share: share.id })}
            />
          );
        })}
      </ul>
    </Screen>
  );
}

const words: Readonly<Record<Exclude<Happened["kind"], "said">, TextKey>> = {
  shown: "case.event.shown",
  opened: "case.event.opened",
  kept: "case.event.kept",
  "taken-back": "case.event.takenBack",
};

const icons: Readonly<Record<Exclude<Happened["kind"], "said">, IconName>> = {
  shown: "send",
  opened: "eye",
  kept: "work",
  "taken-back": "takeBack",
};

function Event({ one, persons }: { one: Happened; persons: readonly Person[] | null }) {
  const name = nameOf(findPerson(persons, one.person));
  const when = one.at === null ? "" : dayAndTime(one.at, Date.now(), language.value);
  if (one.kind !== "said") {
    return (
      <li>
        <span class="knot">
          <Icon name={icons[one.kind]} />
        </span>
        <div>
          <p>{t(words[one.kind], { name })}</p>
          {when !== "" && <p class="meta">{when}</p>}
        </div>
      </li>
    );
  }
  return (
    <li>
      <PersonMark name={name} colour={colourOf(one.person)} />
      <div>
        {one.said.wish !== null && <WishMark answer={one.said.wish} />}
        <p class="voice case-said">{one.said.text}</p>
        <p class="meta">
          {name}, {when}
        </p>
      </div>
    </li>
  );
}
