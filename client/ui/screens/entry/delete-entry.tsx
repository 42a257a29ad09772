import type { OpenEntry } from "../../../state/entry.ts";
import { back } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Rise } from "../../parts/rise.tsx";
import { t } from "../../text.ts";

interface DeleteEntryProps {
  readonly entry: OpenEntry;
  /** Names of those who see a copy; "" when nobody does. */
  readonly shownTo: string;
  readonly onClose: () => void;
}

/** The pocket rises and asks. It goes into the bin for 30 days; what was shown is a copy of its own: that is said here. */
export function DeleteEntry({ entry, shownTo, onClose }: DeleteEntryProps) {
  return (
    <Rise title={t("entry.deleteTitle")} onClose={onClose}>
      <p>{t("entry.deleteText")}</p>
      {shownTo !== "" && <p>{t("entry.deleteShown", { names: shownTo })}</p>}
      <div class="decide">
        <Button
          kind="line"
          icon="bin"
          onPress={() => {
            entry.bin(true);
            back();
          }}
        >
          {t("entry.delete")}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t("entry.keep")}
        </Button>
      </div>
    </Rise>
  );
}
