import { useState } from "preact/hooks";
import { monthShort } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { kind, when, whose } from "../../../state/search.ts";
import { overview } from "../../../state/timeline.ts";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";

const ALL = "all";

/** What else can be chosen: kind, who sees it, year and month. Folded away until it is wanted. */
export function Filters() {
  const months = useList(overview) ?? [];
  const [open, setOpen] = useState(kind.value !== "all" || whose.value !== "all" || when.value !== null);
  const years = [...new Set(months.map(({ year }) => year))];
  const ofYear = months.filter(({ year }) => year === when.value?.year).reverse();
  return (
    <>
      <Button kind="quiet" icon="filters" expanded={open} onPress={() => setOpen(!open)}>
        {t("search.filters")}
      </Button>
      {open && (
        <div class="search-filters">
          <Choice
            label={t("search.kindLabel")}
            values={[
              { value: "all", word: t("search.all") },
              { value: "entry", word: t("search.entries") },
              { value: "wish", word: t("home.wishes") },
            ]}
            chosen={kind.value}
            onChoose={(chosen) => {
              kind.value = chosen;
            }}
          />
          <Choice
            label={t("search.whoseLabel")}
            values={[
              { value: "all", word: t("search.all") },
              { value: "mine", word: t("search.mine") },
              { value: "shown", word: t("search.shown") },
            ]}
            chosen={whose.value}
            onChoose={(chosen) => {
              whose.value = chosen;
            }}
          />
          {years.length > 0 && (
            <Choice
              label={t("things.years")}
              values={[
                { value: ALL, word: t("search.allYears") },
                ...years.map((year) => ({ value: String(year), word: year })),
              ]}
              chosen={when.value === null ? ALL : String(when.value.year)}
              onChoose={(chosen) => {
                when.value = chosen === ALL ? null : { year: Number(chosen), month: null };
              }}
            />
          )}
          {ofYear.length > 0 && (
            <Choice
              label={t("things.months")}
              values={[
                { value: ALL, word: t("search.all") },
                ...ofYear.map(({ year, month }) => ({
                  value: String(month),
                  word: monthShort(new Date(year, month, 15).getTime(), language.value),
                })),
              ]}
              chosen={when.value?.month == null ? ALL : String(when.value.month)}
              onChoose={(chosen) => {
                if (when.value !== null)
                  when.value = { year: when.value.year, month: chosen === ALL ? null : Number(chosen) };
              }}
            />
          )}
        </div>
      )}
    </>
  );
}
