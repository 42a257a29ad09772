import { useState } from "preact/hooks";
import { dayInWords } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { jointPages, people, received, shares, shownSummaries } from "../../../state/lists.ts";
import { giveMoreRoom, room } from "../../../state/room.ts";
import { go, goInstead, type RouteParams } from "../../../state/route.ts";
import { isChild } from "../../../state/session.ts";
import type { Person } from "../../../state/types.ts";
import { standsFor } from "../../each-once.ts";
import { DOT, headOf, headOfCopy } from "../../heads.ts";
import { colourOf, findPerson, nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Row, Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SyncWord } from "../../parts/sync-word.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { shareWords } from "../show/share-words.ts";
import { RemovePerson } from "./remove-person.tsx";
import "./people.css";

/** One person: what was shown to them, writing together, and parting. */
export function OnePerson({ params }: { params: RouteParams }) {
  const [removing, setRemoving] = useState(false);
  const persons = useList(people) ?? [];
  const asked = findPerson(persons, params.person);
  const person = asked && standsFor(asked, persons);
  const own = useList(shownSummaries) ?? [];
  const shown = (useList(shares) ?? []).filter((share) => share.person === person?.id);
  // Of a child I found both ways: what they showed me and I them, and what we wrote, on one page.
  const both = person === undefined ? [] : [person.id, ...(person.sameAs === null ? [] : [person.sameAs])];
  const pages = (useList(jointPages) ?? []).filter((page) => both.includes(page.person));
  const now = Date.now();
  if (person === undefined) return <Screen>{null}</Screen>;
  const name = nameOf(person);
  const paired = person.state === "paired";
  return (
    <Screen
      hem={
        <>
          <Button kind="quiet" onPress={() => setRemoving(true)}>
            {t("person.remove")}
          </Button>
          {person.state === "unfinished" && (
            <Button kind="line" icon="people" onPress={() => go("pair")}>
              {t("pair.title")}
            </Button>
          )}
          {paired && (
            <Button kind="line" icon="together" onPress={() => go("together", { person: person.id })}>
              {t("person.together")}
            </Button>
          )}
        </>
      }
    >
      <div class="person-head">
        <PersonMark name={name} colour={colourOf(person.id)} />
        <h1>{name}</h1>
      </div>
      {person.maybeAgain.length > 0 && (
        <div class="person-again">
          <Button kind="line" icon="people" wide onPress={() => goInstead("again", { person: person.id })}>
            {t("again.ask")}
          </Button>
        </div>
      )}
      <SyncWord />
      {person.state === "unfinished" && <p class="lead">{t("person.unfinished", { name })}</p>}
      {person.state === "removing" && <p class="lead">{t("people.removing")}</p>}
      {!isChild.value && paired && person.role === "child" && <GiveRoom person={person} />}
      {isChild.value && <FromThem person={person} />}
      {isChild.value && person.state !== "unfinished" && person.maySee && (
        <>
          <h2 class="person-shown">{t("person.shown", { name })}</h2>
          {shown.length === 0 && <p class="lead">{t("person.nothing", { name })}</p>}
          <ul class="rows">
            {shown.map((share) => {
              const summary = own.find(({ document }) => document === share.document);
              return (
                <Row
                  key={share.id}
                  title={summary === undefined ? t("state.gone") : headOf(summary)}
                  under={`${dayInWords(share.steps[0]?.at ?? now, now, language.value)}${DOT}${shareWords(share, person)}`}
                  onPress={() => go("share", { share: share.id })}
                />
              );
            })}
          </ul>
        </>
      )}
      {pages.length > 0 && <h2 class="person-shown">{t("together.title")}</h2>}
      <ul class="rows">
        {pages.map((page) => (
          <Row
            key={page.document}
            title={page.title || t("home.noTitle")}
            under={dayInWords(page.changedAt, now, language.value)}
            onPress={() => go("joint-page", { page: page.document, person: page.person })}
          />
        ))}
      </ul>
      {removing && <RemovePerson person={person} onClose={() => setRemoving(false)} />}
    </Screen>
  );
}

/** Codes went to this child by themselves once; where those were of no use, it gets others. Nothing where there are none. */
function GiveRoom({ person }: { person: Person }) {
  const codes = useList(room)?.tokens ?? 0;
  const [given, setGiven] = useState(0);
  const give = async (): Promise<void> => {
    const count = await giveMoreRoom(person.id).catch(() => 0);
    setGiven(count);
    if (count > 0) say(t("room.given", { name: nameOf(person), count }));
  };
  if (codes === 0 && given === 0) return null;
  return (
    <div class="person-room">
      {given > 0 ? (
        <Word icon="check">{t("room.given", { name: nameOf(person), count: given })}</Word>
      ) : (
        <Button kind="line" icon="plus" onPress={() => void give()}>
          {t("room.give")}
        </Button>
      )}
    </div>
  );
}

/** What another child showed to me; and where only they can show, how I can too. */
function FromThem({ person }: { person: Person }) {
  const from = person.maySee ? person.sameAs : person.id;
  const came = (useList(received) ?? []).filter((item) => item.person === from);
  const name = nameOf(person);
  const now = Date.now();
  if (from === null || person.state !== "paired") return null;
  return (
    <>
      <h2 class="person-shown">{t("received.title")}</h2>
      {came.length === 0 && <p class="lead">{t("received.nothing", { name })}</p>}
      <ul class="rows">
        {came.map((item) => (
          <Row
            key={item.id}
            title={headOfCopy(item.copy)}
            under={dayInWords(item.receivedAt, now, language.value)}
            onPress={() => go("received-thing", { share: item.id })}
          />
        ))}
      </ul>
      {!person.maySee && <p class="small person-both">{t("person.onlyShows", { name })}</p>}
    </>
  );
}
