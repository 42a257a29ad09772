import { go } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";
import { HandOverDrawing } from "./drawings.tsx";

/** From here on the child is alone with it: the code that follows is nobody else's. */
export function HandOver() {
  return (
    <Screen
      hem={
        <Button kind="now" wide onPress={() => go("look")}>
          {t("handover.next")}
        </Button>
      }
    >
      <div class="spoken">
        <h1>{t("handover.title")}</h1>
        <SpeakButton text={t("handover.title")} />
      </div>
      <p class="lead">{t("handover.lead")}</p>
      <HandOverDrawing />
      <div class="last">
        <Facts facts={[{ icon: "eyeOff", text: t("handover.adult") }]} />
      </div>
    </Screen>
  );
}
