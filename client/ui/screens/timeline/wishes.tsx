import { people, shares, wishes } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import { type WishAnswer, wishAnswerOf } from "../../../state/sharing.ts";
import type { Share, Summary } from "../../../state/types.ts";
import { DOT, headOf, subjectWord, underLine } from "../../heads.ts";
import { Empty } from "../../parts/empty.tsx";
import { Row } from "../../parts/lists.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { WishesDrawing } from "../../parts/tile-drawings.tsx";
import { WishMark } from "../../parts/wish-mark.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import "./things.css";

/** Wishes: written like entries, and as private until one is shown. */
export function Wishes() {
  const all = useList(wishes);
  const persons = useList(people);
  const shown = useList(shares);
  const now = Date.now();
  return (
    <Screen
      help={false}
      hem={<PocketHem label={t("wishes.newShort")} onNew={() => void writeNew("wish")} />}
      hemLabel={t("home.pocket")}
    >
      <h1>{t("wishes.title")}</h1>
      <p class="lead">{t("wishes.lead")}</p>
      {all !== null && all.length === 0 && <Empty patch="plum" Drawing={WishesDrawing} text={t("wishes.empty")} />}
      <ul class="rows">
        {all?.map((summary) => {
          const answer = answerOf(summary, shown ?? []);
          return (
            <Row
              key={summary.document}
              title={headOf(summary)}
              mark={answer !== null && <WishMark answer={answer} />}
              under={underOf(summary, underLine(summary, persons, now))}
              start={<SummaryThumb summary={summary} />}
              onPress={() => go("entry", { document: summary.document })}
            />
          );
        })}
      </ul>
    </Screen>
  );
}

/** What it is about first, unless that is its name. */
const underOf = (summary: Summary, line: string): string => {
  const subject = subjectWord(summary.marks.subject);
  return [subject === headOf(summary) ? "" : subject, line].filter(Boolean).join(DOT);
};

/** What was last said of it. Of one that was brought in: what it came to where it came from, until somebody answers here. */
const answerOf = ({ document, before }: Summary, all: readonly Share[]): WishAnswer | null =>
  wishAnswerOf(document, all) ?? before?.wish ?? null;
