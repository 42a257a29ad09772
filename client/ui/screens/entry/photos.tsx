import type { Drawing, OpenEntry } from "../../../state/entry.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { t } from "../../text.ts";

interface PhotosProps {
  readonly entry: OpenEntry;
  /** Goes on with this drawing; or begins one on the photo `over`, by its full blob id. */
  readonly onDraw: (drawing?: Drawing["id"], over?: string) => void;
}

/** The entry's photos and drawings, side by side; each can be drawn on, and taken out again. */
export function Photos({ entry, onDraw }: PhotosProps) {
  const photos = entry.photos.value;
  const drawings = entry.drawings.value;
  const madeInto = (blob: string) => drawings.find(({ picture }) => picture === blob);
  const begun = drawings.filter(({ picture, strokes }) => picture === null && strokes.length > 0);
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
              <button
                type="button"
                class="photo-draw"
                aria-label={`${t(madeInto(photo.full.blob) === undefined ? "entry.drawOn" : "entry.drawMore")}, ${index + 1}`}
                onClick={() => {
                  const drawing = madeInto(photo.full.blob);
                  if (drawing === undefined) onDraw(undefined, photo.full.blob);
                  else onDraw(drawing.id);
                }}
              >
                <Icon name="draw" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {begun.map(({ id }) => (
        <Word key={id} icon="draw">
          <p>{t("entry.drawBegun")}</p>
          <Button kind="quiet" onPress={() => onDraw(id)}>
            {t("entry.drawMore")}
          </Button>
        </Word>
      ))}
      {entry.addingPhoto.value && (
        <p class="meta" role="status">
          {t("entry.addingPhoto")}
        </p>
      )}
    </>
  );
}
