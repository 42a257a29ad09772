import { useState } from "preact/hooks";
import { dayInWords } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { entries, wishes } from "../../../state/lists.ts";
import { letSee } from "../../../state/side.ts";
import type { Summary } from "../../../state/types.ts";
import { headOf } from "../../heads.ts";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";

/** The newest things, each with its mark; older ones are marked where they stand, under "More". */
export function ChooseSeen({ seen }: { seen: ReadonlySet<string> }) {
  const [failed, setFailed] = useState(false);
  const written = useList(entries);
  const wished = useList(wishes);
  const all = [...(written ?? []), ...(wished ?? [])].toSorted((a, b) => b.createdAt - a.createdAt);
  const mark = (document: Summary["document"], on: boolean): void => {
    setFailed(false);
    letSee(document, on).catch(() => setFailed(true));
  };
  return (
    <section>
      <h2>{t("second.choose")}</h2>
      {failed && <Word icon="warning">{t("second.notMarked")}</Word>}
      {written !== null && wished !== null && all.length === 0 && <p class="small">{t("second.none")}</p>}
      <ul class="rows seen-rows">
        {all.map((summary) => {
          const on = seen.has(summary.document);
          return (
            <li key={summary.document}>
              <button type="button" role="switch" aria-checked={on} onClick={() => mark(summary.document, !on)}>
                <SummaryThumb summary={summary} />
                <span>
                  <b>{headOf(summary)}</b>
                  <span class="meta">{dayInWords(summary.createdAt, Date.now(), language.value)}</span>
                </span>
                <span class="seen-mark" data-on={on}>
                  <Icon name={on ? "eye" : "lock"} />
                  <span aria-hidden="true">{t(on ? "second.seen" : "second.notSeen")}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
