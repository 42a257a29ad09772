import { lock } from "../../../state/lock.ts";
import { cardComesNext } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";

/** Closing it and opening it oneself; and the quick way out explained before it is first used, with what it can't do. */
export function CloseAndOpen() {
  const close = () => {
    cardComesNext();
    void lock();
  };
  return (
    <Screen
      back="none"
      hem={
        <Button kind="now" icon="lock" wide onPress={close}>
          {t("closeopen.close")}
        </Button>
      }
    >
      <div class="spoken">
        <h1>{t("closeopen.title")}</h1>
        <SpeakButton text={`${t("closeopen.title")}. ${t("closeopen.lead")}`} />
      </div>
      <p class="lead">{t("closeopen.lead")}</p>
      <Facts
        facts={[
          { icon: "exit", text: t("closeopen.exit") },
          { icon: "eye", text: t("closeopen.limits") },
        ]}
      />
    </Screen>
  );
}
