import { useEffect, useMemo, useState } from "preact/hooks";
import { type OpenEntry, openEntry } from "../../../state/entry.ts";
import { type PreviewedCopy, previewShowing, type ShowOptions } from "../../../state/sharing.ts";
import type { Summary } from "../../../state/types.ts";

export interface Preview {
  readonly entry: OpenEntry;
  readonly options: ShowOptions;
  /** Exactly what the other would get; null until the vault has made it. */
  readonly copy: PreviewedCopy | null;
  /** `copy` is of the last choice: until then nothing can be shown. */
  readonly current: boolean;
  readonly failed: boolean;
  change(options: Partial<ShowOptions>): void;
  /** Something came into it since. */
  makeAnew(): void;
}

/** The copy that showing would make, made anew by the vault after each choice: what is drawn is what is sent. */
export const usePreview = (document: Summary["document"]): Preview => {
  const entry = useMemo(() => openEntry(document), [document]);
  useEffect(() => () => entry.close(), [entry]);
  const [chosen, setChosen] = useState<Partial<ShowOptions>>({});
  const [made, setMade] = useState<{ readonly copy: PreviewedCopy; readonly asked: unknown } | null>(null);
  const [failed, setFailed] = useState(false);
  const [times, setTimes] = useState(0);
  const photos = entry.photos.value;
  const recordings = entry.recordings.value;
  const ready = entry.ready.value;
  const options = useMemo<ShowOptions>(
    () => ({
      // Private by default: the mood goes along only when the child says so; photos and recordings belong to what is shown.
      notSafeForParents: false,
      withMoods: false,
      photos: photos.map((photo) => photo.full.blob),
      recordings: recordings.map(({ media }) => media.blob),
      // Of a life story nothing goes along but what the child picks.
      parts: [],
      ...chosen,
    }),
    [photos, recordings, chosen],
  );
  const asked = useMemo(() => ({ options, times }), [options, times]);
  useEffect(() => {
    if (!ready) return;
    let gone = false;
    previewShowing(document, asked.options).then(
      (copy) => {
        if (!gone) setMade({ copy, asked });
      },
      () => {
        if (!gone) setFailed(true);
      },
    );
    return () => {
      gone = true;
    };
  }, [document, asked, ready]);
  return {
    entry,
    options,
    copy: made?.copy ?? null,
    current: made?.asked === asked,
    failed,
    change: (part) => setChosen({ ...chosen, ...part }),
    makeAnew: () => setTimes((before) => before + 1),
  };
};
