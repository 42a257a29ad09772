import { lock } from "../../../state/lock.ts";
import { go, mayShow } from "../../../state/route.ts";
import type { RouteId } from "../../../state/route-table.ts";
import { openedByCard } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { StorageWord } from "../../parts/storage-word.tsx";
import { SyncWord } from "../../parts/sync-word.tsx";
import {
  AnswersDrawing,
  CaseDrawing,
  LifeDrawing,
  PeopleDrawing,
  ThingsDrawing,
  WishesDrawing,
} from "../../parts/tile-drawings.tsx";
import { type TextKey, t } from "../../text.ts";
import { writeNew } from "../../write-new.ts";
import { useNews } from "./news.ts";
import { NewsSlip } from "./news-slip.tsx";
import { ReminderWord } from "./reminder-word.tsx";
import { SettingsButton } from "./settings-button.tsx";

interface Tile {
  readonly route: RouteId;
  readonly label: TextKey;
  /** Colour, and how far the tile sticks out of the pocket. */
  readonly look: string;
  readonly Drawing: () => preact.JSX.Element;
}

const tiles: readonly Tile[] = [
  { route: "things", label: "home.things", look: "w low sky", Drawing: ThingsDrawing },
  { route: "people", label: "home.people", look: "w sand", Drawing: PeopleDrawing },
  { route: "wishes", label: "home.wishes", look: "up plum", Drawing: WishesDrawing },
  { route: "case", label: "case.title", look: "higher paper", Drawing: CaseDrawing },
  { route: "shown", label: "home.answers", look: "level moss", Drawing: AnswersDrawing },
];

/** In the small pocket behind a second code, which has nobody and no case. */
const life: Tile = { route: "life", label: "life.title", look: "higher paper", Drawing: LifeDrawing };
const tilesHere = (): readonly Tile[] =>
  mayShow("case") ? tiles : [...tiles.filter(({ route }) => mayShow(route)), life];

/** The look of 6 to 9: five things that stick out of the pocket, and one big "new". */
export function PictureHome() {
  const news = useNews();
  return (
    <Screen
      help={false}
      back="none"
      middle={<SettingsButton />}
      slides
      footer={
        <footer class="pocket home-deep no-print">
          <div class="cloth">
            <Stitch />
            <Button kind="now" icon="plus" big onPress={() => void writeNew("entry")}>
              {t("home.new")}
            </Button>
            <div class="home-under">
              <button type="button" onClick={() => void lock()}>
                <Icon name="lock" />
                {t("home.lock")}
              </button>
              <button type="button" onClick={() => go("help")}>
                <Icon name="help" />
                {t("home.helpShort")}
              </button>
            </div>
          </div>
        </footer>
      }
    >
      <h1 class="vh">{t("home.pocket")}</h1>
      <NewsSlip />
      <SyncWord />
      <StorageWord />
      {/* One thing to read at a time: with both, the lowest things would lie under the hem of a small phone. */}
      {(news === null || openedByCard.value) && <ReminderWord />}
      <nav class="stuffed" aria-label={t("home.pocket")}>
        {tilesHere().map(({ route, label, look, Drawing }) => (
          <div key={route} class={look}>
            <button type="button" onClick={() => go(route)}>
              <Drawing />
              <span>{t(label)}</span>
            </button>
            <SpeakButton text={t(label)} />
          </div>
        ))}
      </nav>
    </Screen>
  );
}
