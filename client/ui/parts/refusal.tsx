import { useEffect, useState } from "preact/hooks";
import type { Refusal } from "../../state/session.ts";
import { type TextKey, t } from "../text.ts";
import { Word } from "./lists.tsx";

const sentences: Partial<Record<Refusal["code"], TextKey>> = {
  "busy-elsewhere": "code.busy",
  offline: "code.offline",
  "older-store": "code.older",
  "store-unreadable": "code.unreadable",
};

/** Why it didn't open, in a kind sentence: nothing is lost, and when one may try again. */
export function RefusalWord({ refusal, wrong }: { refusal: Refusal; wrong: TextKey }) {
  const left = useSecondsLeft(refusal);
  const sentence = refusal.code === "wrong-code" ? wrong : (sentences[refusal.code] ?? "code.failed");
  return (
    <>
      {refusal.code !== "slow-down" && <Word>{t(sentence)}</Word>}
      {left > 0 && <Word icon="clock">{t("code.wait", { seconds: left })}</Word>}
    </>
  );
}

/** Seconds until the next try is taken, counted down. */
export function useSecondsLeft(refusal: Refusal | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (!refusal || refusal.seconds <= 0) {
      setLeft(0);
      return;
    }
    const end = Date.now() + refusal.seconds * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [refusal]);
  return left;
}
