import { chooseGround, type Ground, ground } from "../../../state/language.ts";
import { changeCover, isChild, pocket } from "../../../state/session.ts";
import type { Look } from "../../../state/types.ts";
import { Choice } from "../../parts/choice.tsx";
import { PocketChoice } from "../../parts/pocket-choice.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { Section } from "./section.tsx";

/** The pocket's colour and stitch, the look, light or dark. */
export function SettingsLook() {
  const cover = pocket.value;
  if (!cover) return null;
  const change = (patch: Parameters<typeof changeCover>[0]) => void changeCover(patch);
  return (
    <Screen>
      <h1>{t("settings.look")}</h1>
      {isChild.value && (
        <Section title={t("settings.lookOf")}>
          <Choice<Look>
            label={t("settings.lookOf")}
            chosen={cover.look}
            onChoose={(look) => change({ look })}
            values={(["pictures", "middle", "quiet"] as const).map((value) => ({ value, word: t(`look.${value}`) }))}
          />
        </Section>
      )}
      <Section title={t("settings.colour")}>
        <PocketChoice
          colour={cover.colour}
          stitch={cover.stitch}
          onColour={(colour) => change({ colour })}
          onStitch={(stitch) => change({ stitch })}
        />
      </Section>
      <Section title={t("settings.ground")}>
        <Choice<Ground>
          label={t("settings.ground")}
          chosen={ground.value}
          onChoose={chooseGround}
          values={(["device", "linen", "blanket"] as const).map((value) => ({
            value,
            word: t(`settings.ground.${value}`),
          }))}
        />
      </Section>
    </Screen>
  );
}
