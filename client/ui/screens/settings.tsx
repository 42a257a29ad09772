import { useEffect, useState } from "preact/hooks";
import { first } from "../../i18n/first.ts";
import { type CardState, readCardState } from "../../state/card.ts";
import { chooseGround, country, type Ground, ground, language } from "../../state/language.ts";
import { lock } from "../../state/lock.ts";
import { go, mayShow } from "../../state/route.ts";
import { changeCover, isChild, pocket } from "../../state/session.ts";
import type { Country, Language, Look } from "../../state/types.ts";
import { takeUpdate, updateOffered } from "../../state/updates.ts";
import { Button } from "../parts/button.tsx";
import { Choice } from "../parts/choice.tsx";
import { PocketChoice } from "../parts/pocket-choice.tsx";
import { Screen } from "../parts/screen.tsx";
import { t } from "../text.ts";

const minutes = (ms: number) => ms / 60_000;

/** How this pocket is: language, look, light, when it locks, its colour and stitch, the card. */
export function Settings() {
  const [card, setCard] = useState<CardState | null>(null);
  useEffect(() => {
    void readCardState().then(setCard, () => undefined);
  }, []);
  const cover = pocket.value;
  if (!cover) return null;
  const change = (patch: Parameters<typeof changeCover>[0]) => void changeCover(patch);
  return (
    <Screen
      hem={
        <Button kind="quiet" icon="lock" onPress={() => void lock()}>
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
      <Section title={t("settings.colour")}>
        <PocketChoice
          colour={cover.colour}
          stitch={cover.stitch}
          onColour={(colour) => change({ colour })}
          onStitch={(stitch) => change({ stitch })}
        />
      </Section>
      {isChild.value && (
        <Section title={t("settings.look")}>
          <Choice<Look>
            label={t("settings.look")}
            chosen={cover.look}
            onChoose={(look) => change({ look })}
            values={(["pictures", "middle", "quiet"] as const).map((value) => ({ value, word: t(`look.${value}`) }))}
          />
        </Section>
      )}
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
      <Section title={t("settings.lockDelay")}>
        <Choice
          label={t("settings.lockDelay")}
          chosen={String(cover.lockDelayMs)}
          onChoose={(ms) => change({ lockDelayMs: Number(ms) })}
          values={[0, 60_000, 120_000, 300_000].map((ms) => ({
            value: String(ms),
            word: ms === 0 ? t("settings.atOnce") : t("settings.minutes", { minutes: minutes(ms) }),
          }))}
        />
      </Section>
      <Section title={t("settings.lockIdle")}>
        <Choice
          label={t("settings.lockIdle")}
          chosen={String(cover.idleLockMs)}
          onChoose={(ms) => change({ idleLockMs: Number(ms) })}
          values={[60_000, 180_000, 300_000, 600_000].map((ms) => ({
            value: String(ms),
            word: t("settings.minutes", { minutes: minutes(ms) }),
          }))}
        />
      </Section>
      {mayShow("new-code") && (
        <Section title={t("settings.code")}>
          <Button kind="line" icon="key" onPress={() => go("new-code")}>
            {t("settings.code.new")}
          </Button>
          {isChild.value && (
            <Button kind="line" icon="eye" onPress={() => go("second-code")}>
              {t("second.title")}
            </Button>
          )}
        </Section>
      )}
      {mayShow("card") && (
        <Section title={t("settings.card")}>
          {card && <p class="small">{t(`settings.card.${card}`)}</p>}
          <Button kind="line" icon="card" onPress={() => go("card")}>
            {t("settings.card.open")}
          </Button>
        </Section>
      )}
      {mayShow("devices") && (
        <Section title={t("devices.settings")}>
          <Button kind="line" icon="key" onPress={() => go("devices")}>
            {t("devices.title")}
          </Button>
        </Section>
      )}
      <Section title={t("settings.language")}>
        <Choice<Language>
          label={t("settings.language")}
          chosen={language.value}
          onChoose={(chosen) => change({ language: chosen })}
          values={(["da", "sv", "en"] as const).map((value) => ({ value, word: first[value]["first.language"] }))}
        />
      </Section>
      <Section title={t("settings.country")}>
        <Choice<Country>
          label={t("settings.country")}
          chosen={country.value}
          onChoose={(chosen) => change({ country: chosen })}
          values={(["dk", "se"] as const).map((value) => ({ value, word: t(`country.${value}`) }))}
        />
      </Section>
    </Screen>
  );
}

function Section({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <section class="setting">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
