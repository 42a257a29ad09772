import { useEffect, useState } from "preact/hooks";
import type { Code } from "../../state/code-again.ts";
import { drawSevenPictures } from "../../state/first-run.ts";
import type { Refusal } from "../../state/session.ts";
import { ChoosePassphrase } from "./choose-passphrase.tsx";
import { MyPictures } from "./my-pictures.tsx";
import { type CodeWords, PractisePictures } from "./practise-pictures.tsx";

export interface ChooseCodeProps {
  /** What is proposed first; adults have no pictures. */
  readonly kind: "pictures" | "passphrase";
  readonly isChild: boolean;
  /** No way to the other kind. */
  readonly onlyKind?: boolean;
  readonly words: CodeWords;
  /** Null when it stands. */
  readonly onCode: (code: Code) => Promise<Refusal | null>;
  readonly back: () => void;
}

/** A code for this device: seven pictures, practised twice, or a passphrase. */
export function ChooseCode({ kind, isChild, onlyKind = false, words, onCode, back }: ChooseCodeProps) {
  const [step, setStep] = useState<"pictures" | "practise" | "passphrase">(kind);
  const [pictures, setPictures] = useState<readonly number[]>([]);
  const [redrawn, setRedrawn] = useState(false);
  const draw = () => void drawSevenPictures().then(setPictures, () => undefined);
  useEffect(draw, []);
  if (step === "passphrase") {
    return (
      <ChoosePassphrase
        words={words}
        back={back}
        onPictures={isChild && !onlyKind ? () => setStep("pictures") : null}
        onChosen={(passphrase) => onCode({ kind: "passphrase", passphrase })}
      />
    );
  }
  if (step === "practise") {
    return (
      <PractisePictures
        pictures={pictures}
        words={words}
        onLook={() => setStep("pictures")}
        onLearnt={() => onCode({ kind: "pictures", pictures })}
      />
    );
  }
  return (
    <MyPictures
      pictures={pictures}
      back={back}
      onWords={onlyKind ? null : () => setStep("passphrase")}
      onPractise={() => setStep("practise")}
      onDrawAgain={
        redrawn
          ? null
          : () => {
              setRedrawn(true);
              draw();
            }
      }
    />
  );
}
