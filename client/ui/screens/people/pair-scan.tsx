import { useEffect, useRef, useState } from "preact/hooks";
import { payloadOf } from "../../../state/invitation-link.ts";
import { pickerClosed, pickerOpened } from "../../../state/lock.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { readPicture, type Scanning, scanCamera } from "./camera.ts";
import { joinBy } from "./joining.ts";
import "./people.css";

/** Scanning the other's code: by camera, or from a picture of it. */
export function PairScan() {
  const video = useRef<HTMLVideoElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [camera, setCamera] = useState<"starting" | "on" | "none">("starting");
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [round, setRound] = useState(0);

  /** A picture of a code may have travelled: then both compare, as with a link. */
  const use = async (text: string, by: "scan" | "link"): Promise<void> => {
    const payload = payloadOf(text);
    if (payload === null) {
      setTrouble(t("pair.broken"));
      setRound(round + 1);
      return;
    }
    setWorking(true);
    setTrouble(await joinBy(payload, by));
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
    if (text === null) setTrouble(t("pair.noCode"));
    else await use(text, "link");
  };
  return (
    <Screen
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
          {t("pair.fromPicture")}
        </Button>
      }
    >
      <h1>{t("pair.scan")}</h1>
      <p class="lead" role="status">
        {working ? t("pair.working") : camera === "none" ? t("pair.noCamera") : t("pair.camera")}
      </p>
      {trouble !== null && (
        <div role="alert">
          <Word icon="info">{trouble}</Word>
        </div>
      )}
      <video ref={video} class="finder" data-camera={camera} muted playsInline aria-label={t("pair.camera")} />
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
