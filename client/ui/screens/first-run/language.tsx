import { type Language, languages } from "../../../i18n/catalogue.ts";
import { first } from "../../../i18n/first.ts";
import { chooseCountry, chooseLanguage } from "../../../state/language.ts";
import { canGoBack, go } from "../../../state/route.ts";
import { covers } from "../../../state/session.ts";
import { belongsOnHomeScreen } from "../../../state/storage-platform.ts";
import { Button } from "../../parts/button.tsx";
import { Hem, Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";

/** The first thing one meets: which language, each in its own words and with its own voice. */
export function ChooseLanguage() {
  const choose = (language: Language) => {
    chooseLanguage(language);
    go(language === "en" ? "country" : "who");
  };
  return (
    <Screen
      back={canGoBack.value ? "history" : "none"}
      name="Lomme"
      footer={
        <Hem>
          {covers.value.length === 0 && (
            <>
              {belongsOnHomeScreen && (
                <>
                  <p class="hem-word">{t("homescreen.title")}</p>
                  <Button kind="line" wide onPress={() => go("home-screen")}>
                    {t("homescreen.how")}
                  </Button>
                </>
              )}
              <p class="hem-word">{t("start.none")}</p>
              <Button kind="line" wide onPress={() => go("arrive")}>
                {t("start.have")}
              </Button>
            </>
          )}
        </Hem>
      }
    >
      <h1>{t("first.choose")}</h1>
      <ul class="stack">
        {languages.map((language) => (
          <li key={language} class="spoken" lang={language}>
            <div class="choices">
              <button type="button" onClick={() => choose(language)}>
                <span class="voice">{first[language]["first.language"]}</span>
              </button>
            </div>
            <SpeakButton text={first[language]["first.language"]} lang={language} />
          </li>
        ))}
      </ul>
    </Screen>
  );
}

/** English is spoken in both countries, and the numbers to call differ. */
export function ChooseCountry() {
  return (
    <Screen footer={<Hem />}>
      <h1>{t("country.title")}</h1>
      <p class="lead">{t("country.why")}</p>
      <div class="choices">
        {(["dk", "se"] as const).map((country) => (
          <button
            key={country}
            type="button"
            onClick={() => {
              chooseCountry(country);
              go("who");
            }}
          >
            <span class="voice">{t(country === "dk" ? "country.dk" : "country.se")}</span>
          </button>
        ))}
      </div>
    </Screen>
  );
}
