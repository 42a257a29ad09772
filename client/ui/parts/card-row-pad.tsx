import { useState } from "preact/hooks";
import { t } from "../text.ts";
import { say } from "./live.tsx";
import { Pad, Slots } from "./pad.tsx";

const PICTURES_OF_ROW = 5;

/** One row of a recovery card, picture by picture; `onRow` hears it when it is whole. Give it a new key for a new row. */
export function CardRowPad({ lead, onRow }: { lead: string; onRow: (pictures: readonly number[]) => void }) {
  const [picked, setPicked] = useState<readonly number[]>([]);
  const pick = (picture: number) => {
    const next = [...picked, picture];
    if (next.length === PICTURES_OF_ROW) {
      setPicked([]);
      onRow(next);
      return;
    }
    setPicked(next);
    say(t("cardopen.chosen", { count: next.length }));
  };
  return (
    <>
      <p class="lead">{lead}</p>
      <Slots filled={picked.length} total={PICTURES_OF_ROW} label={t("cardopen.chosen", { count: picked.length })} />
      <Pad
        askGroup={t("code.group")}
        askPicture={t("code.picture")}
        groups={t("code.groups")}
        undo={t("code.undo")}
        onPick={pick}
        onUndo={picked.length > 0 ? () => setPicked(picked.slice(0, -1)) : undefined}
      />
    </>
  );
}
