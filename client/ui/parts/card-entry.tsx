import { useState } from "preact/hooks";
import type { Refusal } from "../../state/session.ts";
import { joinNames } from "../names.ts";
import { t } from "../text.ts";
import { CardRowPad } from "./card-row-pad.tsx";
import { Word } from "./lists.tsx";
import { say } from "./live.tsx";
import { RefusalWord, useSecondsLeft } from "./refusal.tsx";

const ROWS = 6;
type Rows = readonly (readonly number[])[];

export interface CardEntryProps {
  /** Null when the card was taken. */
  readonly onCard: (rows: Rows) => Promise<Refusal | null>;
  readonly busy: string;
  /** Why a card that has no mistake was refused; null for the common sentences. */
  readonly why?: (refusal: Refusal) => string | null;
}

/** A whole recovery card: six rows of five. A row that has a mistake is named and asked for again alone. */
export function CardEntry({ onCard, busy, why = () => null }: CardEntryProps) {
  const [rows, setRows] = useState<readonly (readonly number[] | null)[]>(Array(ROWS).fill(null));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [trying, setTrying] = useState(false);
  const waiting = useSecondsLeft(refusal);
  const row = rows.indexOf(null);

  const attempt = async (whole: Rows) => {
    setTrying(true);
    setRefusal(null);
    const refused = await onCard(whole);
    if (refused === null) return;
    setTrying(false);
    setRefusal(refused);
    // What was refused for another reason than its rows may be tried again as it is.
    const wrong = refused.code === "card-rows" ? refused.rows : [0, 1, 2, 3, 4, 5];
    setRows(whole.map((kept, index) => (wrong.includes(index) ? null : kept)));
  };
  const fill = (pictures: readonly number[]) => {
    const filled = rows.map((kept, index) => (index === row ? pictures : kept));
    setRows(filled);
    say(t("cardopen.rowDone", { row: row + 1 }));
    const whole = filled.filter((kept) => kept !== null);
    if (whole.length === ROWS) void attempt(whole);
  };
  const reason = refusal === null ? null : why(refusal);
  return (
    <>
      <div class="said" aria-live="polite">
        {refusal?.code === "card-rows" && (
          <Word>{t("cardopen.wrong", { rows: joinNames(refusal.rows.map((wrong) => String(wrong + 1))) })}</Word>
        )}
        {reason !== null && <Word>{reason}</Word>}
        {refusal && refusal.code !== "card-rows" && reason === null && (
          <RefusalWord refusal={refusal} wrong="cardopen.other" />
        )}
        {trying && <Word icon="clock">{busy}</Word>}
      </div>
      {row >= 0 && !trying && waiting === 0 && (
        <CardRowPad key={row} lead={t("cardopen.lead", { row: row + 1 })} onRow={fill} />
      )}
    </>
  );
}
