import { useState } from "preact/hooks";
import type { ShownCopy } from "../../../state/types.ts";
import { countsOf, firstWords, headOf } from "../../heads.ts";
import { joinNames } from "../../names.ts";
import { Icon } from "../../parts/icon.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { ShownCopyView } from "../../parts/shown-copy.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { Torn } from "../../parts/torn.tsx";
import { t } from "../../text.ts";
import type { Preview } from "./use-preview.ts";

/** Longer copies open on a press; short ones are simply there. */
const SHORT = 260;

/** The note that is lifted out, torn below; under it the pocket's edge with what stays. */
export function ShowNote({ copy, name, preview }: { copy: ShownCopy; name: string; preview: Preview }) {
  const [whole, setWhole] = useState(false);
  const length = copy.text.reduce((sum, block) => sum + block.runs.reduce((all, run) => all + run.text.length, 0), 0);
  const open = whole || copy.parts.length > 0 || (length <= SHORT && copy.photos.length + copy.recordings.length <= 1);
  const [photo] = copy.photos;
  const stays = staying(preview);
  return (
    <div class="lifted">
      <Torn>
        <p class="meta">{t("show.gets", { name })}</p>
        {open ? (
          <ShownCopyView copy={copy} />
        ) : (
          <div class="lifted-short">
            <div>
              <h2>{headOf({ ...copy, ...countsOf(copy) })}</h2>
              <p class="small">{firstWords(wordsOf(copy), 140)}</p>
            </div>
            {photo !== undefined && <SealedPicture picture={photo.thumbnail} alt={t("entry.photoOf", { number: 1 })} />}
          </div>
        )}
        {(whole || !open) && copy.parts.length === 0 && (
          <button type="button" class="see-all" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? t("show.less") : t("show.whole")}
          </button>
        )}
      </Torn>
      {stays !== "" && (
        <div class="stays cloth">
          <Stitch />
          <Icon name="lock" />
          <span>{t("show.stays", { what: stays })}</span>
        </div>
      )}
    </div>
  );
}

const wordsOf = (copy: ShownCopy): string =>
  copy.text.map((block) => block.runs.map(({ text }) => text).join("")).join(" ");

const staying = ({ entry, options }: Preview): string => {
  const kept = entry.photos.value.length - options.photos.length;
  const unheard = entry.recordings.value.length - (options.recordings ?? []).length;
  const parts = entry.parts.value.length - (options.parts ?? []).length;
  if (entry.parts.value.length > 0) return parts > 0 ? t("show.staysParts", { count: parts }) : "";
  return joinNames([
    ...(entry.moods.value.length > 0 && !options.withMoods ? [t("show.staysMood")] : []),
    ...(kept > 0 ? [t("show.staysPhotos", { count: kept })] : []),
    ...(unheard > 0 ? [t("show.staysRecordings", { count: unheard })] : []),
  ]);
};
