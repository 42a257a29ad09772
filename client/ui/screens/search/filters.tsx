import { useState } from "preact/hooks";
import { monthShort } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people } from "../../../state/lists.ts";
import { has, isFiltered, kind, markedWords, name, person, tag, when, where, whose } from "../../../state/search.ts";
import { overview } from "../../../state/timeline.ts";
import type { Holding } from "../../../state/types.ts";
import { eachOnce } from "../../each-once.ts";
import { nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Choice, type ChoiceProps } from "../../parts/choice.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";

const ALL = "all";
/** More chips than this are no choice any more; whoever wants another word types it. */
const MOST_CHIPS = 24;

const holdings = ["photo", "sound", "video", "drawing"] as const satisfies readonly Holding[];

/** What else can be chosen: kind, what it has in it, who sees it, words it is marked with, year and month. Folded away until it is wanted. */
export function Filters() {
  const months = useList(overview) ?? [];
  const [open, setOpen] = useState(isFiltered.value);
  const words = useList(markedWords);
  const shownTo = eachOnce(useList(people) ?? []).map((one) => ({ value: one.id, word: nameOf(one) }));
  const years = [...new Set(months.map(({ year }) => year))];
  const ofYear = months.filter(({ year }) => year === when.value?.year).reverse();
  return (
    <>
      <Button kind="quiet" icon="filters" expanded={open} onPress={() => setOpen(!open)}>
        {t("search.filters")}
      </Button>
      {open && (
        <div class="search-filters">
          <Asked
            label="search.kindLabel"
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
          <Asked
            label="search.whoseLabel"
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
          <OneOf
            label="search.hasLabel"
            all="search.all"
            chosen={has}
            values={holdings.map((value) => ({ value, word: t(`search.has.${value}`) }))}
          />
          <OneOf label="search.personLabel" all="search.everyone" chosen={person} values={shownTo} />
          <OneOf label="search.nameLabel" all="search.everyone" chosen={name} values={asValues(words?.names)} />
          <OneOf label="search.tagLabel" all="search.all" chosen={tag} values={asValues(words?.tags)} />
          <OneOf label="search.placeLabel" all="search.anywhere" chosen={where} values={asValues(words?.places)} />
          {years.length > 0 && (
            <Asked
              label="things.years"
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
            <Asked
              label="things.months"
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

const asValues = (words: readonly string[] = []): OneOfProps<string>["values"] =>
  words.map((word) => ({ value: word, word }));

interface OneOfProps<Value extends string> {
  readonly label: TextKey;
  readonly all: TextKey;
  readonly chosen: { value: Value | null };
  readonly values: readonly { readonly value: Value; readonly word: string }[];
}

/** One of them or all; nothing where there is none to choose. */
function OneOf<Value extends string>({ label, all, chosen, values }: OneOfProps<Value>) {
  if (values.length === 0) return null;
  // An answer that is chosen stays to be seen, however rarely it was given.
  const shown = values.filter(({ value }, index) => index < MOST_CHIPS || value === chosen.value);
  return (
    <Asked
      label={label}
      values={[{ value: ALL, word: t(all) }, ...shown]}
      chosen={chosen.value ?? ALL}
      onChoose={(value) => {
        chosen.value = value === ALL ? null : (value as Value);
      }}
    />
  );
}

/** A choice with what it is about over it: several rows begin with "all". */
function Asked<Value extends string>({ label, ...choice }: Omit<ChoiceProps<Value>, "label"> & { label: TextKey }) {
  return (
    <fieldset class="group">
      <legend class="meta">{t(label)}</legend>
      <Choice label={t(label)} {...choice} />
    </fieldset>
  );
}
