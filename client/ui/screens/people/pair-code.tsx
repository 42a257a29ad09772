import { useEffect } from "preact/hooks";
import { clockTime } from "../../../i18n/when.ts";
import { linkOf } from "../../../state/invitation-link.ts";
import { language } from "../../../state/language.ts";
import { go, goInstead } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { QrCode } from "../../parts/qr-code.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { Found } from "./found.tsx";
import "./people.css";
import { useInvitation } from "./use-invitation.ts";

/** My code, for the other to scan. Works once, and for as long as it says. */
export function PairCode() {
  const { invitation, failed, needsNet, expired, found, renew } = useInvitation("scan");
  useEffect(() => {
    if (found?.state === "compare") goInstead("compare", { person: found.id });
  }, [found]);
  if (found?.state === "paired") return <Found person={found} />;
  return (
    <Screen
      hem={
        expired || failed ? (
          <Button kind="now" icon="again" wide onPress={renew}>
            {t("pair.newCode")}
          </Button>
        ) : (
          <Button kind="line" icon="camera" wide onPress={() => go("pair-scan")}>
            {t("pair.scan")}
          </Button>
        )
      }
    >
      <h1>{t("pair.show")}</h1>
      <p class="lead">{t("pair.codeText")}</p>
      {failed && !needsNet && <Word icon="info">{t("pair.failed")}</Word>}
      {needsNet && <Word icon="offline">{t("pair.codeNet")}</Word>}
      {expired && <Word icon="clock">{t("pair.expired")}</Word>}
      {invitation !== null && !expired && (
        <QrCode
          text={linkOf(invitation.payload)}
          label={t("pair.codeLabel")}
          under={t("pair.expires", { time: clockTime(invitation.expiresAt, language.value) })}
        />
      )}
      <p class="meta center" role="status">
        {invitation !== null && !expired && !failed && t("pair.waiting")}
      </p>
    </Screen>
  );
}
