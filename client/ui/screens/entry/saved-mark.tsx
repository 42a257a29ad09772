import { useEffect, useState } from "preact/hooks";
import type { OpenEntry } from "../../../state/entry.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { say } from "../../parts/live.tsx";
import { type TextKey, t } from "../../text.ts";

const marks: Record<OpenEntry["saved"]["value"], { icon: IconName; text: TextKey }> = {
  saving: { icon: "more", text: "entry.saving" },
  saved: { icon: "check", text: "entry.saved" },
  problem: { icon: "warning", text: "entry.notSaved" },
};

/**
 * "Gemt her", said only after the vault's strict commit. Told aloud once, when the first of what was written is safe; then
 * only when it fails and when it is well again, not at every letter.
 */
export function SavedMark({ entry }: { entry: Pick<OpenEntry, "saved"> }) {
  const saved = entry.saved.value;
  const { icon, text } = marks[saved];
  const [said, setSaid] = useState<typeof saved>("saving");
  const [written, setWritten] = useState(false);
  useEffect(() => {
    if (saved === "saving") return setWritten(true);
    if (said === saved || (saved === "saved" && !written)) return;
    setSaid(saved);
    say(t(saved === "saved" ? "entry.savedSaid" : "entry.problem"));
  }, [saved]);
  return (
    <span class="saved-mark state-word" data-saved={saved}>
      <Icon name={icon} />
      <span>{t(text)}</span>
    </span>
  );
}
