import { useEffect } from "preact/hooks";
import { look } from "../../../state/language.ts";
import { lock } from "../../../state/lock.ts";
import { mayHavePasskey, readPasskeyIsPossible } from "../../../state/passkey.ts";
import { go, mayShow } from "../../../state/route.ts";
import type { RouteId } from "../../../state/route-table.ts";
import { isChild } from "../../../state/session.ts";
import { isSafe, type SafetyReason, safety } from "../../../state/storage-safety.ts";
import { takeUpdate, updateOffered } from "../../../state/updates.ts";
import { Button } from "../../parts/button.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { Section } from "./section.tsx";
import "./settings.css";

interface Place {
  readonly route: RouteId;
  readonly label: TextKey;
  readonly icon: IconName;
  /** A colour of the patches: paper.css. */
  readonly patch: "sky" | "sand" | "brick" | "moss" | "plum" | "denim";
  readonly forChild?: boolean;
}

/** Those that there are here: a small pocket has fewer. */
const placesHere = (): readonly Place[] =>
  places.filter(
    ({ route, forChild = false }) =>
      mayShow(route) && (isChild.value || !forChild) && (route !== "passkey" || mayHavePasskey.value),
  );

const places: readonly Place[] = [
  { route: "settings-look", label: "settings.look", icon: "palette", patch: "plum" },
  { route: "settings-language", label: "settings.language", icon: "language", patch: "sky" },
  { route: "storage", label: "storage.title", icon: "shield", patch: "moss" },
  { route: "new-code", label: "settings.code", icon: "key", patch: "denim" },
  { route: "passkey", label: "passkey.title", icon: "finger", patch: "plum" },
  { route: "second-code", label: "second.title", icon: "eye", patch: "sand", forChild: true },
  { route: "card", label: "settings.card", icon: "card", patch: "brick" },
  { route: "devices", label: "devices.title", icon: "copy", patch: "sand" },
  { route: "memories", label: "memories.open", icon: "day", patch: "sky", forChild: true },
  { route: "take-along", label: "take.title", icon: "book", patch: "moss", forChild: true },
  { route: "people", label: "home.people", icon: "people", patch: "sky" },
  { route: "settings-safety", label: "safety.title", icon: "lock", patch: "brick" },
  { route: "about", label: "about.title", icon: "info", patch: "plum" },
];

/** How this pocket is: one small screen for each thing. Picture-first: a patch for each, with its speaker. */
export function Settings() {
  const lamp = useList(safety);
  useEffect(() => void readPasskeyIsPossible(), []);
  const inPictures = isChild.value && look.value === "pictures";
  return (
    <Screen
      hem={
        <Button kind="quiet" icon="lock" wide onPress={() => void lock()}>
          {t("settings.lock")}
        </Button>
      }
    >
      <h1>{t("settings.title")}</h1>
      {updateOffered.value && (
        <Section title={t("settings.update")}>
          <p class="small">{t("settings.update.lead")}</p>
          <Button kind="act" onPress={() => void takeUpdate()}>
            {t("settings.update.take")}
          </Button>
        </Section>
      )}
      {inPictures ? <Patches lamp={lamp} /> : <Rows lamp={lamp} />}
    </Screen>
  );
}

const lampWord = (lamp: SafetyReason): string => t(isSafe(lamp) ? "storage.safe" : "storage.notYet");

function Rows({ lamp }: { lamp: SafetyReason | null }) {
  return (
    <ul class="rows">
      {placesHere().map(({ route, label, icon }) => (
        <Row
          key={route}
          title={t(label)}
          under={route === "storage" && lamp !== null ? lampWord(lamp) : undefined}
          start={<Icon name={icon} />}
          onPress={() => go(route)}
        />
      ))}
    </ul>
  );
}

function Patches({ lamp }: { lamp: SafetyReason | null }) {
  return (
    <ul class="setting-patches">
      {placesHere().map(({ route, label, icon, patch }) => (
        <li key={route}>
          <button type="button" class={patch} onClick={() => go(route)}>
            <Icon name={icon} />
            <span>{t(label)}</span>
            {route === "storage" && lamp !== null && <span class="setting-lamp">{lampWord(lamp)}</span>}
          </button>
          <SpeakButton text={t(label)} />
        </li>
      ))}
    </ul>
  );
}
