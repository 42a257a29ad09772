import { useEffect, useRef, useState } from "preact/hooks";
import { countsAsUse } from "../../state/lock.ts";
import { type HeldRecording, holdRecording, isVideo, type RecordingRef } from "../../state/media.ts";
import { t } from "../text.ts";
import { Icon } from "./icon.tsx";
import "./recording-view.css";
import { clockOf } from "./clock-of.ts";

/** What arrow keys and a screen reader's swipe move by. */
const STEP_S = 1;
/** Bars of a recording that has none (a broken-off one of less than a moment). */
const FLAT: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0];

/**
 * A voice note or a video: play and pause on a small pocket, its loudness as bars that are also where it is, and its time.
 * No controls of the browser's own: they offer to save the file, or to send it to a television.
 */
export function RecordingView({ recording, name }: { recording: RecordingRef; name: string }) {
  const media = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const held = useRef<HeldRecording | null>(null);
  const [playing, setPlaying] = useState(false);
  const [atMs, setAtMs] = useState(0);
  const [trouble, setTrouble] = useState<"missing" | "later" | null>(null);
  const { space, blob } = recording.media;
  const { type, bytes, durationMs } = recording;

  useEffect(() => {
    const element = media.current;
    const hidden = () => document.visibilityState === "hidden" && element?.pause();
    document.addEventListener("visibilitychange", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      element?.pause();
      element?.removeAttribute("src");
      element?.load();
      held.current?.release();
      held.current = null;
    };
  }, [space, blob]);

  // A film shows its first picture before anybody presses.
  const film = isVideo(recording);
  useEffect(() => {
    if (film) void load();
  }, [space, blob, film]);

  // While it plays the pocket stays open, as it does while somebody types.
  useEffect(() => (playing ? countsAsUse() : undefined), [playing]);

  const load = async (): Promise<boolean> => {
    if (held.current?.url) return true;
    try {
      held.current = await holdRecording({ media: { space, blob }, type, bytes });
    } catch {
      setTrouble("missing");
      return false;
    }
    if (held.current.url === null) setTrouble("later");
    else if (media.current !== null) media.current.src = held.current.url;
    return held.current.url !== null;
  };
  const toggle = async (): Promise<void> => {
    const element = media.current;
    if (element === null) return;
    if (!element.paused) return element.pause();
    setTrouble(null);
    if (!(await load())) return;
    // Refused by the browser, or its bytes didn't come: `onError` has said which.
    await element.play().catch(() => setPlaying(false));
  };
  const seek = async (ms: number): Promise<void> => {
    setAtMs(ms);
    if ((await load()) && media.current !== null) media.current.currentTime = ms / 1000;
  };
  const failed = (): void => {
    if (held.current === null) return;
    held.current.release();
    held.current = null;
    setTrouble("missing");
  };
  const events = {
    ref: media,
    onPlay: () => setPlaying(true),
    onPause: () => setPlaying(false),
    onEnded: () => {
      setPlaying(false);
      setAtMs(0);
    },
    onTimeUpdate: () => setAtMs((media.current?.currentTime ?? 0) * 1000),
    onError: failed,
  };
  const length = Math.max(durationMs, 1);
  const peaks = recording.peaks.length > 0 ? recording.peaks : FLAT;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form; this is one thing with a name
    <div class="recording" role="group" aria-label={name}>
      {film ? (
        <video
          {...events}
          class="recording-film"
          playsInline
          disablePictureInPicture
          disableRemotePlayback
          preload="metadata"
          tabIndex={-1}
          aria-label={name}
        />
      ) : (
        <audio {...events} preload="auto" disableRemotePlayback />
      )}
      <div class="recording-row">
        <button
          type="button"
          class="play"
          aria-label={`${t(playing ? "recording.pause" : "recording.play")}: ${name}`}
          onClick={() => void toggle()}
        >
          <Icon name={playing ? "pause" : "play"} />
        </button>
        <div class="bars">
          <span class="bars-drawn" aria-hidden="true">
            {peaks.map((peak, index) => (
              <i
                key={index}
                data-passed={(index + 1) / peaks.length <= atMs / length}
                style={{ height: `${12 + (peak / 31) * 88}%` }}
              />
            ))}
          </span>
          <input
            type="range"
            autocomplete="off"
            min={0}
            max={Math.max(1, Math.ceil(length / 1000))}
            step={STEP_S}
            value={Math.round(atMs / 1000)}
            aria-label={`${t("recording.place")}: ${name}`}
            aria-valuetext={t("recording.at", { at: clockOf(atMs), all: clockOf(durationMs) })}
            onInput={(event) => void seek(Math.min(length, event.currentTarget.valueAsNumber * 1000))}
          />
        </div>
        <span class="recording-time" aria-hidden="true">
          {clockOf(playing || atMs > 0 ? atMs : durationMs)}
        </span>
      </div>
      {trouble !== null && (
        <p class="meta" role="status">
          {t(trouble === "later" ? "recording.later" : "recording.missing")}
        </p>
      )}
    </div>
  );
}

/** All of a document, one under the other, with a name each. */
export const recordingName = (recordings: readonly RecordingRef[], index: number): string => {
  const recording = recordings[index];
  const film = recording !== undefined && isVideo(recording);
  const number = recordings.slice(0, index + 1).filter((other) => isVideo(other) === film).length;
  return t(film ? "recording.video" : "recording.sound", { number });
};
