import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Code, confirmCode, isCodeNeeded } from "../../state/code-again.ts";
import { pocket, type Refusal } from "../../state/session.ts";
import { t } from "../text.ts";
import { CodeEntry } from "./code-entry.tsx";
import { Screen } from "./screen.tsx";
import { Stitch } from "./stitch.tsx";

export interface AskCodeProps {
  /** Null when the code was taken and what it was for is done. */
  readonly onCode: (code: Code) => Promise<Refusal | null>;
  /** Without giving it: nothing has happened. */
  readonly onLeave: () => void;
  /** True where the answer counts for a while. */
  readonly counts?: boolean;
}

/** "Er det dig?": the code again, over the screen it was asked from, before something leaves the pocket. */
export function AskCode({ onCode, onLeave, counts = false }: AskCodeProps) {
  const byPictures = pocket.value?.waysIn.includes("pictures") ?? false;
  return (
    <Screen ground="cloth" back={onLeave}>
      <Stitch still />
      <h1>{t("ask.title")}</h1>
      <p class="lead">
        {t(byPictures ? "ask.pictures" : "ask.words")} {counts && t("ask.counts")}
      </p>
      <CodeEntry heading="h2" busy={t("ask.busy")} enter={t("ask.next")} onCode={onCode} />
    </Screen>
  );
}

export interface CodeGate {
  /** Does `act`; where the vault wants the code first, asks and does it again. Anything else that fails goes to `failed`. */
  run(act: () => Promise<void>, failed: (error: unknown) => void): Promise<void>;
  /** The question, to be shown instead of the screen's own content; null while nothing is asked. */
  readonly question: ComponentChildren | null;
}

/** For acts that the vault does only with a freshly given code. */
export function useCodeGate(): CodeGate {
  const [waiting, setWaiting] = useState<{ readonly again: () => Promise<void>; readonly left: () => void } | null>(
    null,
  );
  const run: CodeGate["run"] = async (act, failed) => {
    try {
      await act();
    } catch (error) {
      if (!isCodeNeeded(error)) return failed(error);
      setWaiting({ again: () => run(act, failed), left: () => failed(error) });
    }
  };
  const question =
    waiting === null ? null : (
      <AskCode
        counts
        onLeave={() => {
          setWaiting(null);
          waiting.left();
        }}
        onCode={async (code) => {
          const refused = await confirmCode(code);
          if (refused !== null) return refused;
          setWaiting(null);
          await waiting.again();
          return null;
        }}
      />
    );
  return { run, question };
}
