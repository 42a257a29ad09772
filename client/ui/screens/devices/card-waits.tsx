import { useState } from "preact/hooks";
import { dayAtTime } from "../../../i18n/when.ts";
import { stopWait, waits } from "../../../state/devices.ts";
import { language } from "../../../state/language.ts";
import { back, goInstead } from "../../../state/route.ts";
import { AskCode } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { useNow } from "../../use-now.ts";

/** Somebody waits to open this pocket with its card: until when, and stopping it. No yellow: it may be the child itself. */
export function CardWaits() {
  const all = useList(waits);
  const now = useNow(30_000);
  const [stopping, setStopping] = useState<string | null>(null);
  const [stopped, setStopped] = useState(false);
  const wait = all?.[0];
  if (stopping !== null) {
    return (
      <AskCode
        onLeave={() => setStopping(null)}
        onCode={async (code) => {
          const refused = await stopWait(stopping, code);
          if (refused !== null) return refused;
          setStopped(true);
          setStopping(null);
          return null;
        }}
      />
    );
  }
  if (stopped) {
    return (
      <Screen
        hem={
          <Button kind="now" icon="card" wide onPress={() => goInstead("card")}>
            {t("wait.newCard")}
          </Button>
        }
      >
        <h1>{t("wait.stoppedTitle")}</h1>
        <p class="lead">{t("wait.stopped")}</p>
      </Screen>
    );
  }
  if (wait === undefined) return <Screen>{all === null ? null : <h1>{t("wait.none")}</h1>}</Screen>;
  return (
    <Screen
      hem={
        <div class="equal">
          <Button kind="line" onPress={back}>
            {t("wait.mine")}
          </Button>
          <Button kind="line" onPress={() => setStopping(wait.id)}>
            {t("wait.stop")}
          </Button>
        </div>
      }
    >
      <h1>{t("wait.title")}</h1>
      <p class="lead">
        {wait.until > now ? t("wait.text", { when: dayAtTime(wait.until, now, language.value) }) : t("wait.over")}
      </p>
      <p class="lead">{t("wait.you")}</p>
      <p class="lead">{t("wait.notYou")}</p>
    </Screen>
  );
}
