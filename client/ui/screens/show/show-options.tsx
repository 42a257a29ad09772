import { Icon } from "../../parts/icon.tsx";
import { recordingName } from "../../parts/recording-view.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { signWord } from "../../parts/sign.tsx";
import { type TextKey, t } from "../../text.ts";
import type { Preview } from "./use-preview.ts";

/** What goes along: the mood, each photo, each recording. Nothing to choose where there is none of them. */
export function ShowOptionsRow({ preview: { entry, options, change } }: { preview: Preview }) {
  const photos = entry.photos.value;
  const moods = entry.moods.value;
  const recordings = entry.recordings.value;
  if (entry.parts.value.length > 0) return <Parts preview={{ entry, options, change }} />;
  if (photos.length + moods.length + recordings.length === 0) return null;
  const heard = options.recordings ?? [];
  const toggleRecording = (blob: (typeof heard)[number]): void =>
    change({ recordings: heard.includes(blob) ? heard.filter((other) => other !== blob) : [...heard, blob] });
  const toggle = (blob: (typeof options.photos)[number]): void =>
    change({
      photos: options.photos.includes(blob)
        ? options.photos.filter((other) => other !== blob)
        : photos.map((photo) => photo.full.blob).filter((other) => other === blob || options.photos.includes(other)),
    });
  return (
    <fieldset class="group along" aria-label={t("show.along")}>
      <h2>{t("show.along")}</h2>
      <div class="chips">
        {moods.length > 0 && (
          <button
            type="button"
            aria-pressed={options.withMoods}
            onClick={() => change({ withMoods: !options.withMoods })}
          >
            <Icon name={options.withMoods ? "check" : "plus"} />
            {t("show.mood")}
          </button>
        )}
        {photos.map((photo, index) => {
          const on = options.photos.includes(photo.full.blob);
          return (
            <button
              key={photo.full.blob}
              type="button"
              class="chip-photo"
              aria-pressed={on}
              aria-label={t("entry.photoOf", { number: index + 1 })}
              onClick={() => toggle(photo.full.blob)}
            >
              <Icon name={on ? "check" : "plus"} />
              <SealedPicture picture={photo.thumbnail} alt="" />
            </button>
          );
        })}
        {recordings.map(({ media: { blob } }, index) => (
          <button key={blob} type="button" aria-pressed={heard.includes(blob)} onClick={() => toggleRecording(blob)}>
            <Icon name={heard.includes(blob) ? "check" : "plus"} />
            {recordingName(recordings, index)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/** Each stop or topic by itself; a stop's photos go with it. */
function Parts({ preview: { entry, options, change } }: { preview: Pick<Preview, "entry" | "options" | "change"> }) {
  const chosen = options.parts ?? [];
  return (
    <fieldset class="group along" aria-label={t("show.parts")}>
      <h2>{t("show.parts")}</h2>
      <div class="chips">
        {entry.parts.value.map(({ id, stop, topic }) => {
          const on = chosen.includes(id);
          return (
            <button
              key={id}
              type="button"
              aria-pressed={on}
              onClick={() => change({ parts: on ? chosen.filter((other) => other !== id) : [...chosen, id] })}
            >
              <Icon name={on ? "check" : "plus"} />
              {stop === null ? t(`me.${topic}Title` as TextKey) : stop.title || signWord(stop.sign)}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
