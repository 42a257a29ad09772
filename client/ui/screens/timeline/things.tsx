import { useState } from "preact/hooks";
import { monthLong, monthShort } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { entries, hasOlder, people, pinned, showOlder } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import type { Person, Summary } from "../../../state/types.ts";
import { headOf, moodWord, whoseWords } from "../../heads.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Word } from "../../parts/lists.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { ThingsDrawing } from "../../parts/tile-drawings.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { Knit } from "./knit.tsx";
import "./things.css";
import { daysOfYear, groupByMonth, type MonthOf } from "./year.ts";

/** "Mine ting": one's year at a glance, then the entries by month and day. */
export function Things() {
  const all = useList(entries);
  const kept = useList(pinned);
  const persons = useList(people);
  const thisYear = new Date().getFullYear();
  const [chosen, setChosen] = useState<number | null>(null);
  const months = groupByMonth(all ?? []);
  const years = [...new Set([thisYear, ...months.map(({ year }) => year)])];
  const year = chosen ?? months[0]?.year ?? thisYear;
  const shown = months.filter((month) => month.year === year);
  return (
    <Screen help={false} hem={<PocketHem onNew={() => void writeNew("entry")} />} hemLabel={t("home.pocket")}>
      <h1 class="things-year">
        <span class="vh">{t("things.title")} </span>
        {year}
      </h1>
      {entries.failed.value && (
        <Word icon="warning">
          <p>{t("things.failed")}</p>
          <Button kind="quiet" icon="again" onPress={() => void entries.refresh()}>
            {t("things.again")}
          </Button>
        </Word>
      )}
      <Knit year={year} days={daysOfYear(year, all ?? [])} />
      {years.length > 1 && (
        <nav class="months" aria-label={t("things.years")}>
          {years.map((other) => (
            <button key={other} type="button" aria-current={other === year} onClick={() => setChosen(other)}>
              {other}
            </button>
          ))}
        </nav>
      )}
      {shown.length > 1 && <MonthNav months={shown} />}
      {all !== null && all.length === 0 && <Empty patch="sky" Drawing={ThingsDrawing} text={t("things.empty")} />}
      {kept !== null && kept.length > 0 && (
        <section aria-label={t("things.pinned")}>
          <h2 class="things-month">{t("things.pinned")}</h2>
          <ul class="days">
            {kept.map((summary) => (
              <Day key={summary.document} summary={summary} persons={persons} sameDay={false} />
            ))}
          </ul>
        </section>
      )}
      {shown.map((month) => (
        <section key={`${month.year}-${month.month}`} id={`month-${month.month}`} aria-label={nameOfMonth(month)}>
          <h2 class="things-month">{nameOfMonth(month)}</h2>
          <ul class="days">
            {month.entries.map((summary, index) => (
              <Day
                key={summary.document}
                summary={summary}
                persons={persons}
                sameDay={dayOf(month.entries[index - 1]) === dayOf(summary)}
              />
            ))}
          </ul>
        </section>
      ))}
      <Button kind="quiet" icon="archive" onPress={() => go("put-away")}>
        {t("away.title")}
      </Button>
      {hasOlder.value && (
        <Button kind="quiet" onPress={() => void showOlder()}>
          {t("things.older")}
        </Button>
      )}
    </Screen>
  );
}

const nameOfMonth = ({ year, month }: MonthOf<Summary>): string =>
  monthLong(new Date(year, month, 15).getTime(), language.value);

/** Oldest month of the year first, as on the knitted band. A press scrolls; nothing is filtered away. */
function MonthNav({ months }: { months: readonly MonthOf<Summary>[] }) {
  return (
    <nav class="months" aria-label={t("things.months")}>
      {[...months].reverse().map((month) => (
        <button
          key={month.month}
          type="button"
          onClick={() => {
            const section = document.getElementById(`month-${month.month}`);
            section?.scrollIntoView({ block: "start" });
            section?.querySelector("button")?.focus({ preventScroll: true });
          }}
        >
          {monthShort(new Date(month.year, month.month, 15).getTime(), language.value)}
        </button>
      ))}
    </nav>
  );
}

const dayOf = (summary: Summary | undefined): number | null =>
  summary === undefined ? null : new Date(summary.createdAt).getDate();

interface DayProps {
  readonly summary: Summary;
  readonly persons: readonly Person[] | null;
  /** The date stands at the day's first entry only; a screen reader hears it at each. */
  readonly sameDay: boolean;
}

function Day({ summary, persons, sameDay }: DayProps) {
  const words = [...summary.moods.map(moodWord), whoseWords(summary, persons)].join(" · ");
  return (
    <li>
      <button type="button" class="day" onClick={() => go("entry", { document: summary.document })}>
        <span class="n">
          <span class={sameDay ? "vh" : ""}>{dayOf(summary)}</span>
        </span>
        <span>
          <b>{headOf(summary)}</b>
          <span class="meta">{words}</span>
        </span>
        <SummaryThumb summary={summary} />
      </button>
    </li>
  );
}
