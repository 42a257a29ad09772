import { go, sideIsOpen } from "../../../state/route.ts";
import { platform } from "../../../state/storage-platform.ts";
import { Button } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";
import "./settings.css";

/**
 * How to put Lomme on the home screen (or in the Dock), where the browser would forget it otherwise. What stands on the home
 * screen has a storage of its own: a pocket made before stays behind in the browser, so from inside it says how to bring it.
 */
export function HomeScreen() {
  const isMac = platform.forgets === "mac";
  const isOpen = sideIsOpen.value;
  const steps = [
    t(isMac ? "homescreen.mac1" : "homescreen.touch1"),
    t(isMac ? "homescreen.mac2" : "homescreen.touch2"),
    t(isMac ? "homescreen.mac3" : "homescreen.touch3"),
    ...(isOpen ? [t("homescreen.bring")] : []),
  ];
  return (
    <Screen
      hem={
        isOpen ? (
          <Button kind="line" icon="card" onPress={() => go("card")}>
            {t("homescreen.card")}
          </Button>
        ) : undefined
      }
    >
      <div class="spoken">
        <h1>{t(isMac ? "homescreen.titleMac" : "homescreen.title")}</h1>
        <SpeakButton text={[t("homescreen.why"), ...steps].join(" ")} />
      </div>
      <p class="lead">{t("homescreen.why")}</p>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p class="small">{t(isOpen ? "homescreen.stays" : "homescreen.first")}</p>
    </Screen>
  );
}
