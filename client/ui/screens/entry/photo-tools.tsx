import { useEffect, useRef } from "preact/hooks";
import { sealAfter } from "../../../state/before-sealing.ts";
import type { OpenEntry } from "../../../state/entry.ts";
import { pickerClosed, pickerOpened } from "../../../state/lock.ts";
import { lookForRoom, originalsKept, photoFits } from "../../../state/storage-room.ts";
import { vaultCode } from "../../../state/vault.ts";
import { say } from "../../parts/live.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { ToolButton } from "./tool-button.tsx";

const texts: Readonly<Record<string, TextKey>> = { "bad-picture": "entry.badPicture", "storage-full": "entry.full" };

/** The entry that was begun with the camera: whoever comes back to it isn't asked for another photo. */
let begun: OpenEntry["document"] | null = null;

/**
 * Photos from the device or its camera. While the picker is out the page may be hidden: the lock waits for it, at most
 * five minutes (state/lock.ts), and the picked photo goes into this entry.
 */
export function PhotoTools(props: {
  entry: OpenEntry;
  /** The camera opens at once: the entry was begun with it. */
  begins: boolean;
  onTrouble: (text: string | null) => void;
}) {
  const { entry, begins, onTrouble } = props;
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);

  const keeps = useList(originalsKept);
  const fits = photoFits.value;
  useEffect(() => void lookForRoom(), []);
  const tell = (text: string): void => {
    onTrouble(text);
    say(text);
  };

  const pick = (input: HTMLInputElement | null): void => {
    if (input === null) return;
    if (!fits) {
      // Before the camera opens, not after: a photo that was taken and can't be kept is lost.
      tell(t("entry.noRoom"));
      void lookForRoom();
      return;
    }
    input.value = "";
    pickerOpened();
    input.click();
  };
  useEffect(() => {
    if (!begins || begun === entry.document) return;
    begun = entry.document;
    // A browser opens the camera only for a press that was just made; else its button is here.
    if (navigator.userActivation.isActive) pick(camera.current);
  }, []);
  const picked = async (input: HTMLInputElement): Promise<void> => {
    pickerClosed();
    onTrouble(null);
    for (const file of input.files ?? []) {
      try {
        const { original } = await entry.addPhoto(file, keeps === true);
        if (keeps === true && original === null) tell(t("original.noRoom"));
      } catch (error) {
        tell(t(texts[vaultCode(error)] ?? "entry.photoFailed"));
      }
    }
    void lookForRoom();
    // Nothing of the photo stays in the page beside what the vault sealed.
    input.value = "";
  };
  const field = (ref: typeof files, extra: { capture?: "environment"; multiple?: boolean }) => (
    <input
      ref={ref}
      hidden
      type="file"
      accept="image/*"
      autocomplete="off"
      {...extra}
      onChange={(event) => void sealAfter(picked(event.currentTarget))}
      onCancel={pickerClosed}
    />
  );
  return (
    <>
      {field(files, { multiple: true })}
      {field(camera, { capture: "environment" })}
      <ToolButton icon="picture" label={t("entry.photo")} onPress={() => pick(files.current)} />
      <ToolButton icon="camera" label={t("entry.camera")} onPress={() => pick(camera.current)} />
    </>
  );
}
