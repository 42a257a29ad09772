import { useEffect, useRef, useState } from "preact/hooks";
import { dictation } from "../../../state/dictation.ts";
import type { OpenEntry } from "../../../state/entry.ts";
import { language } from "../../../state/language.ts";
import { countsAsUse } from "../../../state/lock.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { t } from "../../text.ts";

/** Speaking instead of typing, where the words are made on this device. Not there anywhere else. */
export function Dictate({ entry }: { entry: OpenEntry }) {
  const [possible, setPossible] = useState(false);
  const [listening, setListening] = useState(false);
  const [soFar, setSoFar] = useState("");
  const [failed, setFailed] = useState(false);
  const ears = useRef<{ stop(): void } | null>(null);
  const spoken = language.value;
  useEffect(() => {
    let gone = false;
    void dictation.isPossible(spoken).then((is) => {
      if (!gone) setPossible(is);
    });
    return () => {
      gone = true;
    };
  }, [spoken]);
  useEffect(() => () => ears.current?.stop(), []);
  if (!possible) return null;
  const listen = (): void => {
    setFailed(false);
    const used = countsAsUse();
    try {
      ears.current = dictation.listen(spoken, {
        soFar: setSoFar,
        words: (text) => {
          if (text !== "") entry.write(text);
        },
        ended: () => {
          used();
          ears.current = null;
          setListening(false);
          setSoFar("");
        },
      });
      setListening(true);
    } catch {
      used();
      setFailed(true);
    }
  };
  return (
    <div class="dictate">
      <Button
        kind="quiet"
        icon={listening ? "stop" : "mic"}
        onPress={() => (listening ? ears.current?.stop() : listen())}
      >
        {t(listening ? "dictate.stop" : "dictate.start")}
      </Button>
      <div aria-live="polite">
        {listening && <p class="meta">{soFar === "" ? t("dictate.listening") : soFar}</p>}
        {failed && <Word icon="warning">{t("dictate.failed")}</Word>}
      </div>
    </div>
  );
}
