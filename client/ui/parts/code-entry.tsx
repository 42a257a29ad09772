import { useState } from "preact/hooks";
import type { Code } from "../../state/code-again.ts";
import { pocket, type Refusal } from "../../state/session.ts";
import { t } from "../text.ts";
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
  const waiting = useSecondsLeft(refusal);
  const byPictures = pocket.value?.waysIn.includes("pictures") ?? false;

  const attempt = async (code: Code) => {
    setTrying(true);
    setRefusal(null);
    say(busy);
    const refused = await onCode(code);
    if (refused === null) return;
    setTrying(false);
    setPicked([]);
    setRefusal(refused);
  };
  const pick = (picture: number) => {
    const next = [...picked, picture];
    setPicked(next);
    say(t("code.chosen", { count: next.length }));
    if (next.length === CODE_LENGTH) void attempt({ kind: "pictures", pictures: next });
  };

  return (
    <>
      {byPictures && (
        <Slots filled={picked.length} total={CODE_LENGTH} label={t("code.chosen", { count: picked.length })} />
      )}
      <div class="said" aria-live="polite">
        {refusal && <RefusalWord refusal={refusal} wrong={byPictures ? "code.wrong" : "code.wrongWords"} />}
        {trying && <Word icon="clock">{busy}</Word>}
      </div>
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
