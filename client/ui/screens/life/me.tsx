import { isAnswered, openMe } from "../../../state/life.ts";
import { go } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Sign, SignList } from "../../parts/sign.tsx";
import { type TextKey, t } from "../../text.ts";
import "./life.css";
import { topicSign } from "./signs.ts";
import { usePage } from "./use-page.ts";

/** What a new adult should know about me: in pictures, in words, or both; each topic private until it is shown. */
export function Me() {
  const { page: me, failed, again } = usePage("me", openMe);
  const topics = me?.topics.value ?? [];
  return (
    <Screen
      hem={
        me !== null && topics.some(isAnswered) ? (
          <Button kind="line" wide icon="send" onPress={() => go("show-to", { document: me.document })}>
            {t("life.show")}
          </Button>
        ) : null
      }
    >
      <h1>{t("me.title")}</h1>
      <p class="lead">{t("me.lead")}</p>
      {(failed || me?.trouble.value === "failed") && (
        <Word icon="warning">
          <p>{t("me.failed")}</p>
          <Button kind="quiet" icon="again" onPress={again}>
            {t("things.again")}
          </Button>
        </Word>
      )}
      <ul class="me-topics">
        {me?.ready.value === true &&
          topics.map((answer) => (
            <li key={answer.topic}>
              <button type="button" onClick={() => go("me-topic", { topic: answer.topic })}>
                <Sign sign={topicSign[answer.topic]} bare />
                <h2>{t(`me.${answer.topic}Title` as TextKey)}</h2>
                <Icon name={isAnswered(answer) ? "go" : "plus"} />
              </button>
              <SignList signs={answer.signs} />
              {answer.text.trim() !== "" && <p class="me-words">{answer.text}</p>}
              {!isAnswered(answer) && <p class="vh">{t("me.nothing")}</p>}
            </li>
          ))}
      </ul>
    </Screen>
  );
}
