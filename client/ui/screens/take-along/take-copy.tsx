import { useEffect, useRef, useState } from "preact/hooks";
import { loadWords } from "../../../i18n/catalogue.ts";
import { language } from "../../../state/language.ts";
import { back } from "../../../state/route.ts";
import { beginCopy, type Copy, drawSealWords, fileNameOf } from "../../../state/take-along.ts";
import type { TakeAlongMade } from "../../../state/types.ts";
import { useCodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { Rise } from "../../parts/rise.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";
import { archiveWords } from "./archive-words.ts";
import { Far } from "./far.tsx";
import "./take-along.css";

type Step = "choose" | "ready" | "saving" | "done";

/** A copy of everything in a file: with six words first, without them after a warning. The code is asked before. */
export function TakeCopy() {
  const gate = useCodeGate();
  const [step, setStep] = useState<Step>("choose");
  const [warned, setWarned] = useState(false);
  const [words, setWords] = useState<readonly string[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [part, setPart] = useState(1);
  const [made, setMade] = useState<TakeAlongMade | null>(null);
  const copy = useRef<Copy | null>(null);
  useEffect(() => () => void copy.current?.stop().catch(() => undefined), []);

  const begin = (sealedWith: readonly string[] | null, from: number, number: number): Promise<void> =>
    gate.run(
      async () => {
        copy.current = await beginCopy(
          archiveWords(),
          sealedWith,
          from,
          fileNameOf(Date.now(), sealedWith !== null, number),
        );
        setWords(sealedWith);
        setPart(number);
        setFailed(false);
        setStep("ready");
      },
      () => setFailed(true),
    );
  const withWords = async (): Promise<void> => {
    const drawn = await drawSealWords(await loadWords(language.value));
    await begin(drawn, 0, 1);
  };
  const save = async (): Promise<void> => {
    setStep("saving");
    try {
      const result = await copy.current?.save();
      if (result) {
        setMade(result);
        say(t("take.doneTitle"));
        setStep("done");
      } else setStep("ready");
    } catch {
      copy.current = null;
      setFailed(true);
      setStep("choose");
    }
  };

  if (gate.question !== null) return gate.question;
  if (step === "saving" && copy.current !== null) {
    return (
      <Far
        title={t("take.saving")}
        lead={t("take.keepOpen")}
        done={copy.current.done}
        total={copy.current.total}
        onStop={() => void copy.current?.stop()}
      />
    );
  }
  if (step === "done" && made !== null) {
    return <Saved made={made} part={part} onNext={(from) => void begin(words, from, part + 1)} />;
  }
  if (step === "ready") {
    return (
      <Screen
        hem={
          <Button kind="now" icon="copy" wide onPress={() => void save()}>
            {t("take.save")}
          </Button>
        }
      >
        {words === null ? (
          <>
            <h1>{t("take.readyTitle")}</h1>
            <p class="lead">{t("take.readyOpen")}</p>
          </>
        ) : (
          <>
            <div class="spoken">
              <h1>{t("take.wordsTitle")}</h1>
              <SpeakButton text={`${t("take.wordsTitle")}. ${words.join(". ")}. ${t("take.wordsText")}`} />
            </div>
            <ol class="paper seal-words">
              {words.map((word, index) => (
                <li key={index}>{word}</li>
              ))}
            </ol>
            <p class="lead">{t("take.wordsText")}</p>
          </>
        )}
      </Screen>
    );
  }
  return (
    <Screen
      hem={
        <>
          <Button kind="quiet" onPress={() => setWarned(true)}>
            {t("take.open")}
          </Button>
          <Button kind="now" icon="lock" onPress={() => void withWords()}>
            {t("take.locked")}
          </Button>
        </>
      }
    >
      <h1>{t("take.copyTitle")}</h1>
      {failed && (
        <div role="alert">
          <Word icon="info">{t("take.failed")}</Word>
        </div>
      )}
      <p class="lead">{t("take.copyLead")}</p>
      <Facts
        facts={[
          { icon: "lock", text: t("take.lockedText") },
          { icon: "key", text: t("take.whatNot") },
        ]}
      />
      {warned && (
        <Rise title={t("take.openTitle")} onClose={() => setWarned(false)}>
          <p>{t("take.openText")}</p>
          <div class="stack">
            <Button
              kind="line"
              wide
              onPress={() => {
                setWarned(false);
                void withWords();
              }}
            >
              {t("take.locked")}
            </Button>
            <Button
              kind="line"
              wide
              onPress={() => {
                setWarned(false);
                void begin(null, 0, 1);
              }}
            >
              {t("take.openYes")}
            </Button>
          </div>
        </Rise>
      )}
    </Screen>
  );
}

function Saved({ made, part, onNext }: { made: TakeAlongMade; part: number; onNext: (from: number) => void }) {
  const { next } = made;
  return (
    <Screen
      back="none"
      hem={
        next === null ? (
          <Button kind="now" wide onPress={back}>
            {t("take.finish")}
          </Button>
        ) : (
          <Button kind="now" wide icon="copy" onPress={() => onNext(next)}>
            {t("take.next")}
          </Button>
        )
      }
    >
      <h1>{next === null ? t("take.doneTitle") : t("take.partTitle", { part })}</h1>
      <p class="lead" role="status">
        {t("take.done", { count: made.documents })}
      </p>
      {next !== null && <p class="lead">{t("take.more")}</p>}
      {made.missing > 0 && <Word icon="info">{t("take.missing", { count: made.missing })}</Word>}
      {made.damaged > 0 && <Word icon="warning">{t("take.damaged")}</Word>}
    </Screen>
  );
}
