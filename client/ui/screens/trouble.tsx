import { useEffect } from "preact/hooks";
import { uncover } from "../../state/cover.ts";
import { phase, trouble } from "../../state/session.ts";
import { Button } from "../parts/button.tsx";
import { Screen } from "../parts/screen.tsx";
import { t } from "../text.ts";

const again = () => location.replace("/");

/** Another window took the pocket over: everything is sealed, this page shows nothing of it any more. */
export function Elsewhere() {
  // Only now that the screen holds nothing of the pocket does the cover come off.
  useEffect(uncover, []);
  return (
    <Screen
      back="none"
      help={false}
      ground="cloth"
      hem={
        <Button kind="now" wide onPress={again}>
          {t("elsewhere.here")}
        </Button>
      }
    >
      <h1>{t("elsewhere.title")}</h1>
      <p>{t("elsewhere.lead")}</p>
    </Screen>
  );
}

/** The store or the worker can't be used. What is safe comes first. */
export function Trouble() {
  return (
    <Screen
      back="none"
      help={false}
      hem={
        <Button kind="now" wide onPress={again}>
          {t("trouble.again")}
        </Button>
      }
    >
      <h1>{t("trouble.title")}</h1>
      <p>{t(phase.value === "trouble" && trouble.value === "older-store" ? "trouble.older" : "trouble.lead")}</p>
    </Screen>
  );
}

/** A screen that hasn't come to this device yet, and there is no net. The way back and the ways out stand all the same. */
export function NotHere({ onAgain }: { onAgain: () => void }) {
  return (
    <Screen
      hem={
        <Button kind="now" wide onPress={onAgain}>
          {t("trouble.again")}
        </Button>
      }
    >
      <h1>{t("start.title")}</h1>
      <p class="lead">{t("code.offline")}</p>
    </Screen>
  );
}
