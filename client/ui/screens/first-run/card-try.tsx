import { useEffect, useState } from "preact/hooks";
import { cardRows, confirmCard, drawRowsToTry } from "../../../state/card.ts";
import { startAt } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { CardRowPad } from "../../parts/card-row-pad.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";

/** Trying the card out: two rows that the app picks. All six would be sixty taps, and nobody would do it. */
export function CardTry() {
  const [toTry, setToTry] = useState<readonly number[]>([]);
  const [tried, setTried] = useState(0);
  const [wrong, setWrong] = useState(false);
  const [works, setWorks] = useState(false);
  useEffect(() => {
    void drawRowsToTry().then(setToTry);
  }, []);
  const row = toTry[tried];

  const check = (next: readonly number[]) => {
    setWrong(false);
    if (row === undefined || cardRows.value?.[row]?.join() !== next.join()) {
      setWrong(true);
      say(t("cardtry.wrong"));
      return;
    }
    setTried(tried + 1);
    if (tried + 1 < toTry.length) return;
    void confirmCard().then((confirmed) => {
      setWorks(confirmed);
      setWrong(!confirmed);
      if (confirmed) say(t("cardtry.done"));
    });
  };

  return (
    <Screen
      ground="cloth"
      back={works ? "none" : "history"}
      hem={
        works && (
          <Button kind="now" wide onPress={() => startAt("home")}>
            {t("cardtry.finish")}
          </Button>
        )
      }
    >
      <Stitch still />
      <h1>{t("cardtry.title")}</h1>
      <div class="said" aria-live="polite">
        {works && <Word icon="check">{t("cardtry.done")}</Word>}
        {wrong && <Word>{t("cardtry.wrong")}</Word>}
      </div>
      {!works && row !== undefined && <CardRowPad key={row} lead={t("cardtry.lead", { row: row + 1 })} onRow={check} />}
    </Screen>
  );
}
