import { useState } from "preact/hooks";
import { BIN_MS, removeEntry, takeOut } from "../../../state/entry.ts";
import { archived, binned } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import type { Summary } from "../../../state/types.ts";
import { headOf } from "../../heads.ts";
import { Button } from "../../parts/button.tsx";
import { Row, Word } from "../../parts/lists.tsx";
import { Rise } from "../../parts/rise.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./things.css";

const DAY_MS = 24 * 3600 * 1000;

/** What was put away, and what lies in the bin for its thirty days. */
export function PutAway() {
  const away = useList(archived);
  const bin = useList(binned);
  const [chosen, setChosen] = useState<Summary | null>(null);
  return (
    <Screen>
      <h1>{t("away.title")}</h1>
      <p class="lead">{t("more.archiveMeans")}</p>
      {away?.length === 0 && <p class="meta">{t("away.none")}</p>}
      <ul class="rows">
        {away?.map((summary) => (
          <Row
            key={summary.document}
            title={headOf(summary)}
            start={<SummaryThumb summary={summary} />}
            onPress={() => go("entry", { document: summary.document })}
          />
        ))}
      </ul>
      <h2 class="things-month">{t("away.bin")}</h2>
      <p class="small">{t("away.binMeans")}</p>
      <ul class="rows">
        {bin?.map((summary) => (
          <Row
            key={summary.document}
            title={headOf(summary)}
            under={t("away.daysLeft", { count: daysLeft(summary) })}
            start={<SummaryThumb summary={summary} />}
            onPress={() => setChosen(summary)}
          />
        ))}
      </ul>
      {chosen !== null && <Choose summary={chosen} onClose={() => setChosen(null)} />}
    </Screen>
  );
}

/** Whole days until it goes by itself. */
const daysLeft = ({ marks }: Summary): number =>
  Math.max(0, Math.ceil(((marks.binnedAt ?? 0) + BIN_MS - Date.now()) / DAY_MS));

/** Out of the bin again, or gone for good. Both are asked for; neither is urged. */
function Choose({ summary, onClose }: { summary: Summary; onClose: () => void }) {
  const [failed, setFailed] = useState(false);
  const choose = async (act: (document: Summary["document"]) => Promise<void>): Promise<void> => {
    try {
      await act(summary.document);
      onClose();
    } catch {
      setFailed(true);
    }
  };
  return (
    <Rise title={headOf(summary)} onClose={onClose}>
      <p>{t("away.goneMeans")}</p>
      {failed && (
        <div role="alert">
          <Word icon="info">{t("entry.notDeleted")}</Word>
        </div>
      )}
      <div class="decide">
        <Button kind="now" icon="takeBack" onPress={() => void choose(takeOut)}>
          {t("away.takeOut")}
        </Button>
        <Button kind="line" icon="bin" onPress={() => void choose(removeEntry)}>
          {t("away.gone")}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t("more.close")}
        </Button>
      </div>
    </Rise>
  );
}
