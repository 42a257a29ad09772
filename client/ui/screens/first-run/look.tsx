import { chosenLook } from "../../../state/first-run.ts";
import { look } from "../../../state/language.ts";
import { go } from "../../../state/route.ts";
import type { Look } from "../../../state/types.ts";
import { Hem, Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";
import { LookDrawing } from "./drawings.tsx";

/** The three looks: chosen by what one likes, not by age, and changed at any time. */
export function ChooseLook() {
  const choose = (chosen: Look) => {
    chosenLook.value = chosen;
    look.value = chosen;
    go("colour");
  };
  return (
    <Screen footer={<Hem />}>
      <div class="spoken">
        <h1>{t("look.title")}</h1>
        <SpeakButton text={t("look.title")} />
      </div>
      <ul class="stack">
        {(["pictures", "middle", "quiet"] as const).map((one) => (
          <li key={one} class="spoken">
            <div class="choices">
              <button type="button" onClick={() => choose(one)}>
                <LookDrawing look={one} />
                <span>{t(`look.${one}`)}</span>
              </button>
            </div>
            <SpeakButton text={t(`look.${one}`)} />
          </li>
        ))}
      </ul>
      <p class="small later">{t("look.later")}</p>
    </Screen>
  );
}
