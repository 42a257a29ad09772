import { country } from "../../../state/language.ts";
import { Screen } from "../../parts/screen.tsx";
import { type TextKey, t } from "../../text.ts";
import "./settings.css";

const holds: readonly TextKey[] = [
  "access.holds.keyboard",
  "access.holds.reader",
  "access.holds.contrast",
  "access.holds.zoom",
  "access.holds.touch",
  "access.holds.motion",
  "access.holds.words",
];
const missing: readonly TextKey[] = [
  "access.not.tried",
  "access.not.sound",
  "access.not.speech",
  "access.not.photo",
  "access.not.print",
];

/**
 * The accessibility statement (EN 301 549, clause 9 = WCAG 2.2 AA here): what holds, what doesn't, and how to complain. What is
 * said to hold is what the tests measure on every screen (tests/browser/axe.spec.ts); the rest is said not to be known.
 */
export function Statement() {
  const list = (keys: readonly TextKey[]) => (
    <ul>
      {keys.map((key) => (
        <li key={key}>{t(key)}</li>
      ))}
    </ul>
  );
  return (
    <Screen>
      <h1>{t("about.access")}</h1>
      <p class="lead">{t("access.status")}</p>
      <div class="statement">
        <h2>{t("access.holdsTitle")}</h2>
        {list(holds)}
        <h2>{t("access.notTitle")}</h2>
        {list(missing)}
        <h2>{t("access.otherTitle")}</h2>
        <p>{t("access.other")}</p>
        <h2>{t("access.complainTitle")}</h2>
        <p>{t("access.complain")}</p>
        <p>{t(country.value === "dk" ? "access.complain.dk" : "access.complain.se")}</p>
        <p class="meta">{t("access.made")}</p>
      </div>
    </Screen>
  );
}
