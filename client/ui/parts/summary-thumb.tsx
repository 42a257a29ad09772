import type { Summary } from "../../state/types.ts";
import { Icon, type IconName } from "./icon.tsx";
import { MoodMark } from "./mood-mark.tsx";
import { SealedPicture } from "./sealed-picture.tsx";

/** 48 × 48 px in front of an entry's row: its first photo, else its mood, else `icon` or that it is text. Torn below when it was shown. */
export function SummaryThumb({ summary, icon }: { summary: Summary; icon?: IconName | undefined }) {
  const [mood] = summary.moods;
  return (
    <span class="thumb" data-shown={summary.shownTo.length > 0} aria-hidden="true">
      {summary.thumbnail !== null ? (
        <SealedPicture picture={summary.thumbnail} alt="" />
      ) : mood !== undefined ? (
        <MoodMark mood={mood} />
      ) : (
        <Icon name={icon ?? iconOf(summary)} />
      )}
    </span>
  );
}

const iconOf = ({ kind, excerpt, title, sounds, videos }: Summary): IconName => {
  if (title === "" && excerpt === "" && sounds + videos > 0) return sounds > 0 ? "mic" : "film";
  return kind === "wish" ? "star" : "text";
};
