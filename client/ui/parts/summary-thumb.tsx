import type { Summary } from "../../state/types.ts";
import { Icon } from "./icon.tsx";
import { MoodMark } from "./mood-mark.tsx";
import { SealedPicture } from "./sealed-picture.tsx";

/** 48 × 48 px in front of an entry's row: its first photo, else its mood, else that it is text. Torn below when it was shown. */
export function SummaryThumb({ summary }: { summary: Summary }) {
  const [mood] = summary.moods;
  return (
    <span class="thumb" data-shown={summary.shownTo.length > 0} aria-hidden="true">
      {summary.thumbnail !== null ? (
        <SealedPicture picture={summary.thumbnail} alt="" />
      ) : mood !== undefined ? (
        <MoodMark mood={mood} />
      ) : (
        <Icon name={summary.kind === "wish" ? "star" : "text"} />
      )}
    </span>
  );
}
