import { useState } from "preact/hooks";
import { dayAndMonth } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people } from "../../../state/lists.ts";
import { markedWords } from "../../../state/search.ts";
import {
  type MemoryBrake,
  memorySettings,
  PAUSE_DAYS,
  pauseMemories,
  setBrake,
  turnMemories,
} from "../../../state/timeline-memories.ts";
import { headOf } from "../../heads.ts";
import { nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useLeftWord } from "../../parts/left-word.ts";
import { Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { useSummaries } from "../../use-summaries.ts";
import "./calendar.css";

/** As many names as one looks through; any other can be typed. */
const MOST_NAMES = 16;

/** "On this day": asked for here, once and kindly, and stopped here in every way. */
export function MemorySettings() {
  const settings = useList(memorySettings);
  const words = useList(markedWords);
  const persons = useList(people);
  const [failed, setFailed] = useState(false);
  const attempt = (act: Promise<void>): void => {
    act.then(
      () => setFailed(false),
      () => setFailed(true),
    );
  };
  if (settings === null) return <Screen>{null}</Screen>;
  const { on, pausedUntil, brakes } = settings;
  const stopped = brakes.flatMap((brake) => (brake.kind === "name" ? [brake.name] : []));
  const isStopped = (name: string): boolean =>
    stopped.some((one) => one.toLocaleLowerCase() === name.trim().toLocaleLowerCase());
  const known = [...new Set([...(words?.names ?? []), ...(persons ?? []).map(nameOf)])].slice(0, MOST_NAMES);
  const names = [...new Set([...stopped, ...known.filter((name) => !isStopped(name))])];
  return (
    <Screen>
      <h1>{t("memories.title")}</h1>
      <p class="lead">{t("memories.lead")}</p>
      {failed && (
        <div role="alert">
          <Word icon="info">{t("memories.failed")}</Word>
        </div>
      )}
      <Choice
        class="chips memory-choice"
        label={t("memories.title")}
        chosen={on ? "on" : "off"}
        onChoose={(chosen) => attempt(turnMemories(chosen === "on"))}
        values={[
          { value: "on", word: t("memories.on") },
          { value: "off", word: t("memories.off") },
        ]}
      />
      {on && (
        <>
          <section class="setting">
            <h2>{t("memories.pause")}</h2>
            {pausedUntil !== null && (
              <p>{t("memories.pausedUntil", { day: dayAndMonth(pausedUntil, Date.now(), language.value) })}</p>
            )}
            <Button kind="line" icon="pause" onPress={() => attempt(pauseMemories(pausedUntil === null))}>
              {pausedUntil === null ? t("memories.pauseDays", { days: PAUSE_DAYS }) : t("memories.pauseEnd")}
            </Button>
          </section>
          <section class="setting">
            <h2>{t("memories.notPerson")}</h2>
            <p class="small">{t("memories.notPersonMeans")}</p>
            <div class="chips">
              {names.map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={isStopped(name)}
                  onClick={() => attempt(setBrake({ kind: "name", name }, !isStopped(name)))}
                >
                  <Icon name={isStopped(name) ? "check" : "plus"} />
                  {name}
                </button>
              ))}
            </div>
            <OtherName onName={(name) => attempt(setBrake({ kind: "name", name }, true))} />
          </section>
          <NotThese brakes={brakes} onRelease={(brake) => attempt(setBrake(brake, false))} />
        </>
      )}
    </Screen>
  );
}

function OtherName({ onName }: { onName: (name: string) => void }) {
  const { field, add } = useLeftWord(onName);
  return (
    <form
      class="memory-name"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label class="label">
        {t("memories.otherName")}
        <input ref={field} class="field" maxLength={40} autocomplete="off" spellcheck={false} />
      </label>
      <button type="submit" class="btn line">
        {t("marks.add")}
      </button>
    </form>
  );
}

/** Entries that shall not come up, each to be let go again. */
function NotThese({ brakes, onRelease }: { brakes: readonly MemoryBrake[]; onRelease: (brake: MemoryBrake) => void }) {
  const documents = brakes.flatMap((brake) => (brake.kind === "entry" ? [brake.document] : []));
  const own = useSummaries(documents);
  if (own.length === 0) return null;
  return (
    <section class="setting">
      <h2>{t("memories.notThese")}</h2>
      <div class="chips">
        {own.map((summary) => (
          <button
            key={summary.document}
            type="button"
            aria-pressed="true"
            onClick={() => onRelease({ kind: "entry", document: summary.document })}
          >
            <Icon name="check" />
            {headOf(summary)}
          </button>
        ))}
      </div>
    </section>
  );
}
