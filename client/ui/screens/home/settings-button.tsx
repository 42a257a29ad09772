import { go } from "../../../state/route.ts";
import { Icon } from "../../parts/icon.tsx";
import { t } from "../../text.ts";

export function SettingsButton() {
  return (
    <button type="button" class="end" aria-label={t("home.settings")} onClick={() => go("settings")}>
      <Icon name="settings" />
    </button>
  );
}
