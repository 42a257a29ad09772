import { Button } from "../../parts/button.tsx";
import { Rise } from "../../parts/rise.tsx";
import { t } from "../../text.ts";

/** What stands behind the door "not safe for parents": a sentence and a choice, never a tick box that looks like a lock. */
export function NotSafe(props: { on: boolean; onChange: (on: boolean) => void; onClose: () => void }) {
  const choose = (on: boolean): void => {
    props.onChange(on);
    props.onClose();
  };
  return (
    <Rise title={t("show.notSafe")} onClose={props.onClose}>
      <p>{t("show.notSafeText")}</p>
      <div class="decide">
        <Button kind="line" icon="draw" onPress={() => choose(!props.on)}>
          {props.on ? t("show.notSafeOff") : t("show.notSafeAdd")}
        </Button>
        <Button kind="quiet" onPress={props.onClose}>
          {t("state.leave")}
        </Button>
      </div>
    </Rise>
  );
}
