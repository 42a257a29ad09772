import { LIFE_SEASONS, type LifeWhen, MAX_AGE, MAX_STOP_TITLE } from "../../../state/life.ts";
import { Icon } from "../../parts/icon.tsx";
import { type TextKey, t } from "../../text.ts";

interface WhenProps {
  readonly when: LifeWhen;
  readonly onChange: (when: Partial<LifeWhen>) => void;
}

/** When it was, as well as one knows: a season, an age, a year, own words, or "I don't know". No letter has to be typed. */
export function When({ when, onChange }: WhenProps) {
  const thisYear = new Date().getFullYear();
  return (
    <fieldset class="group life-when">
      <legend>
        <h2>{t("life.when")}</h2>
      </legend>
      <div class="chips">
        {LIFE_SEASONS.map((season) => (
          <button
            key={season}
            type="button"
            aria-pressed={when.season === season}
            onClick={() => onChange({ season: when.season === season ? null : season })}
          >
            {t(`life.season.${season}` as TextKey)}
          </button>
        ))}
        <button type="button" aria-pressed={when.unknown} onClick={() => onChange({ unknown: !when.unknown })}>
          {t("life.unknown")}
        </button>
      </div>
      <Stepper
        label="life.age"
        value={when.age}
        words={when.age === null ? null : t("life.ageIs", { age: when.age })}
        first={7}
        least={0}
        most={MAX_AGE}
        onChange={(age) => onChange({ age })}
      />
      <Stepper
        label="life.year"
        value={when.year}
        words={when.year === null ? null : String(when.year)}
        first={thisYear}
        least={1900}
        most={thisYear}
        onChange={(year) => onChange({ year })}
      />
      <label class="life-field">
        <span class="label">{t("life.whenWords")}</span>
        <input
          class="field"
          maxLength={MAX_STOP_TITLE}
          autocomplete="off"
          spellcheck={false}
          value={when.words}
          onInput={(event) => onChange({ words: event.currentTarget.value })}
        />
      </label>
    </fieldset>
  );
}

interface StepperProps {
  readonly label: TextKey;
  readonly value: number | null;
  readonly words: string | null;
  /** Where it begins at the first press. */
  readonly first: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number | null) => void;
}

/** A number by pressing: less, more, and taken off again. */
function Stepper({ label, value, words, first, least, most, onChange }: StepperProps) {
  const step = (by: number): void => onChange(value === null ? first : Math.min(most, Math.max(least, value + by)));
  return (
    <fieldset class="group stepper" aria-label={t(label)}>
      <span class="label">{t(label)}</span>
      <span class="stepper-row">
        <button type="button" aria-label={`${t(label)} ${t("life.less")}`} onClick={() => step(-1)}>
          <Icon name="minus" />
        </button>
        <output class="voice">{words ?? "–"}</output>
        <button type="button" aria-label={`${t(label)} ${t("life.more")}`} onClick={() => step(1)}>
          <Icon name="plus" />
        </button>
        {value !== null && (
          <button type="button" aria-label={`${t(label)} ${t("life.none")}`} onClick={() => onChange(null)}>
            <Icon name="close" />
          </button>
        )}
      </span>
    </fieldset>
  );
}
