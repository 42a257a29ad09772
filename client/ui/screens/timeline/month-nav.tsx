import { useLayoutEffect, useRef } from "preact/hooks";
import { monthShort } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import type { MonthOverview } from "../../../state/types.ts";
import { t } from "../../text.ts";

interface YearNavProps {
  /** Without the one that stands in the heading beside it. */
  readonly years: readonly number[];
  readonly onChoose: (year: number) => void;
}

export function YearNav({ years, onChoose }: YearNavProps) {
  return (
    <nav class="months things-years" aria-label={t("things.years")}>
      {years.map((year) => (
        <button key={year} type="button" onClick={() => onChoose(year)}>
          {year}
        </button>
      ))}
    </nav>
  );
}

interface MonthNavProps {
  readonly months: readonly MonthOverview[];
  readonly current: MonthOverview | null;
  readonly onChoose: (month: MonthOverview) => void;
}

/**
 * Oldest month of the year first, as on the knitted band. The list goes backwards from the chosen one. One row, however
 * narrow the window: it slides sideways, with the chosen month in sight, so that the entries begin on the first screen.
 */
export function MonthNav({ months, current, onChoose }: MonthNavProps) {
  const row = useRef<HTMLElement>(null);
  const year = current?.year;
  const month = current?.month;
  useLayoutEffect(() => {
    const chosen = row.current?.querySelector<HTMLElement>("[aria-current=true]");
    if (row.current === null || !chosen) return;
    row.current.scrollLeft = chosen.offsetLeft + (chosen.offsetWidth - row.current.clientWidth) / 2;
  }, [year, month, months.length]);
  return (
    <nav ref={row} class="months in-one-row" aria-label={t("things.months")}>
      {[...months].reverse().map((one) => (
        <button key={one.month} type="button" aria-current={one.month === month} onClick={() => onChoose(one)}>
          {monthShort(new Date(one.year, one.month, 15).getTime(), language.value)}
        </button>
      ))}
    </nav>
  );
}
