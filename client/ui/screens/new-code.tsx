import { useState } from "preact/hooks";
import { type Code, changeCode } from "../../state/code-again.ts";
import { dismissReminder } from "../../state/reminders.ts";
import { back, startAt } from "../../state/route.ts";
import { openedByCard, pocket } from "../../state/session.ts";
import { sideState } from "../../state/side.ts";
import { AnotherCode } from "../parts/another-code.tsx";
import { Button } from "../parts/button.tsx";
import { Facts } from "../parts/lists.tsx";
import { say } from "../parts/live.tsx";
import type { CodeWords } from "../parts/practise-pictures.tsx";
import { Screen } from "../parts/screen.tsx";
import { SpeakButton } from "../parts/speak-button.tsx";
import { t } from "../text.ts";
import { useList } from "../use-list.ts";

const words: CodeWords = { making: "newcode.making", full: "newcode.failed", failed: "newcode.failed" };

/**
 * A new code in the place of the old one: when somebody has seen it, or when it was forgotten and the card opened the
 * pocket. Until the last step the old one stays what it was.
 */
export function NewCode() {
  const [step, setStep] = useState<"why" | "code" | "done">("why");
  // Beside a second code it stays of its kind: the closed pocket asks for one kind only.
  const onlyKind = useList(sideState)?.on ?? false;
  const why = t(pocket.value?.waysIn.includes("pictures") ? "newcode.pictures" : "newcode.words");
  if (step === "code") {
    const change = async (code: Code) => {
      const refused = await changeCode(code);
      if (refused !== null) return refused;
      void dismissReminder("new-code");
      say(t("newcode.done"));
      setStep("done");
      return null;
    };
    return (
      <AnotherCode
        asks={!openedByCard.value}
        onlyKind={onlyKind}
        words={words}
        onCode={change}
        onLeave={() => setStep("why")}
      />
    );
  }
  if (step === "done") {
    return (
      <Screen
        back="none"
        hem={
          <Button kind="now" wide onPress={() => startAt("home")}>
            {t("newcode.finish")}
          </Button>
        }
      >
        <h1>{t("newcode.doneTitle")}</h1>
        <p class="lead">{t("newcode.done")}</p>
      </Screen>
    );
  }
  return (
    <Screen
      hem={
        <>
          <Button kind="quiet" onPress={back}>
            {t("newcode.later")}
          </Button>
          <Button kind="now" onPress={() => setStep("code")}>
            {t("newcode.make")}
          </Button>
        </>
      }
    >
      <div class="spoken">
        <h1>{t("newcode.title")}</h1>
        <SpeakButton text={`${t("newcode.title")}. ${why}`} />
      </div>
      <p class="lead">{why}</p>
      <Facts
        facts={[
          { icon: "lock", text: t("newcode.old") },
          { icon: "card", text: t("newcode.card") },
        ]}
      />
    </Screen>
  );
}
