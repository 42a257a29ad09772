import { dayAndMonth } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { overview } from "../../../state/timeline.ts";
import { showMoreOfWall, standAtYear, wall, wallHasMore, wallYear } from "../../../state/timeline-wall.ts";
import type { Summary } from "../../../state/types.ts";
import { headOf } from "../../heads.ts";
import { joinNames } from "../../names.ts";
import { openOwn } from "../../open-own.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Word } from "../../parts/lists.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { ThingsDrawing } from "../../parts/tile-drawings.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import "./calendar.css";
import "./things.css";

/** All that has a photo, as a wall of small pictures; each leads to where it belongs. */
export function Wall() {
  const found = useList(wall);
  const years = [...new Set((useList(overview) ?? []).map(({ year }) => year))];
  return (
    <Screen help={false} hem={<PocketHem onNew={() => void writeNew("entry")} />} hemLabel={t("home.pocket")}>
      <h1>{t("wall.title")}</h1>
      {wall.failed.value && (
        <Word icon="warning">
          <p>{t("things.failed")}</p>
          <Button kind="quiet" icon="again" onPress={() => void wall.refresh()}>
            {t("things.again")}
          </Button>
        </Word>
      )}
      {years.length > 1 && (
        <nav class="months" aria-label={t("things.years")}>
          {years.map((year, index) => (
            <button
              key={year}
              type="button"
              aria-current={year === (wallYear.value ?? years[0])}
              onClick={() => void standAtYear(index === 0 ? null : year)}
            >
              {year}
            </button>
          ))}
        </nav>
      )}
      {found !== null && found.hits.length === 0 && (
        <Empty patch="sky" Drawing={ThingsDrawing} text={t("wall.empty")} />
      )}
      <ul class="wall">
        {found?.hits.map(({ summary }) => (
          <Tile key={summary.document} summary={summary} />
        ))}
      </ul>
      {wallHasMore.value && (
        <Button kind="quiet" onPress={() => void showMoreOfWall()}>
          {t("things.older")}
        </Button>
      )}
    </Screen>
  );
}

function Tile({ summary }: { summary: Summary }) {
  const { thumbnail, photos, createdAt } = summary;
  if (thumbnail === null) return null;
  const words = [
    headOf(summary),
    dayAndMonth(createdAt, Date.now(), language.value),
    ...(photos > 1 ? [t("home.onePhoto", { count: photos })] : []),
  ];
  return (
    <li>
      <button type="button" aria-label={joinNames(words)} onClick={() => openOwn(summary)}>
        <SealedPicture picture={thumbnail} alt="" />
        {photos > 1 && (
          <span class="wall-more" aria-hidden="true">
            {photos}
          </span>
        )}
      </button>
    </li>
  );
}
