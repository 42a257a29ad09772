import { useEffect, useState } from "preact/hooks";
import { loadWords } from "../../../i18n/catalogue.ts";
import { makePocket, role } from "../../../state/first-run.ts";
import { language } from "../../../state/language.ts";
import { findWeakness, normalisePassphrase, proposePassphrase } from "../../../state/passphrase.ts";
import { go, startAt } from "../../../state/route.ts";
import type { Refusal } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { PassphraseField } from "../../parts/passphrase-field.tsx";
import { Screen } from "../../parts/screen.tsx";
import { type TextKey, t } from "../../text.ts";
import { Failed, Making } from "./practise.tsx";

const reasons = {
  short: "passphrase.short",
  few: "passphrase.few",
  pattern: "passphrase.pattern",
} as const satisfies Record<string, TextKey>;

/** A passphrase: five words that the app proposes, or one's own when it isn't weak; typed once more either way. */
export function Passphrase() {
  const [proposed, setProposed] = useState("");
  const [redrawn, setRedrawn] = useState(false);
  const [ownWords, setOwnWords] = useState(false);
  const [own, setOwn] = useState("");
  const [typed, setTyped] = useState("");
  const [complaint, setComplaint] = useState<TextKey | null>(null);
  const [making, setMaking] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const propose = async () => setProposed(await proposePassphrase(await loadWords(language.value)));
  useEffect(() => {
    void propose();
  }, []);

  const make = async () => {
    setMaking(true);
    setRefusal(null);
    const refused = await makePocket({ kind: "passphrase", passphrase: normalisePassphrase(typed) });
    setMaking(false);
    if (refused) setRefusal(refused);
    else startAt(role.value === "child" ? "first-thing" : "your-name");
  };
  const next = () => {
    const weakness = ownWords ? findWeakness(own) : null;
    const same = normalisePassphrase(ownWords ? own : proposed) === normalisePassphrase(typed);
    const found = weakness ? reasons[weakness] : same ? null : "passphrase.differs";
    setComplaint(found);
    if (found) say(t(found));
    else void make();
  };

  if (making) {
    return (
      <Screen ground="cloth" back="none">
        <Making />
      </Screen>
    );
  }
  return (
    <Screen
      hem={
        <>
          {role.value === "child" && (
            <Button kind="quiet" onPress={() => go("pictures")}>
              {t("passphrase.pictures")}
            </Button>
          )}
          <Button kind="now" wide={role.value !== "child"} off={typed.trim() === ""} onPress={next}>
            {t("passphrase.next")}
          </Button>
        </>
      }
    >
      <h1>{t("passphrase.title")}</h1>
      {refusal && <Failed refusal={refusal} again={() => void make()} />}
      <form
        class="stack"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        {ownWords ? (
          <PassphraseField label={t("passphrase.ownLabel")} value={own} onInput={setOwn} />
        ) : (
          <>
            <p>{t("passphrase.lead")}</p>
            <p class="paper passphrase">{proposed}</p>
          </>
        )}
        <div class="chips">
          {!ownWords && !redrawn && (
            <button
              type="button"
              onClick={() => {
                setRedrawn(true);
                void propose();
              }}
            >
              {t("passphrase.again")}
            </button>
          )}
          <button type="button" onClick={() => setOwnWords(!ownWords)}>
            {t(ownWords ? "passphrase.proposed" : "passphrase.own")}
          </button>
        </div>
        <PassphraseField label={t("passphrase.repeat")} value={typed} onInput={setTyped} />
        <div aria-live="polite">{complaint && <Word icon="warning">{t(complaint)}</Word>}</div>
      </form>
      <div class="last">
        <Facts facts={[{ icon: "key", text: t("passphrase.forget") }]} />
      </div>
    </Screen>
  );
}
