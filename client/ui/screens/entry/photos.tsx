import type { OpenEntry } from "../../../state/entry.ts";
import { Icon } from "../../parts/icon.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { t } from "../../text.ts";

/** The entry's photos, side by side; each can be taken out again. */
export function Photos({ entry }: { entry: OpenEntry }) {
  const photos = entry.photos.value;
  return (
    <>
      {photos.length > 0 && (
        <ul class="photos" data-count={Math.min(photos.length, 3)}>
          {photos.map((photo, index) => (
            <li key={photo.full.blob}>
              <SealedPicture picture={photo.full} alt={t("entry.photoOf", { number: index + 1 })} />
              <button
                type="button"
                class="photo-out"
                aria-label={`${t("entry.photoOut")}, ${index + 1}`}
                onClick={() => entry.removePhoto(photo.full.blob)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {entry.addingPhoto.value && (
        <p class="meta" role="status">
          {t("entry.addingPhoto")}
        </p>
      )}
    </>
  );
}
