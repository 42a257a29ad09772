import type { ComponentChildren } from "preact";
import { quickExit } from "../../../state/quick-exit.ts";
import { go } from "../../../state/route.ts";
import { covers } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { Rise } from "../../parts/rise.tsx";
import { t } from "../../text.ts";

/** What "…" holds while locked: help now, leave something (where a child turned it on), the quick exit. Nothing else. */
export function LockedMenu({
  onClose,
  hint,
  children,
}: {
  onClose: () => void;
  /** What the closed pockets themselves don't say; here it can be read aloud. */
  hint?: string;
  children?: ComponentChildren;
}) {
  return (
    <Rise title={t("start.menu")} onClose={onClose} exit={false}>
      {hint && <p>{hint}</p>}
      <Button
        kind="line"
        icon="help"
        onPress={() => {
          // An open dialog would keep everything else out of reach, also what lies over its screen.
          onClose();
          go("help");
        }}
      >
        {t("help.title")}
      </Button>
      {covers.value.some(({ doorOpen }) => doorOpen) && (
        <Button kind="line" icon="door" onPress={() => go("leave")}>
          {t("start.leave")}
        </Button>
      )}
      {children}
      <Button kind="now" icon="exit" onPress={quickExit}>
        {t("start.exit")}
      </Button>
      <Button kind="quiet" onPress={onClose}>
        {t("start.close")}
      </Button>
    </Rise>
  );
}
