import { useState } from "preact/hooks";
import type { OpenEntry } from "../../../state/entry.ts";
import { back, go, mayShow } from "../../../state/route.ts";
import { isChild } from "../../../state/session.ts";
import { letSee, sideState } from "../../../state/side.ts";
import type { Summary } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Rise } from "../../parts/rise.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { MarksForm } from "./marks-form.tsx";

/** What can be done with the whole of it, and what it is marked with. */
export function More(props: { entry: OpenEntry; document: Summary["document"]; onClose: () => void }) {
  const { entry, document, onClose } = props;
  const [marking, setMarking] = useState(false);
  const side = useList(sideState);
  const seen = side?.seen.includes(document) ?? false;
  const { pinned, archived } = entry.marks.value;
  if (marking) {
    return (
      <Rise title={t("more.marks")} onClose={onClose}>
        {entry.ready.value && <MarksForm entry={entry} />}
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
        {isChild.value && side !== null && mayShow("second-code") && (
          <Button
            kind="line"
            icon="eye"
            onPress={() => {
              onClose();
              if (side.on) void letSee(document, !seen).catch(() => undefined);
              else go("second-code");
            }}
          >
            {t(!side.on ? "second.title" : seen ? "more.unsee" : "more.see")}
          </Button>
        )}
        <Button kind="quiet" onPress={onClose}>
          {t("more.close")}
        </Button>
      </div>
    </Rise>
  );
}
