import type { CardWaitHours } from "../../state/types.ts";
import { t } from "../text.ts";
import { Choice } from "./choice.tsx";

const means = { 1: "cardwait.means1", 24: "cardwait.means24", 72: "cardwait.means72" } as const;
const names = { 1: "cardwait.1", 24: "cardwait.24", 72: "cardwait.72" } as const;

/** How long the card waits on a new device: the child's choice, with what each means both ways. */
export function CardWait({ hours, onChoose }: { hours: CardWaitHours; onChoose: (hours: CardWaitHours) => void }) {
  return (
    <section class="setting card-wait">
      <h2>{t("cardwait.title")}</h2>
      <Choice
        label={t("cardwait.label")}
        chosen={String(hours)}
        onChoose={(chosen) => onChoose(Number(chosen) as CardWaitHours)}
        values={([1, 24, 72] as const).map((value) => ({ value: String(value), word: t(names[value]) }))}
      />
      <p class="small" aria-live="polite">
        {t(means[hours])} {t("cardwait.server")}
      </p>
    </section>
  );
}
