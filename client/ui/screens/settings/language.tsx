import { first } from "../../../i18n/first.ts";
import { country, language } from "../../../state/language.ts";
import { changeCover } from "../../../state/session.ts";
import type { Country, Language } from "../../../state/types.ts";
import { Choice } from "../../parts/choice.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { Section } from "./section.tsx";

/** Language, and the country whose numbers are called. */
export function SettingsLanguage() {
  return (
    <Screen>
      <h1>{t("settings.language")}</h1>
      <Section title={t("settings.languageOf")}>
        <Choice<Language>
          label={t("settings.languageOf")}
          chosen={language.value}
          onChoose={(chosen) => void changeCover({ language: chosen })}
          values={(["da", "sv", "en"] as const).map((value) => ({ value, word: first[value]["first.language"] }))}
        />
      </Section>
      <Section title={t("settings.country")}>
        <Choice<Country>
          label={t("settings.country")}
          chosen={country.value}
          onChoose={(chosen) => void changeCover({ country: chosen })}
          values={(["dk", "se"] as const).map((value) => ({ value, word: t(`country.${value}`) }))}
        />
      </Section>
    </Screen>
  );
}
