import { useEffect, useState } from "preact/hooks";
import { type LifeStop, type OpenLife, openLife, takenOff } from "../../../state/life.ts";
import { go } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Row, Word } from "../../parts/lists.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { Sign, signWord } from "../../parts/sign.tsx";
import { LifeDrawing } from "../../parts/tile-drawings.tsx";
import { whenWords } from "../../parts/when-words.ts";
import { t } from "../../text.ts";
import { ChooseSign } from "./choose-sign.tsx";
import "./life.css";
import { usePage } from "./use-page.ts";

/** The life story: a line across homes, schools, people and moves, in the child's own order, with gaps that are allowed. */
export function Life() {
  const { page: life, failed, again } = usePage("life", openLife);
  const [choosing, setChoosing] = useState(false);
  const [seeGone, setSeeGone] = useState(false);
  useEffect(
    () => () => {
      takenOff.value = null;
    },
    [],
  );
  const stops = life?.stops.value ?? [];
  const gone = life?.gone.value ?? [];
  const ready = life?.ready.value === true;
  const undo = gone.find(({ id }) => id === takenOff.value);
  return (
    <Screen help={false} hem={<PocketHem onNew={() => ready && setChoosing(true)} />} hemLabel={t("home.pocket")}>
      <h1>{t("life.title")}</h1>
      {(failed || life?.trouble.value === "failed") && (
        <Word icon="warning">
          <p>{t("life.failed")}</p>
          <Button kind="quiet" icon="again" onPress={again}>
            {t("things.again")}
          </Button>
        </Word>
      )}
      {undo !== undefined && (
        <div role="status">
          <Word icon="info">
            <p>{t("life.removed")}</p>
            <Button kind="quiet" icon="takeBack" onPress={() => life?.putBack(undo.id)}>
              {t("life.undo")}
            </Button>
          </Word>
        </div>
      )}
      {ready && stops.length === 0 && <Empty patch="sand" Drawing={LifeDrawing} text={t("life.empty")} />}
      <ol class="life">{life !== null && stops.map((stop) => <Stop key={stop.id} stop={stop} life={life} />)}</ol>
      <ul class="rows life-more">
        <Row title={t("me.title")} start={<Sign sign="heart" bare />} onPress={() => go("me")} />
      </ul>
      {life !== null && stops.length > 0 && (
        <Button kind="line" icon="send" onPress={() => go("show-to", { document: life.document })}>
          {t("life.show")}
        </Button>
      )}
      {gone.length > 0 && (
        <Button kind="quiet" icon="bin" expanded={seeGone} onPress={() => setSeeGone(!seeGone)}>
          {t("life.gone")}
        </Button>
      )}
      {seeGone && (
        <>
          <p class="meta">{t("life.goneMeans")}</p>
          <ul class="rows">
            {gone.map((stop) => (
              <Row
                key={stop.id}
                title={stop.title || signWord(stop.sign)}
                under={t("life.putBack")}
                start={<Sign sign={stop.sign} bare />}
                onPress={() => life?.putBack(stop.id)}
              />
            ))}
          </ul>
        </>
      )}
      {choosing && life !== null && (
        <ChooseSign onClose={() => setChoosing(false)} onChoose={(sign) => go("life-stop", { stop: life.add(sign) })} />
      )}
    </Screen>
  );
}

function Stop({ stop, life }: { stop: LifeStop; life: OpenLife }) {
  const when = whenWords(stop.when);
  const photos = life.photos.value.filter(({ full }) => stop.photos.includes(full.blob));
  return (
    <li data-sign={stop.sign}>
      <button type="button" onClick={() => go("life-stop", { stop: stop.id })}>
        <Sign sign={stop.sign} />
        <span class="life-words">
          {when !== "" && (
            <span class={stop.when.words === "" && stop.when.age === null ? "yr" : "yr said"}>{when}</span>
          )}
          <b>{stop.title || signWord(stop.sign)}</b>
          {stop.text.trim() !== "" && <span class="meta life-text">{stop.text}</span>}
          {photos.length > 0 && (
            <span class="life-photos">
              {photos.slice(0, 3).map((photo, index) => (
                <SealedPicture
                  key={photo.full.blob}
                  picture={photo.thumbnail}
                  alt={t("entry.photoOf", { number: index + 1 })}
                />
              ))}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
