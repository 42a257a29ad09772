import type { OpenEntry } from "../../../state/entry.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { type TextKey, t } from "../../text.ts";

const marks: Record<OpenEntry["saved"]["value"], { icon: IconName; text: TextKey }> = {
  saving: { icon: "more", text: "entry.saving" },
  saved: { icon: "check", text: "entry.saved" },
  problem: { icon: "warning", text: "entry.notSaved" },
};

/** "Gemt her", said only after the vault's strict commit. Told aloud when it changes for the worse, not at every letter. */
export function SavedMark({ entry }: { entry: Pick<OpenEntry, "saved"> }) {
  const { icon, text } = marks[entry.saved.value];
  return (
    <span class="saved-mark state-word" data-saved={entry.saved.value}>
      <Icon name={icon} />
      <span>{t(text)}</span>
    </span>
  );
}
