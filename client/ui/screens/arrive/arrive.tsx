import { canGoBack, go } from "../../../state/route.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Hem, Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { type TextKey, t } from "../../text.ts";
import "./arrive.css";

interface Way {
  readonly icon: IconName;
  readonly title: TextKey;
  readonly how: TextKey;
  readonly go: () => void;
}

const ways: readonly Way[] = [
  { icon: "code", title: "arrive.device", how: "arrive.deviceHow", go: () => go("link-take") },
  { icon: "card", title: "arrive.card", how: "arrive.cardHow", go: () => go("restore") },
  { icon: "people", title: "arrive.pair", how: "arrive.pairHow", go: () => go("who") },
];

/** This browser has no pocket, and somebody has one: with another device, with the card, or found again by pairing. */
export function Arrive() {
  return (
    <Screen back={canGoBack.value ? "history" : "none"} footer={<Hem />}>
      <h1>{t("arrive.title")}</h1>
      <p class="lead">{t("arrive.lead")}</p>
      <ul class="stack">
        {ways.map(({ icon, title, how, go: onPress }) => (
          <li key={title} class="spoken">
            <div class="choices">
              <button type="button" class="way" onClick={onPress}>
                <Icon name={icon} />
                <span>
                  <span class="voice">{t(title)}</span>
                  <span class="small under">{t(how)}</span>
                </span>
              </button>
            </div>
            <SpeakButton text={`${t(title)}. ${t(how)}`} />
          </li>
        ))}
      </ul>
    </Screen>
  );
}
