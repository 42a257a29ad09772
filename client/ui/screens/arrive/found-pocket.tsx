import { Button } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";

/** The pocket was found: what is left is a code that works here only. */
export function FoundPocket({ onNext }: { onNext: () => void }) {
  return (
    <Screen
      back="none"
      hem={
        <Button kind="now" wide onPress={onNext}>
          {t("restore.next")}
        </Button>
      }
    >
      <h1>{t("restore.foundTitle")}</h1>
      <p class="voice found">{t("restore.foundText")}</p>
    </Screen>
  );
}
