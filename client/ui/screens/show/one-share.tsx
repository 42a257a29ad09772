import { useEffect, useState } from "preact/hooks";
import { dayAndTime } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people, shares, shownSummaries } from "../../../state/lists.ts";
import type { RouteParams } from "../../../state/route.ts";
import { seeAnswers, stepOf } from "../../../state/sharing.ts";
import type { Person, Share } from "../../../state/types.ts";
import { headOf } from "../../heads.ts";
import { colourOf, findPerson, genitive, nameOf } from "../../names.ts";
import { openOwn } from "../../open-own.ts";
import { Button } from "../../parts/button.tsx";
import { HelpLine } from "../../parts/help-line.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SyncWord } from "../../parts/sync-word.tsx";
import { WishMark } from "../../parts/wish-mark.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { takeBackWords } from "./share-words.ts";
import "./show.css";
import { TakeBack } from "./take-back.tsx";
import { Thread } from "./thread.tsx";

/** One thing that was shown to one person: how far it has come, what was answered, and taking it back. */
export function OneShare({ params }: { params: RouteParams }) {
  const all = useList(shares);
  const persons = useList(people);
  const own = useList(shownSummaries) ?? [];
  const [asking, setAsking] = useState(false);
  const share = all?.find(({ id }) => id === params.share);
  useEffect(() => {
    if (share !== undefined && share.answers.length > share.answersSeen)
      void seeAnswers(share.id).catch(() => undefined);
  }, [share]);
  if (share === undefined) return <Screen>{all === null ? null : <h1>{t("state.gone")}</h1>}</Screen>;
  const person = findPerson(persons, share.person);
  const name = nameOf(person);
  const summary = own.find(({ document }) => document === share.document);
  const reached = stepOf(share);
  const onTheWay = reached === "saved" || reached === "sending";
  return (
    <Screen
      hem={
        <>
          {share.takeBack === null && (
            <Button kind="quiet" onPress={() => setAsking(true)}>
              {t("state.takeBack")}
            </Button>
          )}
          {share.answers.length > 0 ? (
            <Button kind="now" onPress={() => void writeNew("entry")}>
              {t("state.writeAgain")}
            </Button>
          ) : (
            summary !== undefined && (
              <Button kind="quiet" onPress={() => openOwn(summary)}>
                {t("state.toEntry")}
              </Button>
            )
          )}
        </>
      }
    >
      <h1 class="share-title">{summary === undefined ? t("state.gone") : headOf(summary)}</h1>
      <p class="state-word small share-to">
        {share.takeBack !== null
          ? t("shown.takenBack")
          : onTheWay
            ? t("state.to", { name })
            : t("state.shownTo", { name })}
      </p>
      {share.takeBack === null ? (
        <>
          <Thread share={share} name={name} isChild={person?.role === "child"} />
          <p class="voice share-words" role="status">
            {share.answers.length === 0 && stateSentence(share, person)}
          </p>
          {onTheWay && <p class="small share-more">{t("state.whenOpen")}</p>}
        </>
      ) : (
        <p class="voice share-words" role="status">
          {takeBackWords(share.takeBack, person)}
        </p>
      )}
      <Answers share={share} name={name} />
      <SyncWord />
      <p class="small share-help">
        {onTheWay && <>{t("show.notHelp", { name })} </>}
        <HelpLine />
      </p>
      {asking && <TakeBack share={share} person={person} onClose={() => setAsking(false)} />}
    </Screen>
  );
}

const stateSentence = (share: Share, person: Person | undefined): string => {
  const name = nameOf(person);
  const names = { name, genitive: genitive(name) };
  const reached = stepOf(share);
  if (reached === "saved" || reached === "sending") return t("state.waitingNet");
  // A child's Lomme tells nobody what it reads.
  if (person?.role === "child") return t("state.sentChild", names);
  if (reached === "sent") return t("state.sentText", names);
  return reached === "arrived" ? t("state.arrivedText", names) : t("state.openedText", names);
};

function Answers({ share, name }: { share: Share; name: string }) {
  const now = Date.now();
  return (
    <ul class="answers">
      {share.answers.map((answer) => (
        <li key={answer.id}>
          <PersonMark name={name} colour={colourOf(share.person)} />
          <div>
            {answer.wish !== null && <WishMark answer={answer.wish} />}
            <p class="voice">{answer.text}</p>
            <p class="meta">
              {name}, {dayAndTime(answer.at, now, language.value)}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
