import { useState } from "preact/hooks";
import { type Code, confirmCode } from "../../state/code-again.ts";
import { isChild, pocket, type Refusal } from "../../state/session.ts";
import { AskCode } from "./ask-code.tsx";
import { ChooseCode } from "./choose-code.tsx";
import type { CodeWords } from "./practise-pictures.tsx";

export interface AnotherCodeProps {
  /** False where somebody opened with the card: the code may be forgotten. */
  readonly asks: boolean;
  /** Of the kind that the pocket has now, and no other. */
  readonly onlyKind: boolean;
  readonly words: CodeWords;
  /** Null when it stands. */
  readonly onCode: (code: Code) => Promise<Refusal | null>;
  /** From either step: nothing has happened. */
  readonly onLeave: () => void;
}

/** Another code for the open pocket: the one that opens it is asked for, then one is chosen and practised. */
export function AnotherCode({ asks, onlyKind, words, onCode, onLeave }: AnotherCodeProps) {
  const [isAsked, setAsked] = useState(asks);
  if (isAsked) {
    const confirm = async (code: Code) => {
      const refused = await confirmCode(code);
      if (refused === null) setAsked(false);
      return refused;
    };
    return <AskCode onLeave={onLeave} onCode={confirm} />;
  }
  const kind = pocket.value?.waysIn.includes("pictures") ? "pictures" : "passphrase";
  return (
    <ChooseCode kind={kind} onlyKind={onlyKind} isChild={isChild.value} words={words} onCode={onCode} back={onLeave} />
  );
}
