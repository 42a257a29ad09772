import { useEffect, useState } from "preact/hooks";
import { clockTime } from "../../../i18n/when.ts";
import { linkOf, openedInvitation, payloadOf } from "../../../state/invitation-link.ts";
import { language } from "../../../state/language.ts";
import { goInstead } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { joinBy } from "./joining.ts";
import "./people.css";
import { useInvitation } from "./use-invitation.ts";

/** Finding each other from afar: a link one way, and seven pictures that both compare afterwards. */
export function PairLink() {
  return openedInvitation.value === null ? <SendOrPaste /> : <Opened payload={openedInvitation.value} />;
}

/** The page was opened with a link: nothing happens before the person says so. */
function Opened({ payload }: { payload: string }) {
  const [trouble, setTrouble] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const find = async (): Promise<void> => {
    setWorking(true);
    const refused = await joinBy(payload, "link");
    setWorking(false);
    setTrouble(refused);
    // Used or refused: only where there was no net may the same link be tried again.
    if (refused === null || refused !== t("pair.offline")) openedInvitation.value = null;
    if (refused !== null) say(refused);
  };
  return (
    <Screen
      hem={
        <>
          <Button kind="quiet" onPress={() => goInstead("home")}>
            {t("show.notNow")}
          </Button>
          <Button kind="now" onPress={() => void find()} off={working}>
            {t("pair.find")}
          </Button>
        </>
      }
    >
      <h1>{t("pair.opened")}</h1>
      <p class="lead">{t("pair.openedText")}</p>
      {trouble !== null && <Word icon="info">{trouble}</Word>}
      <p class="meta" role="status">
        {working && t("pair.working")}
      </p>
    </Screen>
  );
}

function SendOrPaste() {
  const { invitation, failed, needsNet, expired, found, renew } = useInvitation("link");
  const [copied, setCopied] = useState(false);
  const [pasted, setPasted] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    if (found !== null) goInstead(found.state === "compare" ? "compare" : "person", { person: found.id });
  }, [found]);
  const copy = async (): Promise<void> => {
    if (invitation === null) return;
    try {
      await navigator.clipboard.writeText(linkOf(invitation.payload));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  const find = async (): Promise<void> => {
    const payload = payloadOf(pasted);
    setTrouble(payload === null ? t("pair.broken") : await joinBy(payload, "link"));
  };
  return (
    <Screen>
      <h1>{t("pair.link")}</h1>
      <p class="lead">{t("pair.linkLead")}</p>
      {failed && !needsNet && <Word icon="info">{t("pair.failed")}</Word>}
      <section class="pair-part" aria-label={t("pair.myLink")}>
        <h2>{t("pair.myLink")}</h2>
        {needsNet && <Word icon="offline">{t("pair.linkNet")}</Word>}
        {invitation !== null && !expired && <p class="link-text">{linkOf(invitation.payload)}</p>}
        {invitation !== null && (
          <p class="meta">
            {expired ? t("pair.expired") : t("pair.expires", { time: clockTime(invitation.expiresAt, language.value) })}
          </p>
        )}
        {expired || failed ? (
          <Button kind="line" icon="again" onPress={renew}>
            {t("pair.newCode")}
          </Button>
        ) : (
          invitation !== null && (
            <Button kind="line" icon="copy" onPress={() => void copy()}>
              {t("pair.copyLink")}
            </Button>
          )
        )}
        <p class="meta" role="status">
          {copied && t("pair.copied")}
        </p>
      </section>
      <form
        class="pair-part"
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <label>
          <span class="label">{t("pair.pasteLabel")}</span>
          <textarea
            class="field"
            rows={3}
            autocomplete="off"
            spellcheck={false}
            value={pasted}
            onInput={(event) => setPasted(event.currentTarget.value)}
          />
        </label>
        {trouble !== null && (
          <div role="alert">
            <Word icon="info">{trouble}</Word>
          </div>
        )}
        <button type="submit" class="btn line">
          {t("pair.find")}
        </button>
      </form>
    </Screen>
  );
}
