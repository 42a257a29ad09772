import { useEffect, useState } from "preact/hooks";
import { finishLink, takeLink } from "../../../state/arriving.ts";
import { confirmLink, endLink, linkStep } from "../../../state/devices.ts";
import { back, startAt } from "../../../state/route.ts";
import type { DeviceAbout } from "../../../state/types.ts";
import { vaultCode } from "../../../state/vault.ts";
import { Button } from "../../parts/button.tsx";
import { ChooseCode } from "../../parts/choose-code.tsx";
import { SamePictures } from "../../parts/same-pictures.tsx";
import { Scan, type ScanWords } from "../../parts/scan.tsx";
import { Screen } from "../../parts/screen.tsx";
import { type TextKey, t } from "../../text.ts";
import { AboutDevice } from "./about-device.tsx";
import { FoundPocket } from "./found-pocket.tsx";
import { arriveWords } from "./restore.tsx";

const words: ScanWords = {
  title: "link.title",
  camera: "link.camera",
  noCamera: "link.noCamera",
  fromPicture: "link.fromPicture",
  noCode: "link.noCode",
  working: "link.working",
};

const reasons: Readonly<Record<string, TextKey>> = {
  "link-broken": "link.broken",
  "link-expired": "link.expired",
  "link-used": "link.used",
  "link-refused": "link.refused",
  offline: "link.offline",
};
const reasonOf = (code: string): string => t(reasons[code] ?? "link.failed");

/** Linking, on the new device: scan the other's code, compare seven pictures, then a code of this device's own. */
export function LinkTake() {
  const [about, setAbout] = useState<DeviceAbout | null>(null);
  const [choosing, setChoosing] = useState(false);
  const [failed, setFailed] = useState(false);
  // Leaving in the middle ends it on both sides; a code that was taken can't be taken again.
  useEffect(() => () => void endLink(), []);
  const step = linkStep.value;
  const answer = (same: boolean): void => {
    setFailed(false);
    confirmLink(same).catch(() => setFailed(true));
  };
  if (about === null) return <AboutDevice onNext={setAbout} />;
  if (step === null) {
    return (
      <Scan
        words={words}
        lead={t("link.how")}
        back={() => setAbout(null)}
        onCode={async (text) => {
          try {
            await takeLink(text.trim(), about);
            return null;
          } catch (error) {
            return reasonOf(vaultCode(error));
          }
        }}
      />
    );
  }
  if (step.step === "compare" || step.step === "confirming") {
    const asked = step.step === "compare";
    return (
      <SamePictures
        title={t("link.compareTitle")}
        lead={failed ? t("link.failed") : t(asked ? "link.compareText" : "link.confirming")}
        pictures={step.pictures}
        yes={t("link.yes")}
        no={t("link.no")}
        onAnswer={asked ? answer : null}
        back={back}
      />
    );
  }
  if (step.step === "ready") {
    if (!choosing) return <FoundPocket onNext={() => setChoosing(true)} />;
    const isChild = step.role === "child";
    return (
      <ChooseCode
        kind={isChild ? "pictures" : "passphrase"}
        isChild={isChild}
        words={arriveWords}
        back={() => setChoosing(false)}
        onCode={async (code) => {
          const refused = await finishLink(code, about);
          if (refused === null) startAt("home");
          return refused;
        }}
      />
    );
  }
  const ended = step.step === "ended";
  return (
    <Screen
      back={back}
      hem={
        ended && (
          <Button kind="now" wide icon="again" onPress={() => void endLink()}>
            {t("link.again")}
          </Button>
        )
      }
    >
      <h1>{t(ended ? "link.endedTitle" : "link.title")}</h1>
      <p class="voice found" role="status">
        {ended ? reasonOf(step.why) : t("link.working")}
      </p>
    </Screen>
  );
}
