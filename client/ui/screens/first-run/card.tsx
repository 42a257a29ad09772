import { useEffect, useState } from "preact/hooks";
import { type CardState, cardRows, makeCard, readCardState } from "../../../state/card.ts";
import { type Code, confirmCode } from "../../../state/code-again.ts";
import { readCardReach, readCardWait, setCardWait } from "../../../state/devices.ts";
import { go, startAt } from "../../../state/route.ts";
import type { CardWaitHours } from "../../../state/types.ts";
import { AskCode } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { CardWait } from "../../parts/card-wait.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { NamedPicture } from "../../parts/picture.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { type TextKey, t } from "../../text.ts";

type Reach = Awaited<ReturnType<typeof readCardReach>>;

const reachWords: Readonly<Record<NonNullable<Reach>, TextKey>> = {
  here: "card.here",
  everywhere: "card.everywhere",
  "not-yet": "card.notYet",
};

/** What there is of a card now, and the waiting time that was kept. */
function useCard() {
  const [card, setCard] = useState<{ state: CardState; reach: Reach; kept: CardWaitHours } | null>(null);
  const read = () =>
    void Promise.all([readCardState(), readCardReach(), readCardWait()]).then(
      ([state, reach, kept]) => setCard({ state, reach, kept }),
      () => undefined,
    );
  useEffect(read, []);
  return { card, read };
}

/** The recovery card: its waiting time chosen, made, and shown until the screen is left. */
export function Card() {
  const [asking, setAsking] = useState<"make" | "wait" | null>(null);
  const [failed, setFailed] = useState(false);
  const [chosen, setChosen] = useState<CardWaitHours | null>(null);
  const { card, read } = useCard();
  const rows = cardRows.value;
  const hours = chosen ?? card?.kept ?? 24;
  const hasCard = card !== null && card.state !== "none";
  const isOtherWait = chosen !== null && chosen !== card?.kept;

  /** The code is asked for each time: whoever holds a card gets in. */
  const carryOut = async (code: Code) => {
    const refused = isOtherWait ? await setCardWait(hours, code) : null;
    if (refused !== null) return refused;
    if (asking === "make") {
      const wrong = await confirmCode(code);
      if (wrong !== null) return wrong;
      setFailed(
        await makeCard().then(
          () => false,
          () => true,
        ),
      );
    }
    setChosen(null);
    read();
    setAsking(null);
    return null;
  };
  if (asking !== null) return <AskCode onLeave={() => setAsking(null)} onCode={carryOut} />;
  return (
    <Screen
      back={() => startAt("home")}
      hem={
        rows ? (
          <>
            <Button kind="quiet" icon="print" onPress={() => print()}>
              {t("card.print")}
            </Button>
            <Button kind="now" onPress={() => go("card-try")}>
              {t("card.try")}
            </Button>
          </>
        ) : (
          <>
            <Button kind="quiet" onPress={() => startAt("home")}>
              {t("card.later")}
            </Button>
            <Button kind="now" onPress={() => setAsking("make")}>
              {t("card.make")}
            </Button>
          </>
        )
      }
    >
      <div class="spoken">
        <h1>{t("card.title")}</h1>
        <SpeakButton text={`${t("card.title")}. ${t(rows ? "card.keep" : "card.lead")}`} />
      </div>
      <p class="lead no-print">{t(rows ? "card.keep" : "card.lead")}</p>
      {failed && <Word icon="warning">{t("card.failed")}</Word>}
      {rows ? (
        <CardRows rows={rows} />
      ) : (
        <>
          <Facts
            facts={[
              { icon: "card", text: t(card?.reach ? reachWords[card.reach] : "card.both") },
              ...(hasCard ? [{ icon: "info" as const, text: t("card.old") }] : []),
            ]}
          />
          <CardWait hours={hours} onChoose={setChosen} />
          {hasCard && isOtherWait && (
            <Button kind="line" onPress={() => setAsking("wait")}>
              {t("cardwait.set")}
            </Button>
          )}
        </>
      )}
    </Screen>
  );
}

function CardRows({ rows }: { rows: readonly (readonly number[])[] }) {
  return (
    <ol class="card-rows">
      {rows.map((row, index) => (
        <li key={index}>
          <b>
            <span class="vh">{t("card.row", { row: index + 1 })}</span>
            <span aria-hidden="true">{index + 1}</span>
          </b>
          {row.map((picture, place) => (
            <span key={place}>
              <NamedPicture picture={picture} />
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}
