import { dayAtTime } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useNow } from "../../use-now.ts";

/** The card fits and has to wait: until when, what for, and that it is needed once more. Nothing of it is kept here. */
export function CardWaiting({ until, again, back }: { until: number; again: () => void; back: () => void }) {
  const now = useNow(30_000);
  return (
    <Screen
      back={back}
      hem={
        <Button kind={until <= now ? "now" : "line"} icon="card" wide onPress={again}>
          {t("restore.again")}
        </Button>
      }
    >
      <h1>{t("restore.waitTitle")}</h1>
      <p class="lead" role="status">
        {t("restore.waitText", { when: dayAtTime(until, now, language.value) })}
      </p>
      <Facts
        facts={[
          { icon: "shield", text: t("restore.waitWhy") },
          { icon: "card", text: t("restore.waitKeep") },
          { icon: "clock", text: t("restore.waitServer") },
        ]}
      />
    </Screen>
  );
}
