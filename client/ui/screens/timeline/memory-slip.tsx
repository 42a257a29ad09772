import { useState } from "preact/hooks";
import { go } from "../../../state/route.ts";
import { type Memory, memories, pauseMemories, setBrake } from "../../../state/timeline-memories.ts";
import { DOT, headOf, moodWord } from "../../heads.ts";
import { openOwn } from "../../open-own.ts";
import { Button } from "../../parts/button.tsx";
import { Row, Word } from "../../parts/lists.tsx";
import { Rise } from "../../parts/rise.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./calendar.css";

/** Stands in "Mine ting" only, where one came to look; nothing where it is off, paused, or has nothing kind to show. */
export function MemorySlip() {
  const found = useList(memories) ?? [];
  const [stopping, setStopping] = useState<Memory | null>(null);
  if (found.length === 0) return null;
  return (
    <section class="memory" aria-label={t("memories.title")}>
      <h2>{t("memories.title")}</h2>
      <ul class="rows">
        {found.map((memory) => (
          <Row
            key={memory.summary.document}
            title={headOf(memory.summary)}
            under={[ago(memory), ...memory.summary.moods.map(moodWord)].join(DOT)}
            start={<SummaryThumb summary={memory.summary} />}
            onPress={() => openOwn(memory.summary)}
          />
        ))}
      </ul>
      {found.map((memory) => (
        <Button key={memory.summary.document} kind="quiet" icon="eyeOff" onPress={() => setStopping(memory)}>
          {found.length === 1 ? t("memories.less") : t("memories.lessOf", { title: headOf(memory.summary) })}
        </Button>
      ))}
      {stopping !== null && <Brakes memory={stopping} onClose={() => setStopping(null)} />}
    </section>
  );
}

const ago = ({ years }: Memory): string =>
  years === 0 ? t("memories.halfYear") : t("memories.years", { count: years });

/** Not this, nobody of this name, a pause, or all of it in the settings. */
function Brakes({ memory, onClose }: { memory: Memory; onClose: () => void }) {
  const [failed, setFailed] = useState(false);
  const { document, marks } = memory.summary;
  const brake = (act: Promise<void>): void => {
    act.then(onClose, () => setFailed(true));
  };
  return (
    <Rise title={t("memories.lessTitle")} onClose={onClose}>
      {failed && (
        <div role="alert">
          <Word icon="info">{t("memories.failed")}</Word>
        </div>
      )}
      <div class="decide">
        <Button kind="line" icon="eyeOff" onPress={() => brake(setBrake({ kind: "entry", document }, true))}>
          {t("memories.notThis")}
        </Button>
        {marks.persons.map((name) => (
          <Button key={name} kind="line" icon="people" onPress={() => brake(setBrake({ kind: "name", name }, true))}>
            {t("memories.notName", { name })}
          </Button>
        ))}
        <Button kind="line" icon="pause" onPress={() => brake(pauseMemories(true))}>
          {t("memories.pause")}
        </Button>
        <Button
          kind="line"
          icon="settings"
          onPress={() => {
            onClose();
            go("memories");
          }}
        >
          {t("memories.choose")}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t("more.close")}
        </Button>
      </div>
    </Rise>
  );
}
