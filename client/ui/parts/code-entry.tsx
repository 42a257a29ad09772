import { useEffect, useState } from "preact/hooks";
import type { Code } from "../../state/code-again.ts";
import { pocket, type Refusal } from "../../state/session.ts";
import { t } from "../text.ts";
import { Button } from "./button.tsx";
import { focusOn } from "./focus-on.ts";
import { Word } from "./lists.tsx";
import { say } from "./live.tsx";
import { Pad, Slots } from "./pad.tsx";
import { PassphraseEntry } from "./passphrase-entry.tsx";
import { RefusalWord, useSecondsLeft } from "./refusal.tsx";

const CODE_LENGTH = 7;

export interface CodeEntryProps {
  /** Null when the code was taken. */
  readonly onCode: (code: Code) => Promise<Refusal | null>;
  /** What it says while the code is tried. */
  readonly busy: string;
  /** On the button under a passphrase. */
  readonly enter: string;
  /** h1 where the question is the screen's own title. */
  readonly heading: "h1" | "h2";
}

/** This pocket's code, seven pictures or a passphrase: at the locked pocket, and when it is asked for again. */
export function CodeEntry({ onCode, busy, enter, heading }: CodeEntryProps) {
  const [trying, setTrying] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [picked, setPicked] = useState<readonly number[]>([]);
  const [notGiven, setNotGiven] = useState(false);
  const waiting = useSecondsLeft(refusal);
  /** What the passkey gave, while its pictures are chosen. */
  const [output, setOutput] = useState<Uint8Array | null>(null);
  const passkey = pocket.value?.passkey ?? null;
  // The question was away while the code was tried, and the focus with it.
  useEffect(() => {
    if (refusal !== null) focusOn(document.querySelector<HTMLElement>(`main ${heading}`));
  }, [refusal, heading]);
  const byPictures = output !== null || (pocket.value?.waysIn.includes("pictures") ?? false);
  const length = output === null ? CODE_LENGTH : (passkey?.pictures ?? 0);

  const attempt = async (code: Code) => {
    setTrying(true);
    setRefusal(null);
    say(busy);
    const refused = await onCode(code);
    if (refused === null) return;
    setTrying(false);
    setPicked([]);
    setOutput(null);
    setRefusal(refused);
  };
  const askDevice = async () => {
    if (passkey === null) return;
    setRefusal(null);
    setNotGiven(false);
    const { askPasskey } = await import("../../state/passkey.ts");
    const given = await askPasskey(passkey);
    if (given === null) return setNotGiven(true);
    setPicked([]);
    if (passkey.pictures === 0) return attempt({ kind: "prf", output: given, pictures: [] });
    setOutput(given);
    say(t("code.fingerPictures"));
  };
  const pick = (picture: number) => {
    const next = [...picked, picture];
    setPicked(next);
    say(t("code.chosen", { count: next.length, total: length }));
    if (next.length < length) return;
    void attempt(output === null ? { kind: "pictures", pictures: next } : { kind: "prf", output, pictures: next });
  };

  return (
    <>
      {byPictures && (
        <Slots
          filled={picked.length}
          total={length}
          label={t("code.chosen", { count: picked.length, total: length })}
        />
      )}
      <div class="said" aria-live="polite">
        {refusal && <RefusalWord refusal={refusal} wrong={byPictures ? "code.wrong" : "code.wrongWords"} />}
        {trying && <Word icon="clock">{busy}</Word>}
        {notGiven && <Word icon="info">{t(byPictures ? "code.fingerNo" : "code.fingerNoWords")}</Word>}
        {output !== null && !trying && <p class="small">{t("code.fingerPictures")}</p>}
      </div>
      {passkey !== null && output === null && !trying && waiting === 0 && (
        <Button kind="line" icon="finger" wide onPress={() => void askDevice()}>
          {t("code.finger")}
        </Button>
      )}
      {byPictures && !trying && waiting === 0 && (
        <Pad
          heading={heading}
          askGroup={t("code.group")}
          askPicture={t("code.picture")}
          groups={t("code.groups")}
          undo={t("code.undo")}
          onPick={pick}
          onUndo={picked.length > 0 ? () => setPicked(picked.slice(0, -1)) : undefined}
        />
      )}
      {!byPictures && !trying && (
        <PassphraseEntry
          off={waiting > 0}
          heading={heading}
          enter={enter}
          onEnter={(passphrase) => void attempt({ kind: "passphrase", passphrase })}
        />
      )}
    </>
  );
}
