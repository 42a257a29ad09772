import { dayInWords } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people, shares, shownSummaries } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import { DOT, headOf } from "../../heads.ts";
import { colourOf, findPerson, nameOf } from "../../names.ts";
import { Empty } from "../../parts/empty.tsx";
import { Row } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { AnswersDrawing } from "../../parts/tile-drawings.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { shareWords } from "./share-words.ts";
import "./show.css";

/** All that was shown, newest first, with where each stands. */
export function Shown() {
  const all = useList(shares);
  const persons = useList(people);
  const own = useList(shownSummaries) ?? [];
  const now = Date.now();
  const newestFirst = [...(all ?? [])].sort((a, b) => (b.steps.at(-1)?.at ?? 0) - (a.steps.at(-1)?.at ?? 0));
  return (
    <Screen help={false} hem={<PocketHem onNew={() => void writeNew("entry")} />} hemLabel={t("home.pocket")}>
      <h1>{t("shown.title")}</h1>
      {all !== null && all.length === 0 && <Empty patch="moss" Drawing={AnswersDrawing} text={t("shown.empty")} />}
      <ul class="rows">
        {newestFirst.map((share) => {
          const person = findPerson(persons, share.person);
          const name = nameOf(person);
          const summary = own.find(({ document }) => document === share.document);
          const at = share.steps.at(-1)?.at ?? now;
          return (
            <Row
              key={share.id}
              title={summary === undefined ? t("state.to", { name }) : headOf(summary)}
              under={`${name}${DOT}${shareWords(share, person)}${DOT}${dayInWords(at, now, language.value)}`}
              start={<PersonMark name={name} colour={colourOf(share.person)} />}
              onPress={() => go("share", { share: share.id })}
            />
          );
        })}
      </ul>
    </Screen>
  );
}
