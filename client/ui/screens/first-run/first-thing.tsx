import { useEffect, useState } from "preact/hooks";
import { pickerClosed, pickerOpened } from "../../../state/lock.ts";
import { startAt } from "../../../state/route.ts";
import { asRefusal } from "../../../state/session.ts";
import type { Summary } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { focusOn } from "../../parts/focus-on.ts";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { MoodFace, type MoodName, moodNames } from "../../parts/mood.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { type TextKey, t } from "../../text.ts";

/** Loaded when it is wanted: the first screens are small. */
interface Voice {
  readonly Recorder: typeof import("../entry/recorder.tsx").Recorder;
  readonly document: Summary["document"];
}

/** Where there is no microphone to ask for, nothing is offered; what records comes with the recorder. */
const canSpeak = (): boolean => navigator.mediaDevices !== undefined;

type State = "empty" | "saving" | "saved" | TextKey;

/** The first thing in: a face, a photo or a voice, no letter. "Saved here" only when the vault has committed it. */
export function FirstThing() {
  const [state, setState] = useState<State>("empty");
  const [mood, setMood] = useState<MoodName | null>(null);

  const keep = async (put: (keeper: typeof import("../../../state/first-thing.ts")) => Promise<unknown>) => {
    if (state === "saving" || state === "saved") return;
    setState("saving");
    try {
      await put(await import("../../../state/first-thing.ts"));
      setState("saved");
      say(t("firstthing.saved"));
    } catch (error) {
      setMood(null);
      setState(asRefusal(error).code === "bad-picture" ? "firstthing.badPicture" : "firstthing.failed");
    }
  };

  const [voice, setVoice] = useState<Voice | null>(null);
  const speak = async (): Promise<void> => {
    if (state === "saving" || state === "saved") return;
    setState("saving");
    try {
      const [{ Recorder }, { beginVoice }] = await Promise.all([
        import("../entry/recorder.tsx"),
        import("../../../state/first-thing.ts"),
      ]);
      setVoice({ Recorder, document: await beginVoice() });
      setState("empty");
    } catch {
      setState("firstthing.failed");
    }
  };
  const spoken = async ({ document }: Voice): Promise<void> => {
    setVoice(null);
    setState("saving");
    const { isVoiceKept } = await import("../../../state/first-thing.ts");
    const kept = await isVoiceKept(document).catch(() => false);
    setState(kept ? "saved" : "empty");
    if (kept) say(t("firstthing.saved"));
  };

  const saved = state === "saved";
  // The photo's and the voice's buttons are gone now, and with one of them the focus.
  useEffect(() => {
    if (saved && document.activeElement === document.body) focusOn(document.querySelector<HTMLElement>("main h1"));
  }, [saved]);
  return (
    <Screen
      back="none"
      slides
      hem={
        <Button kind={saved ? "now" : "quiet"} wide onPress={() => startAt("close-and-open")}>
          {t(saved ? "firstthing.next" : "firstthing.skip")}
        </Button>
      }
    >
      <div class="spoken">
        <h1>{t("firstthing.title")}</h1>
        <SpeakButton text={`${t("firstthing.title")}. ${t("firstthing.lead")}`} />
      </div>
      <p class="lead">{t("firstthing.lead")}</p>
      <div class="moods big">
        {moodNames.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={mood === name}
            onClick={() => {
              if (state === "saving" || saved) return;
              setMood(name);
              void keep((keeper) => keeper.keepMood(name));
            }}
          >
            <MoodFace mood={name} />
            <span>{t(`mood.${name}`)}</span>
          </button>
        ))}
      </div>
      <div class="said" aria-live="polite">
        {state === "saving" && <Word icon="clock">{t("firstthing.saving")}</Word>}
        {saved && <Word icon="check">{t("firstthing.saved")}</Word>}
        {state !== "empty" && state !== "saving" && !saved && <Word icon="warning">{t(state)}</Word>}
      </div>
      {/* One thing is enough: what is saved isn't followed by another question. */}
      {!saved && (
        <>
          <label class={state === "saving" ? "btn line picker used" : "btn line picker"}>
            <Icon name="camera" />
            <span>{t("firstthing.photo")}</span>
            <input
              class="vh"
              type="file"
              accept="image/*"
              autocomplete="off"
              disabled={state === "saving"}
              onClick={pickerOpened}
              onCancel={pickerClosed}
              onChange={(event) => {
                pickerClosed();
                const photo = event.currentTarget.files?.[0];
                if (photo) void keep((keeper) => keeper.keepPhoto(photo));
              }}
            />
          </label>
          {canSpeak() && (
            <Button kind="line" icon="mic" off={state === "saving"} onPress={() => void speak()}>
              {t("firstthing.voice")}
            </Button>
          )}
        </>
      )}
      {voice !== null && <voice.Recorder document={voice.document} onClose={() => void spoken(voice)} />}
    </Screen>
  );
}
