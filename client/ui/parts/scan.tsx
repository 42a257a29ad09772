import { useEffect, useRef, useState } from "preact/hooks";
import { pickerClosed, pickerOpened } from "../../state/lock.ts";
import { type TextKey, t } from "../text.ts";
import { Button } from "./button.tsx";
import { readPicture, type Scanning, scanCamera } from "./camera.ts";
import { Word } from "./lists.tsx";
import { Screen } from "./screen.tsx";
import "./scan.css";

export interface ScanWords {
  readonly title: TextKey;
  readonly camera: TextKey;
  readonly noCamera: TextKey;
  readonly fromPicture: TextKey;
  readonly noCode: TextKey;
  readonly working: TextKey;
}

export interface ScanProps {
  readonly words: ScanWords;
  /** Above the camera: where the code is. */
  readonly lead?: string;
  /** The sentence that says why not, or null. `by`: a picture of a code may have travelled. */
  readonly onCode: (text: string, by: "scan" | "link") => Promise<string | null>;
  readonly back?: () => void;
  /** A sentence about what came before. */
  readonly told?: string | null;
}

/** Scanning a code: by camera, or from a picture of it. No frame is kept or leaves the page. */
export function Scan({ words, lead, onCode, back, told = null }: ScanProps) {
  const video = useRef<HTMLVideoElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [camera, setCamera] = useState<"starting" | "on" | "none">("starting");
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(told);
  const [round, setRound] = useState(0);

  const use = async (text: string, by: "scan" | "link"): Promise<void> => {
    setWorking(true);
    setTrouble(await onCode(text, by));
    setWorking(false);
    setRound(round + 1);
  };
  useEffect(() => {
    let scanning: Scanning | null = null;
    let gone = false;
    if (video.current === null) return;
    scanCamera(video.current, (text) => void use(text, "scan")).then(
      (started) => {
        scanning = started;
        if (gone) started.stop();
        else setCamera("on");
      },
      () => setCamera("none"),
    );
    return () => {
      gone = true;
      scanning?.stop();
    };
  }, [round]);
  const picked = async (input: HTMLInputElement): Promise<void> => {
    pickerClosed();
    const [picture] = input.files ?? [];
    if (picture === undefined) return;
    const text = await readPicture(picture).catch(() => null);
    input.value = "";
    if (text === null) setTrouble(t(words.noCode));
    else await use(text, "link");
  };
  return (
    <Screen
      back={back ?? "history"}
      hem={
        <Button
          kind="line"
          icon="picture"
          wide
          onPress={() => {
            pickerOpened();
            file.current?.click();
          }}
        >
          {t(words.fromPicture)}
        </Button>
      }
    >
      <h1>{t(words.title)}</h1>
      {lead !== undefined && <p class="lead">{lead}</p>}
      <p class="lead" role="status">
        {working ? t(words.working) : camera === "none" ? t(words.noCamera) : t(words.camera)}
      </p>
      {trouble !== null && (
        <div role="alert">
          <Word icon="info">{trouble}</Word>
        </div>
      )}
      <video ref={video} class="finder" data-camera={camera} muted playsInline aria-label={t(words.camera)} />
      <input
        ref={file}
        hidden
        type="file"
        accept="image/*"
        autocomplete="off"
        onChange={(event) => void picked(event.currentTarget)}
        onCancel={pickerClosed}
      />
    </Screen>
  );
}
