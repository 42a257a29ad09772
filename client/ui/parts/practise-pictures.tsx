import { useState } from "preact/hooks";
import type { Refusal } from "../../state/session.ts";
import { type TextKey, t } from "../text.ts";
import { Button } from "./button.tsx";
import { Word } from "./lists.tsx";
import { say } from "./live.tsx";
import { Pad, Slots } from "./pad.tsx";
import { Screen } from "./screen.tsx";
import { Stitch } from "./stitch.tsx";

/** What a new code is for, in words: what is said while it is taken, and when that failed. */
export interface CodeWords {
  readonly making: TextKey;
  readonly full: TextKey;
  readonly failed: TextKey;
}

export const pocketWords: CodeWords = {
  making: "practise.making",
  full: "practise.failed",
  failed: "practise.failedElse",
};

export interface PractiseProps {
  readonly pictures: readonly number[];
  readonly words: CodeWords;
  /** Learnt: takes the code. Null when it stands. */
  readonly onLearnt: () => Promise<Refusal | null>;
  /** Back to looking at them. */
  readonly onLook: () => void;
}

/**
 * Practising twice: once with the right tile pointed out, once without. A slip in the second round points it out again,
 * and the round is then repeated, so that one round without help has gone well before the code is taken.
 */
export function PractisePictures({ pictures: code, words, onLearnt, onLook }: PractiseProps) {
  const [round, setRound] = useState<1 | 2>(1);
  const [done, setDone] = useState(0);
  const [slipped, setSlipped] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [making, setMaking] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const expected = code[done] ?? null;

  const make = async () => {
    setMaking(true);
    setRefusal(null);
    say(t(words.making));
    const refused = await onLearnt();
    if (refused === null) return;
    setMaking(false);
    setRefusal(refused);
  };
  const pick = (picture: number) => {
    if (picture !== expected) {
      setWrong(true);
      setSlipped(round === 2);
      say(t("practise.wrong"));
      return;
    }
    setWrong(false);
    say(t("code.chosen", { count: done + 1, total: code.length }));
    if (done + 1 < code.length) return setDone(done + 1);
    if (round === 2 && !slipped) {
      setDone(done + 1);
      void make();
      return;
    }
    setRound(2);
    setDone(0);
    setSlipped(false);
    say(t("practise.second"));
  };

  const told = wrong ? t("practise.wrong") : t(round === 1 ? "practise.first" : "practise.second");
  return (
    <Screen ground="cloth" back={making ? "none" : onLook}>
      <Stitch still />
      <Slots filled={done} total={code.length} label={t("code.chosen", { count: done, total: code.length })} />
      {making && <Making words={words} />}
      {refusal && <Failed words={words} refusal={refusal} again={() => void make()} />}
      {!making && !refusal && (
        <>
          <p id="hint" class="told">
            {told}
          </p>
          <Pad
            heading="h1"
            askGroup={t("practise.group")}
            askPicture={t("practise.picture")}
            groups={t("code.groups")}
            undo={t("practise.look")}
            undoIcon="eye"
            onPick={pick}
            onUndo={onLook}
            hint={round === 1 || wrong ? expected : null}
          />
        </>
      )}
    </Screen>
  );
}

export function Making({ words }: { words: CodeWords }) {
  return (
    <div class="ask" role="status">
      <h1>{t(words.making)}</h1>
    </div>
  );
}

/** The code could not be taken; what was practised stays. */
export function Failed({ words, refusal, again }: { words: CodeWords; refusal: Refusal; again: () => void }) {
  return (
    <div class="stack said">
      <Word icon="warning">{t(refusal.code === "storage-full" ? words.full : words.failed)}</Word>
      <Button kind="now" onPress={again}>
        {t("practise.retry")}
      </Button>
    </div>
  );
}
