import type { ShownCopy } from "../../state/types.ts";
import { moodWord } from "../heads.ts";
import { pictureName, t } from "../text.ts";
import { CopiedParts } from "./copied-parts.tsx";
import { MoodMark } from "./mood-mark.tsx";
import { Picture } from "./picture.tsx";
import { RecordingView, recordingName } from "./recording-view.tsx";
import { RichTextView } from "./rich-text.tsx";
import { SealedPicture } from "./sealed-picture.tsx";
import { SubjectMark } from "./subject-mark.tsx";

/** A shown copy as it is read: the preview and the reader draw it with this, so that they can't differ. */
export function ShownCopyView({ copy, level = 2 }: { copy: ShownCopy; level?: 2 | 3 }) {
  const Title = `h${level}` as const;
  return (
    <div class="copy">
      {copy.title !== "" && <Title>{copy.title}</Title>}
      {(copy.kind === "life" || copy.kind === "me") && <Title>{t(`${copy.kind}.title`)}</Title>}
      {copy.subject !== null && <SubjectMark subject={copy.subject} />}
      {copy.moods.length > 0 && (
        <ul class="copy-moods">
          {copy.moods.map((mood) => (
            <li key={mood}>
              <MoodMark mood={mood} />
              {moodWord(mood)}
            </li>
          ))}
        </ul>
      )}
      <RichTextView text={copy.text} />
      {copy.parts.length > 0 && <CopiedParts parts={copy.parts} level={level} />}
      {copy.stickers.length > 0 && (
        <ul class="copied-stickers" aria-label={t("stickers.on")}>
          {copy.stickers.map((picture, place) => (
            <li key={`${place} ${picture}`}>
              <Picture picture={picture} />
              <span class="vh">{pictureName(picture)}</span>
            </li>
          ))}
        </ul>
      )}
      {copy.photos.length > 0 && (
        <div class="photos" data-count={Math.min(copy.photos.length, 3)}>
          {copy.photos.map((photo, index) => (
            <SealedPicture key={photo.full.blob} picture={photo.full} alt={t("entry.photoOf", { number: index + 1 })} />
          ))}
        </div>
      )}
      {copy.recordings.length > 0 && (
        <ul class="recordings">
          {copy.recordings.map((recording, index) => (
            <li key={recording.media.blob}>
              <RecordingView recording={recording} name={recordingName(copy.recordings, index)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
