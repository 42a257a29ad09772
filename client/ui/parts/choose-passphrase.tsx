import { useEffect, useState } from "preact/hooks";
import { loadWords } from "../../i18n/catalogue.ts";
import { language } from "../../state/language.ts";
import { findWeakness, normalisePassphrase, proposePassphrase } from "../../state/passphrase.ts";
import type { Refusal } from "../../state/session.ts";
import { type TextKey, t } from "../text.ts";
import { Button } from "./button.tsx";
import { Facts, Word } from "./lists.tsx";
import { say } from "./live.tsx";
import { PassphraseField } from "./passphrase-field.tsx";
import { type CodeWords, Failed, Making } from "./practise-pictures.tsx";
import { Screen } from "./screen.tsx";

const reasons = {
  short: "passphrase.short",
  few: "passphrase.few",
  pattern: "passphrase.pattern",
} as const satisfies Record<string, TextKey>;

export interface ChoosePassphraseProps {
  readonly words: CodeWords;
  /** Null when it stands. */
  readonly onChosen: (passphrase: string) => Promise<Refusal | null>;
  /** The other way; null where there is none. */
  readonly onPictures: (() => void) | null;
  readonly back?: () => void;
}

/** A passphrase: five words that the app proposes, or one's own when it isn't weak; typed once more either way. */
export function ChoosePassphrase({ words, onChosen, onPictures, back }: ChoosePassphraseProps) {
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
    const refused = await onChosen(normalisePassphrase(typed));
    if (refused === null) return;
    setMaking(false);
    setRefusal(refused);
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
        <Making words={words} />
      </Screen>
    );
  }
  return (
    <Screen
      back={back ?? "history"}
      hem={
        <>
          {onPictures !== null && (
            <Button kind="quiet" onPress={onPictures}>
              {t("passphrase.pictures")}
            </Button>
          )}
          <Button kind="now" wide={onPictures === null} off={typed.trim() === ""} onPress={next}>
            {t("passphrase.next")}
          </Button>
        </>
      }
    >
      <h1>{t("passphrase.title")}</h1>
      {refusal && <Failed words={words} refusal={refusal} again={() => void make()} />}
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
        <Facts
          facts={[
            { icon: "key", text: t("passphrase.forget") },
            { icon: "clock", text: t(ownWords ? "passphrase.holdOwn" : "passphrase.hold") },
          ]}
        />
      </div>
    </Screen>
  );
}
