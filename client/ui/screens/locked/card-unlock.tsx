import { useState } from "preact/hooks";
import { back } from "../../../state/route.ts";
import { landAfterOpening, pocket, type Refusal, unlock } from "../../../state/session.ts";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { Pad, Slots } from "../../parts/pad.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";
import { RefusalWord, useSecondsLeft } from "./refusal.tsx";

const rowsOfCard = 6;
const picturesOfRow = 5;

/** Opening with the recovery card: six rows of five. A row that has a mistake is named and asked for again alone. */
export function CardUnlock() {
  const [rows, setRows] = useState<readonly (readonly number[] | null)[]>(Array(rowsOfCard).fill(null));
  const [picked, setPicked] = useState<readonly number[]>([]);
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
  const pick = (picture: number) => {
    const next = [...picked, picture];
    if (next.length < picturesOfRow) {
      setPicked(next);
      say(t("cardopen.chosen", { count: next.length }));
      return;
    }
    const filled = rows.map((kept, index) => (index === row ? next : kept));
    setPicked([]);
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
        <>
          <p class="lead">{t("cardopen.lead", { row: row + 1 })}</p>
          <Slots filled={picked.length} total={picturesOfRow} label={t("cardopen.chosen", { count: picked.length })} />
          <Pad
            key={row}
            askGroup={t("code.group")}
            askPicture={t("code.picture")}
            groups={t("code.groups")}
            undo={t("code.undo")}
            onPick={pick}
            onUndo={picked.length > 0 ? () => setPicked(picked.slice(0, -1)) : undefined}
          />
        </>
      )}
    </Screen>
  );
}
