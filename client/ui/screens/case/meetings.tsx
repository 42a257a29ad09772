import { meetings } from "../../../state/case.ts";
import { shares, wishes } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import { wishAnswerOf } from "../../../state/sharing.ts";
import { headOf, subjectWord } from "../../heads.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Row } from "../../parts/lists.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { TogetherDrawing } from "../../parts/tile-drawings.tsx";
import { WishMark } from "../../parts/wish-mark.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import "./case.css";
import { OwnRow } from "./own-row.tsx";

/** Meetings as the child writes them down, before and after; and what it wishes for them. */
export function Meetings() {
  const all = useList(meetings);
  const shown = useList(shares) ?? [];
  const wished = (useList(wishes) ?? []).filter(({ marks }) => marks.subject === "meetings");
  return (
    <Screen
      help={false}
      hem={<PocketHem label={t("meetings.new")} onNew={() => void writeNew("entry", { about: "meeting" })} />}
      hemLabel={t("home.pocket")}
    >
      <h1>{t("meetings.title")}</h1>
      {all?.length === 0 ? (
        <Empty patch="moss" Drawing={TogetherDrawing} text={t("meetings.empty")} />
      ) : (
        <p class="lead">{t("meetings.lead")}</p>
      )}
      <ul class="rows">
        {all?.map((summary) => (
          <OwnRow
            key={summary.document}
            summary={summary}
            title={summary.title.trim() || t("meetings.one")}
            icon="chat"
          />
        ))}
      </ul>
      <section class="case-part">
        <h2>{t("meetings.wishes")}</h2>
        <ul class="rows">
          {wished.map((wish) => {
            const answer = wishAnswerOf(wish.document, shown) ?? wish.before?.wish ?? null;
            return (
              <Row
                key={wish.document}
                title={headOf(wish) === subjectWord("meetings") ? t("meetings.oneWish") : headOf(wish)}
                mark={answer !== null && <WishMark answer={answer} />}
                under={answer === null ? t(wish.shownTo.length === 0 ? "home.onlyYours" : "case.waiting") : undefined}
                start={<SummaryThumb summary={wish} />}
                onPress={() => go("entry", { document: wish.document })}
              />
            );
          })}
        </ul>
        <Button kind="quiet" icon="star" onPress={() => void writeNew("wish", { about: "meetings" })}>
          {t("meetings.newWish")}
        </Button>
      </section>
    </Screen>
  );
}
