import { dayAndMonth, weekdayTitle } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { entries, people } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import { headOf, underLine } from "../../heads.ts";
import { Icon } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { StorageWord } from "../../parts/storage-word.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { SyncWord } from "../../parts/sync-word.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { NewsSlip } from "./news-slip.tsx";
import { openPlace, placesHere } from "./places.tsx";
import { ReminderWord } from "./reminder-word.tsx";
import { SettingsButton } from "./settings-button.tsx";

/** How many of the newest stand on home; all of them are in "Mine ting". */
const LATEST = 6;

/** The look of 10 to 13: the day, the one thing to do now, four places, the newest entries. */
export function MiddleHome() {
  const all = useList(entries);
  const persons = useList(people);
  const now = Date.now();
  return (
    <Screen
      help={false}
      back="none"
      name={t("home.pocket")}
      middle={<SettingsButton />}
      hem={<PocketHem onNew={() => void writeNew("entry")} />}
      hemLabel={t("home.pocket")}
      slides
    >
      <h1 class="home-day">{weekdayTitle(now, language.value)}</h1>
      <p class="home-date">{dayAndMonth(now, now, language.value)}</p>
      <NewsSlip />
      <SyncWord />
      <StorageWord />
      <ReminderWord />
      <nav class="four" aria-label={t("home.pocket")}>
        {placesHere().map((place) => (
          <button key={place.route} type="button" onClick={() => openPlace(place)}>
            <span class={`sw ${place.patch}`}>
              <Icon name={place.icon} />
            </span>
            {t(place.label)}
          </button>
        ))}
      </nav>
      <h2 class="home-last">{t("home.last")}</h2>
      {all !== null && all.length === 0 && <p class="home-empty">{t("home.empty")}</p>}
      <ul class="rows">
        {all?.slice(0, LATEST).map((summary) => (
          <Row
            key={summary.document}
            title={headOf(summary)}
            under={underLine(summary, persons, now)}
            start={<SummaryThumb summary={summary} />}
            onPress={() => go("entry", { document: summary.document })}
          />
        ))}
      </ul>
    </Screen>
  );
}
