import { useState } from "preact/hooks";
import { cardRows, makeCard } from "../../../state/card.ts";
import { isCodeNeeded } from "../../../state/code-again.ts";
import { go, startAt } from "../../../state/route.ts";
import { useCodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { NamedPicture } from "../../parts/picture.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";

/** The recovery card: made, and shown until the screen is left. */
export function Card() {
  const [making, setMaking] = useState(false);
  const [failed, setFailed] = useState(false);
  const gate = useCodeGate();
  const make = async () => {
    setMaking(true);
    setFailed(false);
    await gate.run(makeCard, (error) => setFailed(!isCodeNeeded(error)));
    setMaking(false);
  };
  const rows = cardRows.value;
  if (gate.question !== null) return <>{gate.question}</>;
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
            <Button kind="now" off={making} onPress={() => void make()}>
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
      ) : (
        <Facts
          facts={[
            { icon: "card", text: t("card.here") },
            { icon: "info", text: t("card.old") },
          ]}
        />
      )}
    </Screen>
  );
}
