import { useState } from "preact/hooks";
import { removeEntry } from "../../../state/entry.ts";
import { back } from "../../../state/route.ts";
import type { Summary } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Rise } from "../../parts/rise.tsx";
import { t } from "../../text.ts";

/** The pocket rises and asks. What was shown is a copy of its own: that is said here. */
export function DeleteEntry(props: { document: Summary["document"]; shownTo: string; onClose: () => void }) {
  const [failed, setFailed] = useState(false);
  const remove = async (): Promise<void> => {
    try {
      await removeEntry(props.document);
      back();
    } catch {
      setFailed(true);
    }
  };
  return (
    <Rise title={t("entry.deleteTitle")} onClose={props.onClose}>
      <p>{t("entry.deleteText")}</p>
      {props.shownTo !== "" && <p>{t("entry.deleteShown", { names: props.shownTo })}</p>}
      {failed && <p role="alert">{t("entry.notDeleted")}</p>}
      <div class="decide">
        <Button kind="line" icon="bin" onPress={() => void remove()}>
          {t("entry.delete")}
        </Button>
        <Button kind="quiet" onPress={props.onClose}>
          {t("entry.keep")}
        </Button>
      </div>
    </Rise>
  );
}
