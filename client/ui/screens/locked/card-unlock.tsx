import { useState } from "preact/hooks";
import { back } from "../../../state/route.ts";
import { landAfterOpening, pocket, type Refusal, unlock } from "../../../state/session.ts";
import { CardRowPad } from "../../parts/card-row-pad.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { RefusalWord, useSecondsLeft } from "../../parts/refusal.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";

const rowsOfCard = 6;

/** Opening with the recovery card: six rows of five. A row that has a mistake is named and asked for again alone. */
export function CardUnlock() {
  const [rows, setRows] = useState<readonly (readonly number[] | null)[]>(Array(rowsOfCard).fill(null));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [opening, setOpening] = useState(false);
  const waiting = useSecondsLeft(refusal);
  const row = rows.indexOf(null);
  const cover = pocket.value;
  if (!cover) return null;

  const open = async (whole: readonly (readonly number[])[]) => {
    setOpening(true);
    setRefusal(null);
    const refused = await unlock(cover.id, { kind: "card", rows: whole });
    setOpening(false);
    if (!refused) return landAfterOpening();
    setRefusal(refused);
    const wrong = refused.code === "card-rows" ? refused.rows : [0, 1, 2, 3, 4, 5];
    setRows(whole.map((kept, index) => (wrong.includes(index) ? null : kept)));
  };
  const fill = (pictures: readonly number[]) => {
    const filled = rows.map((kept, index) => (index === row ? pictures : kept));
    setRows(filled);
    say(t("cardopen.rowDone", { row: row + 1 }));
    const whole = filled.filter((kept) => kept !== null);
    if (whole.length === rowsOfCard) void open(whole);
  };

  return (
    <Screen ground="cloth" back={back}>
      <Stitch still />
      <h1>{t("cardopen.title")}</h1>
      <div class="said" aria-live="polite">
        {refusal?.code === "card-rows" && (
          <Word>{t("cardopen.wrong", { rows: refusal.rows.map((wrong) => wrong + 1).join(", ") })}</Word>
        )}
        {refusal && refusal.code !== "card-rows" && <RefusalWord refusal={refusal} wrong="cardopen.other" />}
        {opening && <Word icon="clock">{t("code.opening")}</Word>}
      </div>
      {row >= 0 && !opening && waiting === 0 && (
        <CardRowPad key={row} lead={t("cardopen.lead", { row: row + 1 })} onRow={fill} />
      )}
    </Screen>
  );
}
