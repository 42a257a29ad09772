import { useState } from "preact/hooks";
import type { Code } from "../../../state/code-again.ts";
import { back } from "../../../state/route.ts";
import { endSide, setSideCode, sideState } from "../../../state/side.ts";
import { AnotherCode } from "../../parts/another-code.tsx";
import { useCodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { HelpLine } from "../../parts/help-line.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import type { CodeWords } from "../../parts/practise-pictures.tsx";
import { Rise } from "../../parts/rise.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { ChooseSeen } from "./choose-seen.tsx";
import "./second-code.css";

const words: CodeWords = { making: "second.making", full: "second.failed", failed: "second.failed" };

/** A second code that opens only what the child marked. Says before it is made what it can't do. */
export function SecondCode() {
  const [step, setStep] = useState<"why" | "code">("why");
  const state = useList(sideState);
  if (state === null) return null;
  if (step === "code") {
    const set = async (code: Code) => {
      const refused = await setSideCode(code);
      if (refused !== null) return refused;
      await sideState.refresh();
      say(t("second.done"));
      setStep("why");
      return null;
    };
    // The closed pocket asks for one kind of code only: a second kind would tell that there are two.
    return <AnotherCode asks onlyKind words={words} onCode={set} onLeave={() => setStep("why")} />;
  }
  return state.on ? (
    <Standing seen={state.seen} onNew={() => setStep("code")} />
  ) : (
    <Why onMake={() => setStep("code")} />
  );
}

const spoken: readonly TextKey[] = ["second.title", "second.lead", "second.only", "second.hidden", "second.disk"];

function Why({ onMake }: { onMake: () => void }) {
  return (
    <Screen
      hem={
        <>
          <Button kind="quiet" onPress={back}>
            {t("second.later")}
          </Button>
          <Button kind="now" onPress={onMake}>
            {t("second.make")}
          </Button>
        </>
      }
    >
      <div class="spoken">
        <h1>{t("second.title")}</h1>
        <SpeakButton text={spoken.map((key) => t(key)).join(" ")} />
      </div>
      <p class="lead">{t("second.lead")}</p>
      <Facts
        facts={[
          { icon: "eye", text: t("second.only") },
          { icon: "lock", text: t("second.hidden") },
          { icon: "write", text: t("second.written") },
          { icon: "warning", text: t("second.disk") },
          { icon: "help", text: <HelpLine /> },
        ]}
      />
    </Screen>
  );
}

function Standing({ seen, onNew }: { seen: readonly string[]; onNew: () => void }) {
  const [ending, setEnding] = useState(false);
  const [failed, setFailed] = useState(false);
  const gate = useCodeGate();
  if (gate.question !== null) return gate.question;
  const end = (): void => {
    setEnding(false);
    const ended = async (): Promise<void> => {
      await endSide();
      await sideState.refresh();
      say(t("second.ended"));
    };
    // Leaving the question is no failure: the code stands as it stood.
    void gate.run(ended, (error) => setFailed((error as { code?: unknown }).code !== "code-needed"));
  };
  return (
    <Screen>
      <div class="spoken">
        <h1>{t("second.title")}</h1>
        <SpeakButton text={`${t("second.title")}. ${t("second.done")}`} />
      </div>
      <p class="lead">{t("second.done")}</p>
      {failed && <Word icon="warning">{t("second.endFailed")}</Word>}
      <ChooseSeen seen={new Set(seen)} />
      <div class="decide second-acts">
        <Button kind="line" icon="key" onPress={onNew}>
          {t("second.new")}
        </Button>
        <Button kind="quiet" icon="close" onPress={() => setEnding(true)}>
          {t("second.end")}
        </Button>
      </div>
      {ending && (
        <Rise title={t("second.endTitle")} onClose={() => setEnding(false)}>
          <p>{t("second.endMeans")}</p>
          <div class="decide">
            <Button kind="now" wide onPress={end}>
              {t("second.end")}
            </Button>
            <Button kind="quiet" onPress={() => setEnding(false)}>
              {t("second.keep")}
            </Button>
          </div>
        </Rise>
      )}
    </Screen>
  );
}
