import { syncState } from "../../state/sync.ts";
import { type TextKey, t } from "../text.ts";
import { Word } from "./lists.tsx";

const texts: Readonly<Record<string, TextKey>> = {
  "over-quota": "sync.full",
  "storage-failed": "sync.full",
  "unknown-protocol": "sync.older",
  fork: "sync.fork",
  incomplete: "sync.incomplete",
  quarantined: "sync.quarantined",
};

/** A quiet word when something can't be sent or doesn't fit; what is safe comes first. Nothing while there is merely no net. */
export function SyncWord() {
  const { problem } = syncState();
  if (problem === null) return null;
  return (
    <div class="sync-word" role="status">
      <Word icon="warning">{t(texts[problem] ?? "sync.other")}</Word>
    </div>
  );
}
