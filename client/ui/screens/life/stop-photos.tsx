import { useRef, useState } from "preact/hooks";
import { sealAfter } from "../../../state/before-sealing.ts";
import type { LifeStop, OpenLife } from "../../../state/life.ts";
import { pickerClosed, pickerOpened } from "../../../state/lock.ts";
import { vaultCode } from "../../../state/vault.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { type TextKey, t } from "../../text.ts";

const texts: Readonly<Record<string, TextKey>> = { "bad-picture": "entry.badPicture", "storage-full": "entry.full" };

/** Photos of this time. They are sealed like those of an entry and lie in the life story. */
export function StopPhotos({ life, stop }: { life: OpenLife; stop: LifeStop }) {
  const files = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const photos = life.photos.value.filter(({ full }) => stop.photos.includes(full.blob));
  const picked = async (input: HTMLInputElement): Promise<void> => {
    pickerClosed();
    setTrouble(null);
    setBusy(true);
    for (const file of input.files ?? []) {
      try {
        await life.addPhoto(stop.id, file);
      } catch (error) {
        setTrouble(t(texts[vaultCode(error)] ?? "entry.photoFailed"));
      }
    }
    setBusy(false);
    // Nothing of the photo stays in the page beside what the vault sealed.
    input.value = "";
  };
  return (
    <section class="life-part" aria-label={t("life.photos")}>
      <h2>{t("life.photos")}</h2>
      {trouble !== null && (
        <div role="alert">
          <Word icon="info">{trouble}</Word>
        </div>
      )}
      {photos.length > 0 && (
        <ul class="stop-photos">
          {photos.map((photo, index) => (
            <li key={photo.full.blob}>
              <SealedPicture picture={photo.thumbnail} alt={t("entry.photoOf", { number: index + 1 })} />
              <button
                type="button"
                aria-label={`${t("life.photoOut")}, ${index + 1}`}
                onClick={() => life.removePhoto(stop.id, photo.full.blob)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={files}
        hidden
        multiple
        type="file"
        accept="image/*"
        autocomplete="off"
        onChange={(event) => void sealAfter(picked(event.currentTarget))}
        onCancel={pickerClosed}
      />
      <Button
        kind="line"
        icon="picture"
        off={busy}
        onPress={() => {
          pickerOpened();
          files.current?.click();
        }}
      >
        {t("life.addPhoto")}
      </Button>
      {busy && (
        <p class="meta" role="status">
          {t("entry.addingPhoto")}
        </p>
      )}
    </section>
  );
}
