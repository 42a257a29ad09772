import { useState } from "preact/hooks";
import type { Drawing, OpenEntry, OwnPhoto } from "../../../state/entry.ts";
import type { CodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { Rise } from "../../parts/rise.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { t } from "../../text.ts";
import { PhotoOriginal } from "./photo-original.tsx";

interface PhotosProps {
  readonly entry: OpenEntry;
  /** For taking an original out of Lomme. */
  readonly gate: CodeGate;
  /** Goes on with this drawing; or begins one on the photo `over`, by its full blob id. */
  readonly onDraw: (drawing?: Drawing["id"], over?: string) => void;
}

/** The entry's photos and drawings, side by side; each can be drawn on, and taken out again. */
export function Photos({ entry, gate, onDraw }: PhotosProps) {
  const photos = entry.photos.value;
  const drawings = entry.drawings.value;
  const madeInto = (blob: string) => drawings.find(({ picture }) => picture === blob);
  const [looking, setLooking] = useState<OwnPhoto | null>(null);
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
                class="photo-look"
                aria-label={`${t("entry.photoLook")}, ${index + 1}`}
                onClick={() => setLooking(photo)}
              />
            </li>
          ))}
        </ul>
      )}
      {looking !== null && (
        <Rise title={t("entry.photoLook")} onClose={() => setLooking(null)}>
          <SealedPicture picture={looking.full} alt="" class="photo-large" />
          <div class="decide">
            <Button
              kind="now"
              icon="draw"
              onPress={() => {
                const drawing = madeInto(looking.full.blob);
                if (drawing === undefined) onDraw(undefined, looking.full.blob);
                else onDraw(drawing.id);
              }}
            >
              {t(madeInto(looking.full.blob) === undefined ? "entry.drawOn" : "entry.drawMore")}
            </Button>
            <Button kind="quiet" onPress={() => setLooking(null)}>
              {t("more.close")}
            </Button>
          </div>
          <PhotoOriginal entry={entry} photo={looking} gate={gate} />
        </Rise>
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
