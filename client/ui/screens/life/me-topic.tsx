import { ME_TOPICS, type MeTopic, openMe } from "../../../state/life.ts";
import { back, type RouteParams } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Sign, signWord } from "../../parts/sign.tsx";
import { type TextKey, t } from "../../text.ts";
import "./life.css";
import { topicSigns } from "./signs.ts";
import { usePage } from "./use-page.ts";

/** One topic of the page about me: pictures to press, and a field for own words. */
export function Topic({ params }: { params: RouteParams }) {
  const topic: MeTopic = ME_TOPICS.find((one) => one === params.topic) ?? "likes";
  const { page: me, failed } = usePage("me", openMe);
  const answer = me?.topics.value.find((one) => one.topic === topic);
  const signs = answer?.signs ?? [];
  return (
    <Screen
      hem={
        <Button kind="now" wide onPress={back}>
          {t("life.done")}
        </Button>
      }
    >
      <h1>{t(`me.${topic}Title` as TextKey)}</h1>
      {(failed || me?.trouble.value === "failed") && <Word icon="warning">{t("me.failed")}</Word>}
      {me?.saved.value === "problem" && <Word icon="warning">{t("entry.problem")}</Word>}
      {me?.ready.value === true && answer !== undefined && (
        <>
          <fieldset class="group" aria-label={t("me.signs")}>
            <div class="sign-field">
              {[...new Set([...topicSigns[topic], ...signs])].map((sign) => (
                <button
                  key={sign}
                  type="button"
                  aria-pressed={signs.includes(sign)}
                  onClick={() => me.toggle(topic, sign)}
                >
                  <Sign sign={sign} bare />
                  <span>{signWord(sign)}</span>
                </button>
              ))}
            </div>
          </fieldset>
          <label class="life-field">
            <span class="label">{t("life.whenWords")}</span>
            <textarea
              class="field"
              autocomplete="off"
              spellcheck={false}
              value={answer.text}
              onInput={(event) => me.write(topic, event.currentTarget.value)}
            />
          </label>
        </>
      )}
    </Screen>
  );
}
