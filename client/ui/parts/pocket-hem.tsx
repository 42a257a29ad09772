import { lock } from "../../state/lock.ts";
import { go } from "../../state/route.ts";
import { t } from "../text.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

/** The hem of the open pocket's own screens: close, the one big "new", help. Goes into `Screen`'s `hem`. */
export function PocketHem({ label, onNew }: { label?: string; onNew: () => void }) {
  return (
    <>
      <button type="button" onClick={() => void lock()}>
        <Icon name="lock" />
        <span>{t("home.lock")}</span>
      </button>
      <Button kind="now" icon="plus" onPress={onNew}>
        {label ?? t("home.new")}
      </Button>
      <button type="button" onClick={() => go("help")}>
        <span>{t("home.help")}</span>
        <Icon name="help" />
      </button>
    </>
  );
}
