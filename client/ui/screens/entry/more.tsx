import { useState } from "preact/hooks";
import type { OpenEntry } from "../../../state/entry.ts";
import { back } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Rise } from "../../parts/rise.tsx";
import { t } from "../../text.ts";
import { MarksForm } from "./marks-form.tsx";

/** What can be done with the whole of it, and what it is marked with. */
export function More({ entry, onClose }: { entry: OpenEntry; onClose: () => void }) {
  const [marking, setMarking] = useState(false);
  const { pinned, archived } = entry.marks.value;
  if (marking) {
    return (
      <Rise title={t("more.marks")} onClose={onClose}>
        <MarksForm entry={entry} />
        <Button kind="now" wide onPress={onClose}>
          {t("entry.done")}
        </Button>
      </Rise>
    );
  }
  return (
    <Rise title={t("more.title")} onClose={onClose}>
      <div class="decide">
        <Button kind="line" icon="tag" onPress={() => setMarking(true)}>
          {t("more.marks")}
        </Button>
        <Button
          kind="line"
          icon="pin"
          onPress={() => {
            entry.pin(!pinned);
            onClose();
          }}
        >
          {t(pinned ? "more.unpin" : "more.pin")}
        </Button>
        <Button
          kind="line"
          icon="archive"
          onPress={() => {
            entry.archive(!archived);
            onClose();
            if (!archived) back();
          }}
        >
          {t(archived ? "more.unarchive" : "more.archive")}
        </Button>
        <p class="small">{t("more.archiveMeans")}</p>
        <Button kind="quiet" onPress={onClose}>
          {t("more.close")}
        </Button>
      </div>
    </Rise>
  );
}
