import { lock, lockRefused, stayOpen } from "../../state/lock.ts";
import { t } from "../text.ts";
import { Button } from "./button.tsx";
import { Rise } from "./rise.tsx";

/** The last words found no room, or aren't kept yet: closing would lose them, so staying is what one does by default. */
export function LockRefused() {
  return (
    <Rise title={t("unkept.title")} onClose={stayOpen}>
      <p>{t(lockRefused.value === "late" ? "unkept.late" : "unkept.text")}</p>
      <div class="decide">
        <Button kind="now" onPress={stayOpen}>
          {t("unkept.stay")}
        </Button>
        <Button kind="quiet" icon="lock" onPress={() => void lock("anyway")}>
          {t("unkept.lock")}
        </Button>
      </div>
    </Rise>
  );
}
