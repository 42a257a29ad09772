import { useState } from "preact/hooks";
import { type LifeStop, MAX_STOP_TITLE, type OpenLife, openLife } from "../../../state/life.ts";
import { back, type RouteParams } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Sign, signWord } from "../../parts/sign.tsx";
import { t } from "../../text.ts";
import { ChooseSign } from "./choose-sign.tsx";
import "./life.css";
import { StopEntries } from "./stop-entries.tsx";
import { StopPhotos } from "./stop-photos.tsx";
import { usePage } from "./use-page.ts";
import { When } from "./when.tsx";

/** One stop on the line. Nothing of it is asked for; it is whole with its picture alone. */
export function Stop({ params }: { params: RouteParams }) {
  const { page: life, failed, again } = usePage("life", openLife);
  const stops = life?.stops.value ?? [];
  const stop = stops.find(({ id }) => id === params.stop);
  return (
    <Screen
      hem={
        <Button kind="now" wide onPress={back}>
          {t("life.done")}
        </Button>
      }
    >
      <h1 class="vh">{t("life.stopTitle")}</h1>
      {(failed || life?.trouble.value === "failed") && (
        <Word icon="warning">
          <p>{t("life.failed")}</p>
          <Button kind="quiet" icon="again" onPress={again}>
            {t("things.again")}
          </Button>
        </Word>
      )}
      {life !== null && stop !== undefined && <StopForm life={life} stop={stop} place={stops.indexOf(stop)} />}
    </Screen>
  );
}

function StopForm({ life, stop, place }: { life: OpenLife; stop: LifeStop; place: number }) {
  const [choosing, setChoosing] = useState(false);
  const { id } = stop;
  const count = life.stops.value.length;
  return (
    <>
      <div class="stop-head">
        <Sign sign={stop.sign} />
        <div>
          <p class="voice stop-sign">{signWord(stop.sign)}</p>
          <Button kind="quiet" onPress={() => setChoosing(true)}>
            {t("life.other")}
          </Button>
        </div>
      </div>
      {life.saved.value === "problem" && <Word icon="warning">{t("entry.problem")}</Word>}
      <When when={stop.when} onChange={(when) => life.setWhen(id, when)} />
      <label class="life-field">
        <span class="label">{t("life.name")}</span>
        <input
          class="field"
          maxLength={MAX_STOP_TITLE}
          autocomplete="off"
          spellcheck={false}
          value={stop.title}
          onInput={(event) => life.writeTitle(id, event.currentTarget.value)}
        />
      </label>
      <label class="life-field">
        <span class="label">{t("life.words")}</span>
        <textarea
          class="field"
          autocomplete="off"
          spellcheck={false}
          value={stop.text}
          onInput={(event) => life.writeText(id, event.currentTarget.value)}
        />
      </label>
      <StopPhotos life={life} stop={stop} />
      <StopEntries life={life} stop={stop} />
      <section class="life-part" aria-label={t("life.move")}>
        <h2>{t("life.move")}</h2>
        <p class="meta" role="status">
          {t("life.place", { number: place + 1, count })}
        </p>
        <div class="life-acts">
          <Button kind="line" icon="up" off={place === 0} onPress={() => life.move(id, -1)}>
            {t("life.earlier")}
          </Button>
          <Button kind="line" icon="down" off={place === count - 1} onPress={() => life.move(id, 1)}>
            {t("life.later")}
          </Button>
        </div>
      </section>
      <Button
        kind="quiet"
        icon="bin"
        onPress={() => {
          life.takeOff(id);
          back();
        }}
      >
        {t("life.remove")}
      </Button>
      {choosing && (
        <ChooseSign
          onClose={() => setChoosing(false)}
          onChoose={(sign) => {
            life.setSign(id, sign);
            setChoosing(false);
          }}
        />
      )}
    </>
  );
}
