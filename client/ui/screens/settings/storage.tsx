import { useEffect, useState } from "preact/hooks";
import { room } from "../../../state/room.ts";
import { go } from "../../../state/route.ts";
import type { RouteId } from "../../../state/route-table.ts";
import { sending } from "../../../state/sending.ts";
import { isChild } from "../../../state/session.ts";
import { askToKeep, isKept, readKept } from "../../../state/storage-keep.ts";
import { keepOriginals, originalsKept } from "../../../state/storage-room.ts";
import { isSafe, type SafetyReason, safety } from "../../../state/storage-safety.ts";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { say } from "../../parts/live.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { Section } from "./section.tsx";
import "./settings.css";

/** What one can do about it, where one can. */
const ways: Readonly<Partial<Record<SafetyReason, { route: RouteId; label: TextKey; icon: IconName }>>> = {
  "home-screen": { route: "home-screen", label: "storage.how", icon: "info" },
  "room-short": { route: "more-room", label: "room.open", icon: "plus" },
  "no-way-back": { route: "card", label: "storage.makeCard", icon: "card" },
  "card-untried": { route: "card", label: "storage.tryCard", icon: "card" },
};

/** The lamp: safe, or not safe yet, and why; whether the browser keeps it; and whether photos are kept as they came. */
export function Storage() {
  const reason = useList(safety);
  const pocketRoom = useList(room);
  // Where no code gives more, none is asked for. Without net nobody knows: the way stands, and its screen says so.
  const hasMore = pocketRoom !== null && pocketRoom.asks !== false;
  return (
    <Screen>
      <h1>{t("storage.title")}</h1>
      {reason !== null && <Lamp reason={reason} />}
      <Kept />
      {reason !== null && reason !== "room-short" && hasMore && (
        <Section title={t("room.section")}>
          <Button kind="line" icon="plus" onPress={() => go("more-room")}>
            {t("room.open")}
          </Button>
        </Section>
      )}
      <Originals />
    </Screen>
  );
}

function Lamp({ reason }: { reason: SafetyReason }) {
  const safe = isSafe(reason);
  const word = t(safe ? "storage.safe" : "storage.notYet");
  const why = reason === "room-short" ? t(isChild.value ? "room.short" : "room.shortStaff") : t(`storage.${reason}`);
  const way = ways[reason];
  return (
    <>
      <div class="lamp" data-safe={safe} role="status">
        <span class="lamp-mark">
          <Icon name={safe ? "check" : "clock"} />
        </span>
        <div class="spoken">
          <span class="voice">{word}</span>
          <SpeakButton text={`${word}. ${why}`} />
        </div>
      </div>
      <p>{why}</p>
      {reason === "on-its-way" && <Sending />}
      {way !== undefined && (
        <Button kind="now" icon={way.icon} onPress={() => go(way.route)}>
          {t(way.label)}
        </Button>
      )}
    </>
  );
}

/** A number and a bar where sending takes longer than a second. */
function Sending() {
  useEffect(() => sending.hold(), []);
  const far = sending.value.value;
  if (far === null) return null;
  const words = t("storage.sending", { done: far.done, total: far.total });
  return (
    <>
      <progress class="sending" max={far.total} value={far.done} aria-label={words} />
      <p class="small">{words}</p>
    </>
  );
}

function Kept() {
  const [refused, setRefused] = useState(false);
  useEffect(() => void readKept(), []);
  const kept = isKept.value;
  if (kept === null) return null;
  const ask = async (): Promise<void> => {
    const now = await askToKeep();
    setRefused(!now);
    say(t(now ? "storage.kept" : "storage.refused"));
  };
  return (
    <Section title={t("storage.browser")}>
      <p class="small">{t(kept ? "storage.kept" : refused ? "storage.refused" : "storage.notKept")}</p>
      {!kept && (
        <Button kind="line" onPress={() => void ask()}>
          {t("storage.ask")}
        </Button>
      )}
    </Section>
  );
}

function Originals() {
  const on = useList(originalsKept);
  if (on === null) return null;
  return (
    <Section title={t("original.title")}>
      <p class="small">{t("original.why")}</p>
      <Choice<"no" | "yes">
        label={t("original.title")}
        chosen={on ? "yes" : "no"}
        onChoose={(chosen) => void keepOriginals(chosen === "yes")}
        values={[
          { value: "no", word: t("original.no") },
          { value: "yes", word: t("original.yes") },
        ]}
      />
    </Section>
  );
}
