import { useState } from "preact/hooks";
import { dayInWords } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import type { LifeStop, OpenLife } from "../../../state/life.ts";
import { entries } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import { headOf } from "../../heads.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { Rise } from "../../parts/rise.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { useSummaries } from "../../use-summaries.ts";

/** Entries that belong to this time: ways to them, which nobody gets with the stop. */
export function StopEntries({ life, stop }: { life: OpenLife; stop: LifeStop }) {
  const [choosing, setChoosing] = useState(false);
  const own = useSummaries(stop.entries);
  return (
    <section class="life-part" aria-label={t("life.entries")}>
      <h2>{t("life.entries")}</h2>
      {own.length > 0 && (
        <ul class="rows">
          {own.map((summary) => (
            <Row
              key={summary.document}
              title={headOf(summary)}
              under={dayInWords(summary.createdAt, Date.now(), language.value)}
              start={<SummaryThumb summary={summary} />}
              onPress={() => go("entry", { document: summary.document })}
            />
          ))}
        </ul>
      )}
      <Button kind="line" icon="plus" onPress={() => setChoosing(true)}>
        {t("life.addEntry")}
      </Button>
      {choosing && <ChooseEntries life={life} stop={stop} onClose={() => setChoosing(false)} />}
    </section>
  );
}

function ChooseEntries({ life, stop, onClose }: { life: OpenLife; stop: LifeStop; onClose: () => void }) {
  const all = useList(entries);
  return (
    <Rise title={t("life.addEntry")} onClose={onClose}>
      {all?.length === 0 && <p>{t("life.noEntries")}</p>}
      <ul class="stop-choose">
        {all?.map((summary) => {
          const on = stop.entries.includes(summary.document);
          return (
            <li key={summary.document}>
              <button type="button" aria-pressed={on} onClick={() => life.setEntry(stop.id, summary.document, !on)}>
                <Icon name={on ? "check" : "plus"} />
                <span>
                  <b>{headOf(summary)}</b>
                  <span class="meta">{dayInWords(summary.createdAt, Date.now(), language.value)}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <div class="decide">
        <Button kind="now" onPress={onClose}>
          {t("life.done")}
        </Button>
      </div>
    </Rise>
  );
}
