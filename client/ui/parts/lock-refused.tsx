import { lock, lockRefused } from "../../state/lock.ts";
import { t } from "../text.ts";
import { Button } from "./button.tsx";
import { Rise } from "./rise.tsx";

/** The last words found no room: closing would lose them, so staying is what one does by default. */
export function LockRefused() {
  const stay = (): void => {
    lockRefused.value = false;
  };
  return (
    <Rise title={t("unkept.title")} onClose={stay}>
      <p>{t("unkept.text")}</p>
      <div class="decide">
        <Button kind="now" onPress={stay}>
          {t("unkept.stay")}
        </Button>
        <Button kind="quiet" icon="lock" onPress={() => void lock({ anyway: true })}>
          {t("unkept.lock")}
        </Button>
      </div>
    </Rise>
  );
}
