import { isChild } from "../../state/session.ts";
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
  "device-removed": "sync.removed",
};

const textOf = (problem: string): TextKey => {
  if (problem === "room-short") return isChild.value ? "room.short" : "room.shortStaff";
  return texts[problem] ?? "sync.other";
};

/** A quiet word when something can't be sent or doesn't fit; what is safe comes first. Nothing while there is merely no net. */
export function SyncWord() {
  const { problem, catchingUp } = syncState();
  if (catchingUp !== null) return <CatchingUp {...catchingUp} />;
  if (problem === null) return null;
  return (
    <div class="sync-word" role="status">
      <Word icon="warning">{t(textOf(problem))}</Word>
    </div>
  );
}

/** A device that is new here is being filled: how far it is. */
function CatchingUp({ done, total }: { done: number; total: number }) {
  const words = t("sync.catching", { done, total });
  return (
    <div class="sync-word" role="status">
      <Word icon="clock">
        <p>{words}</p>
        <progress max={total} value={done} aria-label={words} />
      </Word>
    </div>
  );
}
