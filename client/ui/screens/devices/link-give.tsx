import { useEffect, useState } from "preact/hooks";
import { clockTime } from "../../../i18n/when.ts";
import { confirmLink, endLink, linkStep, offerLink } from "../../../state/devices.ts";
import { language } from "../../../state/language.ts";
import { back } from "../../../state/route.ts";
import { AskCode } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { QrCode } from "../../parts/qr-code.tsx";
import { SamePictures } from "../../parts/same-pictures.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useNow } from "../../use-now.ts";

interface Offer {
  readonly payload: string;
  readonly expiresAt: number;
}

/** Linking, on the device that has the pocket: the code again, a code for the new one, and seven pictures to compare. */
export function LinkGive() {
  const [offer, setOffer] = useState<Offer | null>(null);
  const [failed, setFailed] = useState(false);
  const now = useNow(5_000);
  useEffect(() => () => void endLink(), []);
  const step = linkStep.value;
  const answer = (same: boolean): void => {
    setFailed(false);
    confirmLink(same).catch(() => setFailed(true));
  };
  const anew = async (): Promise<void> => {
    await endLink();
    setOffer(null);
  };
  if (offer === null) {
    return (
      <AskCode
        onLeave={back}
        onCode={async (code) => {
          const made = await offerLink(code);
          if ("code" in made) return made;
          setOffer(made);
          return null;
        }}
      />
    );
  }
  if (step?.step === "compare") {
    return (
      <SamePictures
        title={t("link.compareTitle")}
        lead={t(failed ? "link.failed" : "link.compareText")}
        pictures={step.pictures}
        yes={t("link.yes")}
        no={t("link.no")}
        onAnswer={answer}
        back={back}
      />
    );
  }
  if (step?.step === "linked") {
    return (
      <Screen
        back="none"
        hem={
          <Button kind="now" wide onPress={back}>
            {t("linking.finish")}
          </Button>
        }
      >
        <h1>{t("linking.doneTitle")}</h1>
        <p class="lead">{t("linking.done")}</p>
      </Screen>
    );
  }
  const expired = offer.expiresAt <= now || (step?.step === "ended" && step.why !== "link-refused");
  const refused = step?.step === "ended" && step.why === "link-refused";
  if (step?.step === "confirming" || expired || refused) {
    return (
      <Screen
        hem={
          (expired || refused) && (
            <Button kind="now" icon="again" wide onPress={() => void anew()}>
              {t("linking.again")}
            </Button>
          )
        }
      >
        <h1>{t("linking.title")}</h1>
        <p class="lead" role="status">
          {t(refused ? "linking.refused" : expired ? "linking.expired" : "linking.confirming")}
        </p>
      </Screen>
    );
  }
  return (
    <Screen>
      <h1>{t("linking.title")}</h1>
      <p class="lead">{t("linking.text")}</p>
      <QrCode
        text={offer.payload}
        label={t("linking.codeLabel")}
        under={t("linking.until", { time: clockTime(offer.expiresAt, language.value) })}
      />
    </Screen>
  );
}
