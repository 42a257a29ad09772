import { useEffect, useState } from "preact/hooks";
import { type Code, confirmCode } from "../../../state/code-again.ts";
import {
  addPasskey,
  createPasskey,
  drawFourPictures,
  passkeyIsPossible,
  readPasskeyIsPossible,
  removePasskey,
} from "../../../state/passkey.ts";
import { back } from "../../../state/route.ts";
import { pocket, type Refusal } from "../../../state/session.ts";
import { AskCode } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { NamedPicture } from "../../parts/picture.tsx";
import { type CodeWords, PractisePictures } from "../../parts/practise-pictures.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { pictureName, type TextKey, t } from "../../text.ts";
import "./ways-in.css";

const words: CodeWords = { making: "passkey.wait", full: "passkey.failed", failed: "passkey.failed" };

type Step = "why" | "ask" | "learn" | "practise" | "touch" | "done";

/**
 * A finger or a face as a way in: with four pictures of their own for a child and a carer, alone only for a caseworker.
 * Says first how long each way holds against a stolen copy.
 */
export function PasskeyScreen() {
  const [step, setStep] = useState<Step>("why");
  const [pictures, setPictures] = useState<readonly number[]>([]);
  const [said, setSaid] = useState<TextKey | null>(null);
  const [trying, setTrying] = useState(false);
  useEffect(() => void readPasskeyIsPossible(), []);
  const alone = pocket.value?.role === "caseworker";

  if (step === "ask") {
    const confirm = async (code: Code): Promise<Refusal | null> => {
      const refused = await confirmCode(code);
      if (refused !== null) return refused;
      setPictures(alone ? [] : await drawFourPictures());
      setStep(alone ? "touch" : "learn");
      return null;
    };
    return <AskCode onLeave={() => setStep("why")} onCode={confirm} />;
  }
  if (step === "learn")
    return <Learn pictures={pictures} back={() => setStep("why")} next={() => setStep("practise")} />;
  if (step === "practise") {
    const learnt = async () => {
      setStep("touch");
      return null;
    };
    return <PractisePictures pictures={pictures} words={words} onLook={() => setStep("learn")} onLearnt={learnt} />;
  }
  if (step === "touch") {
    const make = async (): Promise<void> => {
      setTrying(true);
      setSaid(null);
      const made = await createPasskey();
      const refused = made === null || (await addPasskey(made, pictures)) !== null;
      setTrying(false);
      if (refused) return setSaid("passkey.failed");
      say(t("passkey.done"));
      setStep("done");
    };
    return (
      <Screen
        back={() => setStep("why")}
        hem={
          <Button kind="now" icon="finger" wide off={trying} onPress={() => void make()}>
            {t("passkey.go")}
          </Button>
        }
      >
        <Spoken title="passkey.touchTitle" texts={["passkey.touch"]} />
        <p class="lead">{t("passkey.touch")}</p>
        <div aria-live="polite">
          {trying && <Word icon="clock">{t("passkey.wait")}</Word>}
          {said !== null && <Word icon="warning">{t(said)}</Word>}
        </div>
      </Screen>
    );
  }
  if (step === "done") {
    return (
      <Screen
        back="none"
        hem={
          <Button kind="now" wide onPress={back}>
            {t("passkey.finish")}
          </Button>
        }
      >
        <Spoken title="passkey.title" texts={["passkey.done"]} />
        <p class="lead">{t("passkey.done")}</p>
      </Screen>
    );
  }
  return <Why alone={alone} said={said} onSaid={setSaid} onMake={() => setStep("ask")} />;
}

function Spoken({ title, texts }: { title: TextKey; texts: readonly TextKey[] }) {
  return (
    <div class="spoken">
      <h1>{t(title)}</h1>
      <SpeakButton text={[title, ...texts].map((key) => t(key)).join(". ")} />
    </div>
  );
}

interface WhyProps {
  readonly alone: boolean;
  readonly said: TextKey | null;
  readonly onSaid: (said: TextKey) => void;
  readonly onMake: () => void;
}

const forChild: readonly TextKey[] = ["passkey.seven", "passkey.words", "passkey.four", "passkey.pin"];

function Why({ alone, said, onSaid, onMake }: WhyProps) {
  const has = (pocket.value?.passkey ?? null) !== null;
  const remove = async (): Promise<void> =>
    onSaid((await removePasskey()) === null ? "passkey.removed" : "passkey.failed");
  return (
    <Screen
      hem={
        has ? (
          <Button kind="line" icon="close" wide onPress={() => void remove()}>
            {t("passkey.remove")}
          </Button>
        ) : (
          <>
            <Button kind="quiet" onPress={back}>
              {t("passkey.later")}
            </Button>
            <Button kind="now" off={!passkeyIsPossible.value} onPress={onMake}>
              {t("passkey.make")}
            </Button>
          </>
        )
      }
    >
      <Spoken
        title="passkey.title"
        texts={alone ? ["desk.passkeyLead", "desk.passkeyWho"] : ["passkey.lead", "passkey.keep", ...forChild]}
      />
      <div aria-live="polite">{said !== null && <Word icon="info">{t(said)}</Word>}</div>
      {alone ? (
        <>
          <p class="lead">{t("desk.passkeyLead")}</p>
          <Facts
            facts={[
              { icon: "warning", text: t("desk.passkeyWho") },
              { icon: "copy", text: t("desk.passkeyCopy") },
            ]}
          />
        </>
      ) : (
        <>
          <p class="lead">{t("passkey.lead")}</p>
          <p>{t("passkey.keep")}</p>
          <h2 class="ways-in-copy">{t("passkey.stolenTitle")}</h2>
          <Facts
            facts={[
              { icon: "picture", text: t("passkey.seven") },
              { icon: "letters", text: t("passkey.words") },
              { icon: "finger", text: t("passkey.four") },
              { icon: "warning", text: t("passkey.pin") },
            ]}
          />
        </>
      )}
    </Screen>
  );
}

function Learn(props: { pictures: readonly number[]; back: () => void; next: () => void }) {
  return (
    <Screen
      ground="cloth"
      back={props.back}
      hem={
        <Button kind="now" wide onPress={props.next}>
          {t("passkey.practise")}
        </Button>
      }
    >
      <Stitch still />
      <div class="spoken">
        <h1>{t("passkey.learnTitle")}</h1>
        <SpeakButton text={`${t("passkey.learnTitle")}: ${props.pictures.map(pictureName).join(". ")}`} />
      </div>
      <p class="lead">{t("passkey.learn")}</p>
      <ol class="mine">
        {props.pictures.map((picture, index) => (
          <li key={index}>
            <NamedPicture picture={picture} />
          </li>
        ))}
      </ol>
    </Screen>
  );
}
