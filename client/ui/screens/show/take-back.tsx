import { useState } from "preact/hooks";
import { shares } from "../../../state/lists.ts";
import { stepOf, takeBack } from "../../../state/sharing.ts";
import type { Person, Share } from "../../../state/types.ts";
import { genitive, nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Rise } from "../../parts/rise.tsx";
import { type TextKey, t } from "../../text.ts";

/** The pocket rises: what taking back does in the state it is in, and what it can't do. */
export function TakeBack(props: { share: Share; person: Person | undefined; onClose: () => void }) {
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const name = nameOf(props.person);
  const names = { name, genitive: genitive(name) };
  const reached = stepOf(props.share);
  const unsent = reached === "saved" || reached === "sending";
  const opened = reached === "opened" || reached === "answered";
  const take = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      await takeBack(props.share.id);
      await shares.refresh();
      props.onClose();
    } catch {
      setFailed(true);
      setBusy(false);
    }
  };
  return (
    <Rise title={t("state.takeBackTitle")} onClose={props.onClose}>
      <p>{t(unsent ? "state.backUnsent" : sentWords(props.person, opened), names)}</p>
      {opened && props.person?.role === "caseworker" && <p>{t("state.backFile")}</p>}
      <p>{t("state.backMine")}</p>
      {failed && <p role="alert">{t("state.backFailed")}</p>}
      <div class="decide">
        <Button kind="now" off={busy} onPress={() => void take()}>
          {t("state.takeBack")}
        </Button>
        <Button kind="quiet" onPress={props.onClose}>
          {t("state.leave")}
        </Button>
      </div>
    </Rise>
  );
}

/** Of a child nobody knows whether it was read. */
const sentWords = (person: Person | undefined, opened: boolean): TextKey => {
  if (person?.role === "child") return "state.backChild";
  return opened ? "state.backOpened" : "state.backSent";
};
