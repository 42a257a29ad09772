import { plainWords } from "../../../i18n/plain-words.ts";
import { papers } from "../../../state/case.ts";
import { language } from "../../../state/language.ts";
import { Empty } from "../../parts/empty.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { CaseDrawing } from "../../parts/tile-drawings.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import "./case.css";
import { OwnRow } from "./own-row.tsx";

/** Letters and other papers, as photos that the child takes; and what offices mean by their words. */
export function Papers() {
  const all = useList(papers);
  return (
    <Screen
      help={false}
      hem={
        <PocketHem label={t("papers.new")} onNew={() => void writeNew("entry", { about: "paper", begin: "camera" })} />
      }
      hemLabel={t("home.pocket")}
    >
      <h1>{t("papers.title")}</h1>
      {all?.length === 0 ? (
        <Empty patch="sand" Drawing={CaseDrawing} text={t("papers.empty")} />
      ) : (
        <p class="lead">{t("papers.lead")}</p>
      )}
      <ul class="rows">
        {all?.map((summary) => (
          <OwnRow
            key={summary.document}
            summary={summary}
            title={summary.title.trim() || t("papers.one")}
            icon="copy"
          />
        ))}
      </ul>
      <section class="case-part">
        <h2>{t("papers.words")}</h2>
        <p class="small">{t("papers.wordsText")}</p>
        <dl class="case-words-list">
          {plainWords(language.value).map(([word, means]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
      </section>
    </Screen>
  );
}
