import { useEffect, useState } from "preact/hooks";
import { monthLong } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people, pinned } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import { openSearch } from "../../../state/search.ts";
import { hasOlder, overview, showOlder, standAt, stretch } from "../../../state/timeline.ts";
import type { MonthOverview, Person, Summary } from "../../../state/types.ts";
import { DOT, headOf, moodWord, whoseWords } from "../../heads.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { SyncWord } from "../../parts/sync-word.tsx";
import { ThingsDrawing } from "../../parts/tile-drawings.tsx";
import { type Way, Ways } from "../../parts/ways.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { Knit } from "./knit.tsx";
import "./things.css";
import { MemorySlip } from "./memory-slip.tsx";
import { MonthNav, YearNav } from "./month-nav.tsx";
import { daysOfYear, groupByMonth, type MonthOf } from "./year.ts";

/** Other ways to one's things: by day, by photo, as a line, as a page about oneself. */
const ways: readonly Way[] = [
  { route: "calendar", label: "calendar.title", icon: "day" },
  { route: "wall", label: "wall.title", icon: "picture" },
  { route: "life", label: "life.title", icon: "route" },
  { route: "me", label: "me.short", icon: "child" },
];

/** Where one stands is kept while one reads an entry and comes back. */
let standing: MonthOverview | null = null;

/** "Mine ting": one's year at a glance, then the entries by month and day, from the month one chose backwards. */
export function Things() {
  const months = useList(overview);
  const entries = useList(stretch);
  const kept = useList(pinned);
  const persons = useList(people);
  const [from, setFrom] = useState(standing);
  const stand = (month: MonthOverview | null): void => {
    standing = month;
    setFrom(month);
    void standAt(month);
  };
  const first = from ?? months?.[0] ?? null;
  const thisYear = new Date().getFullYear();
  const year = first?.year ?? thisYear;
  const years = [...new Set([thisYear, ...(months ?? []).map((month) => month.year)])];
  const ofYear = (months ?? []).filter((month) => month.year === year);
  const shown = groupByMonth(entries ?? []).filter((month) => month.year === year);
  const isWhole = !hasOlder.value || shown.length < groupByMonth(entries ?? []).length;
  return (
    <Screen
      help={false}
      middle={<SearchButton />}
      hem={<PocketHem onNew={() => void writeNew("entry")} />}
      hemLabel={t("home.pocket")}
    >
      <div class="things-head">
        <h1 class="things-year">
          <span class="vh">{t("things.title")} </span>
          {year}
        </h1>
        {years.length > 1 && (
          <YearNav
            years={years.filter((other) => other !== year)}
            onChoose={(other) => stand(months?.find((month) => month.year === other) ?? null)}
          />
        )}
      </div>
      {stretch.failed.value && (
        <Word icon="warning">
          <p>{t("things.failed")}</p>
          <Button kind="quiet" icon="again" onPress={() => void stretch.refresh()}>
            {t("things.again")}
          </Button>
        </Word>
      )}
      <SyncWord />
      <Knit year={year} days={daysOfYear(year, ofYear)} />
      <Ways ways={ways} label="ways.navLabel" />
      <MemorySlip />
      {ofYear.length > 1 && <MonthNav months={ofYear} current={first} onChoose={stand} />}
      {months !== null && months.length === 0 && <Empty patch="sky" Drawing={ThingsDrawing} text={t("things.empty")} />}
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
      {shown.map((month, index) => (
        <section key={`${month.year}-${month.month}`} aria-label={nameOfMonth(month)}>
          <h2 class={index === 0 && ofYear.length > 1 ? "vh" : "things-month"}>{nameOfMonth(month)}</h2>
          <ul class="days">
            {month.entries.map((summary, at) => (
              <Day
                key={summary.document}
                summary={summary}
                persons={persons}
                sameDay={dayOf(month.entries[at - 1]) === dayOf(summary)}
              />
            ))}
          </ul>
        </section>
      ))}
      {!isWhole && <Older />}
      <Button kind="quiet" icon="archive" onPress={() => go("put-away")}>
        {t("away.title")}
      </Button>
    </Screen>
  );
}

function SearchButton() {
  return (
    <button type="button" class="end" aria-label={t("search.title")} onClick={openSearch}>
      <Icon name="search" />
    </button>
  );
}

/** Comes by itself when one has read so far; a press does the same. */
function Older() {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (place === null) return;
    const observer = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) void showOlder();
    });
    observer.observe(place);
    return () => observer.disconnect();
  }, [place]);
  return (
    <div ref={setPlace}>
      <Button kind="quiet" onPress={() => void showOlder()}>
        {t("things.older")}
      </Button>
    </div>
  );
}

const nameOfMonth = ({ year, month }: Pick<MonthOf<Summary>, "year" | "month">): string =>
  monthLong(new Date(year, month, 15).getTime(), language.value);

const dayOf = (summary: Summary | undefined): number | null =>
  summary === undefined ? null : new Date(summary.createdAt).getDate();

interface DayProps {
  readonly summary: Summary;
  readonly persons: readonly Person[] | null;
  /** The date stands at the day's first entry only; a screen reader hears it at each. */
  readonly sameDay: boolean;
}

function Day({ summary, persons, sameDay }: DayProps) {
  const words = [...summary.moods.map(moodWord), whoseWords(summary, persons)].join(DOT);
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
