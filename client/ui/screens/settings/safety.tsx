import { go } from "../../../state/route.ts";
import { changeCover, isChild, pocket } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { HelpLine } from "../../parts/help-line.tsx";
import { Facts } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { Section } from "./section.tsx";

const MINUTE_MS = 60_000;
/** product.md: 0–5 minutes while hidden, 1–10 without touch or key. */
const DELAYS = [0, 1, 2, 5].map((minutes) => minutes * MINUTE_MS);
const IDLES = [1, 3, 5, 10].map((minutes) => minutes * MINUTE_MS);

/** When it locks, the quick way out with what it can't do, and whom to call. */
export function SettingsSafety() {
  const cover = pocket.value;
  if (!cover) return null;
  const minutes = (ms: number) =>
    ms === 0 ? t("settings.atOnce") : t("settings.minutes", { minutes: ms / MINUTE_MS });
  const values = (all: readonly number[]) => all.map((ms) => ({ value: String(ms), word: minutes(ms) }));
  return (
    <Screen>
      <h1>{t("safety.title")}</h1>
      <Section title={t("settings.lockDelay")}>
        <p class="small">{t("safety.delay")}</p>
        <Choice
          label={t("settings.lockDelay")}
          chosen={String(cover.lockDelayMs)}
          onChoose={(ms) => void changeCover({ lockDelayMs: Number(ms) })}
          values={values(DELAYS)}
        />
      </Section>
      <Section title={t("settings.lockIdle")}>
        <p class="small">{t("safety.idle")}</p>
        <Choice
          label={t("settings.lockIdle")}
          chosen={String(cover.idleLockMs)}
          onChoose={(ms) => void changeCover({ idleLockMs: Number(ms) })}
          values={values(IDLES)}
        />
      </Section>
      <Section title={t("safety.exit")}>
        <Facts
          facts={[
            { icon: "exit", text: t("safety.exitHow") },
            { icon: "lock", text: t("safety.exitKeeps") },
            { icon: "eye", text: t("safety.exitNot") },
          ]}
        />
      </Section>
      <Section title={t("help.title")}>
        <Facts facts={[{ icon: "phone", text: isChild.value ? <HelpLine /> : t("safety.numbers") }]} />
        <Button kind="line" icon="help" onPress={() => go("help")}>
          {t("safety.help")}
        </Button>
      </Section>
    </Screen>
  );
}
