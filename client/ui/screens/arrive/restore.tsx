import { useState } from "preact/hooks";
import { finishRestore, restore } from "../../../state/arriving.ts";
import { back, startAt } from "../../../state/route.ts";
import { asRefusal, type Refusal } from "../../../state/session.ts";
import type { DeviceAbout, RestoreStep } from "../../../state/types.ts";
import { CardEntry } from "../../parts/card-entry.tsx";
import { ChooseCode } from "../../parts/choose-code.tsx";
import type { CodeWords } from "../../parts/practise-pictures.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { type TextKey, t } from "../../text.ts";
import { AboutDevice } from "./about-device.tsx";
import { CardWaiting } from "./card-waiting.tsx";
import { FoundPocket } from "./found-pocket.tsx";

export const arriveWords: CodeWords = {
  making: "restore.making",
  full: "restore.full",
  failed: "restore.notMade",
};

const reasons: Readonly<Partial<Record<Refusal["code"], TextKey>>> = {
  "card-unknown": "restore.unknown",
  "card-ended": "restore.ended",
  offline: "restore.offline",
};

/** The card on a browser without the pocket: its rows, the wait, and then a code of this device's own. */
export function Restore() {
  const [step, setStep] = useState<RestoreStep | null>(null);
  const [about, setAbout] = useState<DeviceAbout | null>(null);
  const [choosing, setChoosing] = useState(false);
  if (step?.step === "waiting") return <CardWaiting until={step.until} again={() => setStep(null)} back={back} />;
  if (step?.step === "ready") {
    if (!choosing) return <FoundPocket onNext={() => setChoosing(true)} />;
    if (about === null) return <AboutDevice onNext={setAbout} back={() => setChoosing(false)} />;
    const isChild = step.role === "child";
    return (
      <ChooseCode
        kind={isChild ? "pictures" : "passphrase"}
        isChild={isChild}
        words={arriveWords}
        back={() => setAbout(null)}
        onCode={async (code) => {
          const refused = await finishRestore(code, about);
          if (refused === null) startAt("home");
          return refused;
        }}
      />
    );
  }
  return (
    <Screen ground="cloth">
      <Stitch still />
      <h1>{t("arrive.card")}</h1>
      <CardEntry
        busy={t("restore.asking")}
        why={({ code }) => {
          const reason = reasons[code];
          return reason === undefined ? null : t(reason);
        }}
        onCard={async (rows) => {
          try {
            setStep(await restore(rows));
            return null;
          } catch (error) {
            return asRefusal(error);
          }
        }}
      />
    </Screen>
  );
}
