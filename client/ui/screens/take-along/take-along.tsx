import { look } from "../../../state/language.ts";
import { go } from "../../../state/route.ts";
import type { RouteId } from "../../../state/route-table.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { type TextKey, t } from "../../text.ts";
import "../settings/settings.css";

interface Way {
  readonly route: RouteId;
  readonly icon: IconName;
  readonly label: TextKey;
  readonly under: TextKey;
  readonly patch: string;
}

const ways: readonly Way[] = [
  { route: "book", icon: "book", label: "take.book", under: "take.bookUnder", patch: "moss" },
  { route: "take-copy", icon: "copy", label: "take.copy", under: "take.copyUnder", patch: "denim" },
  { route: "bring-in", icon: "inbox", label: "take.bring", under: "take.bringUnder", patch: "plum" },
];

/** What can be taken out of the pocket, and brought into it. Picture-first: a patch for each, with its speaker. */
export function TakeAlong() {
  return (
    <Screen>
      <div class="spoken">
        <h1>{t("take.title")}</h1>
        <SpeakButton text={`${t("take.title")}. ${t("take.lead")}`} />
      </div>
      <p class="lead">{t("take.lead")}</p>
      {look.value === "pictures" ? <Patches /> : <Rows />}
    </Screen>
  );
}

const Rows = () => (
  <ul class="rows">
    {ways.map(({ route, icon, label, under }) => (
      <Row key={route} start={<Icon name={icon} />} title={t(label)} under={t(under)} onPress={() => go(route)} />
    ))}
  </ul>
);

const Patches = () => (
  <ul class="setting-patches">
    {ways.map(({ route, icon, label, under, patch }) => (
      <li key={route}>
        <button type="button" class={patch} onClick={() => go(route)}>
          <Icon name={icon} />
          <span>{t(label)}</span>
        </button>
        <SpeakButton text={`${t(label)}. ${t(under)}`} />
      </li>
    ))}
  </ul>
);
