import { useLayoutEffect, useRef } from "preact/hooks";
import { dayAndMonth, monthLong } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people } from "../../../state/lists.ts";
import { overview } from "../../../state/timeline.ts";
import {
  chosenDay,
  entriesByDay,
  monthEntries,
  shownMonth,
  standOn,
  stepDays,
} from "../../../state/timeline-calendar.ts";
import type { Summary } from "../../../state/types.ts";
import { DOT, headOf, moodWord, whoseWords } from "../../heads.ts";
import { joinNames } from "../../names.ts";
import { openOwn } from "../../open-own.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Row, Word } from "../../parts/lists.tsx";
import { MoodMark } from "../../parts/mood-mark.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { formatDate, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import "./calendar.css";
import { Knit } from "./knit.tsx";
import "./things.css";
import { daysOfYear, weeksOfMonth } from "./year.ts";

/** A calendar of moods: the year as a band, the month day by day, and under it what stands on the chosen day. */
export function Calendar() {
  const months = useList(overview);
  useList(monthEntries);
  const { year, month } = shownMonth.value;
  const day = chosenDay.value;
  const onDay = entriesByDay.value.get(day) ?? [];
  const name = `${monthLong(new Date(year, month, 15).getTime(), language.value)} ${year}`;
  const ofYear = (months ?? []).filter((one) => one.year === year);
  return (
    <Screen help={false} hem={<PocketHem onNew={() => void writeNew("entry")} />} hemLabel={t("home.pocket")}>
      <h1>{t("calendar.title")}</h1>
      {monthEntries.failed.value && (
        <Word icon="warning">
          <p>{t("things.failed")}</p>
          <Button kind="quiet" icon="again" onPress={() => void monthEntries.refresh()}>
            {t("things.again")}
          </Button>
        </Word>
      )}
      <Knit year={year} days={daysOfYear(year, ofYear)} onDay={(to, at) => standOn(year, to, at)} />
      <div class="cal-head">
        <button type="button" aria-label={t("calendar.before")} onClick={() => standOn(year, month - 1, day)}>
          <Icon name="back" />
        </button>
        <h2 aria-live="polite">{name}</h2>
        <button type="button" aria-label={t("calendar.after")} onClick={() => standOn(year, month + 1, day)}>
          <Icon name="forward" />
        </button>
      </div>
      <Month />
      <OfDay entries={onDay} at={new Date(year, month, day, 12).getTime()} />
    </Screen>
  );
}

/** Keys as in every grid of days: arrows, Home and End for the week, Page Up and Page Down for the month. */
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** A key was pressed in the grid: the focus follows, also when its day's button goes with the month. */
let focusHere = false;

function Month() {
  const grid = useRef<HTMLTableElement>(null);
  const { year, month } = shownMonth.value;
  const day = chosenDay.value;
  const now = new Date();
  // With the days themselves, not after the next picture: a fast key would meet the page in between.
  useLayoutEffect(() => {
    // Whoever moves by keyboard has the focus in the grid, perhaps on a day of the month before.
    if (grid.current?.contains(document.activeElement) || focusHere) {
      grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    }
    focusHere = false;
  }, [year, month, day]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const { year, month } = shownMonth.value;
    const day = chosenDay.value;
    const weekday = (new Date(year, month, day).getDay() + 6) % 7;
    const step = steps[event.key] ?? (event.key === "Home" ? -weekday : event.key === "End" ? 6 - weekday : null);
    if (step === null && event.key !== "PageUp" && event.key !== "PageDown") return;
    event.preventDefault();
    focusHere = true;
    if (step !== null) stepDays(step);
    else standOn(year, month + (event.key === "PageUp" ? -1 : 1), day);
  };
  return (
    <table class="cal" aria-label={t("calendar.title")} ref={grid} onKeyDown={onKeyDown}>
      <thead>
        <tr>
          {Array.from({ length: 7 }, (_, at) => {
            // 1 January 2024 was a Monday.
            const weekday = Date.UTC(2024, 0, 1 + at);
            return (
              <th key={weekday} scope="col" abbr={formatDate(weekday, { weekday: "long", timeZone: "UTC" })}>
                {formatDate(weekday, { weekday: "narrow", timeZone: "UTC" })}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {weeksOfMonth(year, month).map((week) => (
          <tr key={week.find((one) => one !== null)}>
            {week.map((one, at) =>
              one === null ? (
                <td key={`none ${at}`} />
              ) : (
                <td key={one}>
                  <Day
                    day={one}
                    entries={entriesByDay.value.get(one) ?? []}
                    isToday={one === now.getDate() && month === now.getMonth() && year === now.getFullYear()}
                  />
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Day({ day, entries, isToday }: { day: number; entries: readonly Summary[]; isToday: boolean }) {
  const { year, month } = shownMonth.value;
  const mood = entries.flatMap(({ moods }) => moods)[0];
  const date = dayAndMonth(new Date(year, month, day, 12).getTime(), Date.now(), language.value);
  const said = [date, mood === undefined ? "" : moodWord(mood), t("calendar.count", { count: entries.length })];
  return (
    <button
      type="button"
      tabIndex={day === chosenDay.value ? 0 : -1}
      aria-label={joinNames(said.filter((part) => part !== ""))}
      aria-pressed={day === chosenDay.value}
      aria-current={isToday ? "date" : undefined}
      data-filled={entries.length > 0}
      onClick={() => standOn(year, month, day)}
    >
      <span class="cal-n">{day}</span>
      {mood === undefined ? entries.length > 0 && <span class="cal-dot" /> : <MoodMark mood={mood} />}
    </button>
  );
}

/** What stands on the chosen day. An empty day is a day like any other. */
function OfDay({ entries, at }: { entries: readonly Summary[]; at: number }) {
  const persons = useList(people);
  const name = dayAndMonth(at, Date.now(), language.value);
  return (
    <section class="cal-day" aria-label={name}>
      <h2>{name}</h2>
      {entries.length === 0 && <p class="meta">{t("calendar.none")}</p>}
      <ul class="rows">
        {entries.map((summary) => (
          <Row
            key={summary.document}
            title={headOf(summary)}
            under={[...summary.moods.map(moodWord), whoseWords(summary, persons)].join(DOT)}
            start={<SummaryThumb summary={summary} />}
            onPress={() => openOwn(summary)}
          />
        ))}
      </ul>
    </section>
  );
}
