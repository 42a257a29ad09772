import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { OpenEntry } from "../../../state/entry.ts";
import {
  canRecord,
  MOST_MS,
  type RecordedKind,
  RecorderRefusal,
  type RecorderTrouble,
  type Recording,
  startRecording,
} from "../../../state/recorder.ts";
import { Button } from "../../parts/button.tsx";
import { clockOf } from "../../parts/clock-of.ts";
import { say } from "../../parts/live.tsx";
import { Rise } from "../../parts/rise.tsx";
import { type TextKey, t } from "../../text.ts";
import { ToolButton } from "./tool-button.tsx";
import "./entry.css";
import "./recorder.css";

const troubles: Readonly<Record<RecorderTrouble, TextKey>> = {
  denied: "recorder.denied",
  none: "recorder.none",
  unsupported: "recorder.unsupported",
  full: "recorder.full",
  "no-room": "recorder.noRoom",
  failed: "recorder.failed",
};

/** The entry that was begun with a voice: coming back to it from a drawing doesn't ask for one again. */
let begun: OpenEntry["document"] | null = null;

/** The tool on the hem, and what rises from it; at once where the entry begins with it. */
export function RecorderTool({ entry, begins }: { entry: OpenEntry; begins: boolean }) {
  const [open, setOpen] = useState(begins && begun !== entry.document);
  if (begins) begun = entry.document;
  return (
    <>
      <ToolButton icon="mic" label={t("entry.record")} onPress={() => setOpen(true)} />
      {open && <Recorder document={entry.document} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Voice or film; then what is being recorded, with its stop. Every way of leaving keeps what was recorded but "throw away". */
export function Recorder({ document, onClose }: { document: OpenEntry["document"]; onClose: () => void }) {
  const [asking, setAsking] = useState(false);
  const [recording, setRecording] = useState<Recording | null>(null);
  const [trouble, setTrouble] = useState<RecorderTrouble | null>(null);
  const now = useRef<Recording | null>(null);
  const left = useMemo(() => new AbortController(), []);
  useEffect(
    () => () => {
      left.abort();
      void now.current?.stop();
    },
    [left],
  );

  const begin = async (kind: RecordedKind): Promise<void> => {
    if (asking) return;
    setAsking(true);
    setTrouble(null);
    try {
      const begun = await startRecording(document, kind);
      now.current = begun;
      // Closed while the browser still asked: nobody meant to be recorded.
      if (left.signal.aborted) return void begun.drop();
      setRecording(begun);
      say(t("recorder.on"));
    } catch (error) {
      const why = error instanceof RecorderRefusal ? error.trouble : "failed";
      setTrouble(why);
      say(t(troubles[why]));
    }
    setAsking(false);
  };
  const ended = (why: RecorderTrouble | null): void => {
    now.current = null;
    setRecording(null);
    setTrouble(why);
    if (why === null) onClose();
  };

  return (
    <Rise title={t(recording === null ? "recorder.title" : "recorder.on")} onClose={onClose}>
      {trouble !== null && <p role="alert">{t(troubles[trouble])}</p>}
      {recording !== null ? (
        <Running recording={recording} onEnded={ended} />
      ) : (
        <>
          <p>{t(asking ? "recorder.asking" : "recorder.text")}</p>
          <div class="decide">
            {canRecord("sound") && (
              <Button kind="now" icon="mic" off={asking} onPress={() => void begin("sound")}>
                {t("recorder.sound")}
              </Button>
            )}
            {canRecord("video") && (
              <Button kind="line" icon="film" off={asking} onPress={() => void begin("video")}>
                {t("recorder.video")}
              </Button>
            )}
            <Button kind="quiet" onPress={onClose}>
              {t("recorder.not")}
            </Button>
          </div>
        </>
      )}
    </Rise>
  );
}

function Running({ recording, onEnded }: { recording: Recording; onEnded: (why: RecorderTrouble | null) => void }) {
  const preview = useRef<HTMLVideoElement>(null);
  const [ending, setEnding] = useState(false);
  useEffect(() => {
    if (preview.current !== null) preview.current.srcObject = recording.stream;
  }, [recording]);
  const over = recording.ended.value;
  useEffect(() => {
    if (!over) return;
    const why = recording.trouble.peek();
    say(t(why === null ? "recorder.kept" : troubles[why]));
    onEnded(why);
  }, [over]);
  const end = (how: "stop" | "drop"): void => {
    setEnding(true);
    void recording[how]();
  };
  const elapsed = recording.elapsedMs.value;
  const most = clockOf(MOST_MS[recording.kind]);
  return (
    <>
      {recording.kind === "video" && (
        <video ref={preview} class="recorder-film" autoPlay muted playsInline tabIndex={-1} />
      )}
      <p class="recorder-time">
        <span class="recorder-dot" aria-hidden="true" />
        <span role="timer" aria-label={t("recorder.time", { time: clockOf(elapsed), most })}>
          {clockOf(elapsed)}
        </span>
        <span class="recorder-most">{t("recorder.most", { most })}</span>
      </p>
      <span class="recorder-bars" aria-hidden="true">
        {recording.peaks.value.map((peak, index) => (
          <i key={index} style={{ height: `${8 + (peak / 31) * 92}%` }} />
        ))}
      </span>
      <div class="decide">
        <Button kind="now" icon="stop" off={ending} onPress={() => end("stop")}>
          {ending ? t("recorder.keeping") : t("recorder.stop")}
        </Button>
        <Button kind="quiet" icon="bin" off={ending} onPress={() => end("drop")}>
          {t("recorder.drop")}
        </Button>
      </div>
    </>
  );
}
