import type { Drawing } from "../../../state/drawing.ts";
import type { PhotoRef } from "../../../state/types.ts";
import { t } from "../../text.ts";
import { crayonOf, outlineOf, paper } from "../draw/strokes.ts";
import { useHeld } from "./use-held.ts";

/** Units of the drawing's width. */
const WIDE = 1000;

/** A drawing that was begun and not finished: its lines as they stand, on the photo it was begun on, and said so. */
export function BookDrawing(props: { drawing: Drawing; below: PhotoRef | undefined; onLoaded: () => void }) {
  const { drawing, below, onLoaded } = props;
  const photo = useHeld(below?.full ?? null, onLoaded);
  const tall = Math.round(drawing.height * WIDE);
  return (
    <figure class="book-drawing" style={{ "--shape": 1 / drawing.height }}>
      <svg viewBox={`0 0 ${WIDE} ${tall}`} role="img" aria-label={t("entry.draw")}>
        <rect width={WIDE} height={tall} fill={paper} />
        {photo !== null && typeof photo === "object" && <image href={photo.url} width={WIDE} height={tall} />}
        {drawing.strokes.map((stroke, index) => (
          <path key={index} d={outlineOf(stroke, WIDE)} fill={crayonOf(stroke)} />
        ))}
      </svg>
      <figcaption class="book-meta">{t("book.unfinished")}</figcaption>
    </figure>
  );
}
